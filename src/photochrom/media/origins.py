"""Where a photograph's pixels come from: an encoded file, a Pillow image, an array."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.media.decoding import decode_luma, load_image, open_image, orientation_of
from photochrom.media.deep import decode_deep
from photochrom.media.image_pixels import pixels_of_image
from photochrom.media.pixels import Pixels, pixels_of_array, upright_pixels


class Origin(Protocol):
    """What pixels can be decoded from, again and again, by several threads."""

    def pixels(self) -> Pixels:
        """The pixels, upright. Raises `InputError` when they cannot be decoded."""

    def identity(self) -> bytes:
        """The bytes whose hash names the source."""


@dataclass(frozen=True)
class EncodedOrigin:
    """An encoded file; `decodable` is what decoders get, a missing end added to it."""

    name: str
    encoded: bytes
    decodable: bytes
    format_name: str
    icc: bytes | None
    orientation: int
    is_deep: bool
    truncated: bool

    def pixels(self) -> Pixels:
        if self.is_deep:
            deep = decode_deep(self.decodable, self.format_name, self.icc, self.name)
            return upright_pixels(deep, self.orientation)
        image = open_image(self.decodable, self.name)
        load_image(image, self.name, truncated=self.truncated)
        orientation = 1 if image.format == "TIFF" else self.orientation  # Pillow has turned those
        return upright_pixels(pixels_of_image(image, self.icc, self.name), orientation)

    def luma(self, scale: int) -> NDArray[np.uint8]:
        """A JPEG's luma at 1/`scale` of its size, in stored orientation."""
        return decode_luma(self.decodable, self.name, scale)

    def small_pixels(self, side_px: int) -> Pixels:
        """As `pixels`, but a JPEG's only about as large as `side_px`, which is much faster."""
        if self.format_name not in ("JPEG", "MPO") or self.truncated:
            return self.pixels()
        image = open_image(self.decodable, self.name)
        image.draft(image.mode, (side_px, side_px))
        load_image(image, self.name)
        return upright_pixels(pixels_of_image(image, self.icc, self.name), self.orientation)

    def identity(self) -> bytes:
        return self.encoded


@dataclass(frozen=True)
class ImageOrigin:
    """A Pillow image, which is never changed."""

    name: str
    image: Image.Image
    icc: bytes | None

    def pixels(self) -> Pixels:
        # The copy loads the original's pixels, after which a TIFF says that it stands upright.
        copy = self.image.copy()
        return upright_pixels(pixels_of_image(copy, self.icc, self.name), orientation_of(copy))

    def identity(self) -> bytes:
        return repr((self.image.size, self.image.mode)).encode() + self.image.tobytes()


@dataclass(frozen=True, eq=False)
class ArrayOrigin:
    """An array that `check_array` accepts."""

    array: NDArray[np.generic]

    def pixels(self) -> Pixels:
        return pixels_of_array(self.array)

    def identity(self) -> bytes:
        return repr((self.array.shape, self.array.dtype.str)).encode() + self.array.tobytes()
