"""A photograph as it was given: any format, opened by its header, decoded when asked."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.color.srgb import Coded, Floats
from photochrom.errors import InputError
from photochrom.media import decoding
from photochrom.media.icc import grey_tone
from photochrom.media.image_pixels import pixels_of_image
from photochrom.media.metadata import Metadata, read_metadata
from photochrom.media.pixels import Pixels, check_array, pixels_of_array, upright_pixels
from photochrom.media.reading import read_source

DEFAULT_MAX_MEGAPIXELS = 250.0
Source: TypeAlias = "str | os.PathLike[str] | bytes | IO[bytes] | Image.Image | NDArray[np.generic]"


@dataclass(frozen=True, eq=False)
class SourcePhoto:
    """A photograph as it was given. Only its header has been read; it can be used by many threads."""

    name: str
    path: Path | None
    bytes: bytes | None = field(repr=False)  # the encoded file; None for arrays and Pillow images
    format: str | None  # Pillow's name, such as "JPEG"; None for arrays
    width: int  # as displayed, orientation applied
    height: int
    orientation: int  # EXIF's, 1…8, of the stored pixels
    bits: int  # 8 or 16 a channel
    is_grey_jpeg: bool  # and whole: its luma can be copied
    is_palette_or_bilevel: bool
    truncated: bool  # ends early, and that was allowed
    metadata: Metadata = field(repr=False)
    _decode: Callable[[], Pixels] = field(repr=False)
    _identity: Callable[[], bytes] = field(repr=False)

    @cached_property
    def sha256(self) -> str:
        """SHA-256, in hex, of the encoded file, or of an array's shape and values."""
        return hashlib.sha256(self._identity()).hexdigest()

    def pixels(self) -> Pixels:
        """The pixels, upright, decoded anew at each call (so that nothing large is held).

        Raises `InputError` when they cannot be decoded.
        """
        return self._decode()

    def luma(self, scale: int = 1) -> NDArray[np.uint8]:
        """A grey JPEG's stored levels, no profile applied, in stored orientation.

        `scale` 1 gives (h, w); 2 gives half, rounded up, several times faster.
        Raises `InputError` when they cannot be decoded.
        """
        if not self.is_grey_jpeg or self.bytes is None:
            raise ValueError(f"{self.name} is no grey JPEG")
        return decoding.decode_luma(self.bytes, self.name, scale)

    def grey_tone(self) -> Floats | None:
        """Linear light (256,) of each grey level by the embedded profile; None when that is sRGB."""
        return grey_tone(self.metadata.icc)


def open_photo(
    source: Source,
    *,
    max_megapixels: float = DEFAULT_MAX_MEGAPIXELS,
    allow_truncated: bool = False,
) -> SourcePhoto:
    """The photograph in `source`: a path, encoded bytes, a binary file, a Pillow image, an array.

    Arrays are uint8 or uint16 sRGB, (H, W) grey or (H, W, 1…4) grey, grey + alpha, rgb, rgba.
    With `allow_truncated` a file that ends early gives what is there.

    Raises `InputError` for everything that is no photograph, or is larger than `max_megapixels`;
    `SetupError` when reading is not permitted, or needs an optional package.
    """
    if isinstance(source, np.ndarray):
        return _of_array(source, max_megapixels)
    if isinstance(source, Image.Image):
        return _of_image(source, max_megapixels)
    read = read_source(source)
    encoded, truncated = read.encoded, False
    if encoded.startswith(b"\xff\xd8\xff") and decoding.jpeg_ends_early(encoded):
        if not allow_truncated:
            raise InputError(
                f"{read.name} ends early: the end of the JPEG is missing. "
                "Get the whole file, or allow truncated ones (--allow-truncated)"
            )
        # The end marker makes the decoder give what it has.
        encoded, truncated = encoded + decoding.END_OF_IMAGE, True
    image = decoding.open_image(encoded, read.name)
    decoding.check_size(*image.size, read.name, max_megapixels)

    def decode() -> Pixels:
        opened = decoding.open_image(encoded, read.name)
        decoding.load_image(opened, read.name, allow_truncated=allow_truncated)
        icc = image.info.get("icc_profile")
        pixels = pixels_of_image(opened, icc, read.name)
        return upright_pixels(pixels, decoding.orientation_of(opened))

    return _described(
        image,
        read.name,
        path=read.path,
        encoded=read.encoded,
        metadata=read_metadata(image, read.modified_ns),
        truncated=truncated,
        decode=decode,
        identity=lambda: read.encoded,
    )


def _of_array(array: NDArray[np.generic], max_megapixels: float) -> SourcePhoto:
    check_array(array, "the array")
    height, width = array.shape[:2]
    decoding.check_size(width, height, "the array", max_megapixels)
    return SourcePhoto(
        name="array",
        path=None,
        bytes=None,
        format=None,
        width=width,
        height=height,
        orientation=1,
        bits=array.dtype.itemsize * 8,
        is_grey_jpeg=False,
        is_palette_or_bilevel=False,
        truncated=False,
        metadata=Metadata(),
        _decode=lambda: pixels_of_array(array),
        _identity=lambda: repr((array.shape, array.dtype.str)).encode() + array.tobytes(),
    )


def _of_image(image: Image.Image, max_megapixels: float) -> SourcePhoto:
    name = Path(getattr(image, "filename", "") or "image").name
    decoding.check_size(*image.size, name, max_megapixels)
    metadata = read_metadata(image)

    def decode() -> Pixels:
        pixels = pixels_of_image(image.copy(), metadata.icc, name)
        return upright_pixels(pixels, decoding.orientation_of(image))

    return _described(
        image,
        name,
        path=None,
        encoded=None,
        metadata=metadata,
        truncated=False,
        decode=decode,
        identity=lambda: repr((image.size, image.mode)).encode() + image.tobytes(),
    )


def _described(image, name, *, path, encoded, metadata, truncated, decode, identity):  # type: ignore
    orientation = decoding.orientation_of(image)
    width, height = image.size
    if orientation >= 5 and image.format != "TIFF":
        width, height = height, width
    is_jpeg = image.format in ("JPEG", "MPO")
    return SourcePhoto(
        name=name,
        path=path,
        bytes=encoded,
        format="JPEG" if is_jpeg else image.format,
        width=width,
        height=height,
        orientation=orientation,
        bits=16 if image.mode.startswith("I") else 8,
        is_grey_jpeg=is_jpeg and image.mode == "L" and not truncated and encoded is not None,
        is_palette_or_bilevel=image.mode in ("1", "P", "PA"),
        truncated=truncated,
        metadata=metadata,
        _decode=decode,
        _identity=identity,
    )
