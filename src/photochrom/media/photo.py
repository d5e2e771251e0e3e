"""A photograph as it was given: any format, opened by its header, decoded when asked."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TypeAlias, TypedDict

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.color.srgb import Floats
from photochrom.errors import InputError
from photochrom.media.decoding import check_size
from photochrom.media.exif import exif_orientation
from photochrom.media.header import Header, header_of_image, read_header
from photochrom.media.icc import grey_tone
from photochrom.media.metadata import Metadata, metadata_of
from photochrom.media.notes import notes_on
from photochrom.media.once import once
from photochrom.media.origins import ArrayOrigin, EncodedOrigin, ImageOrigin, Origin
from photochrom.media.pixels import Pixels, check_array
from photochrom.media.reading import Encoded, existing_path, read_source
from photochrom.media.truncation import ends_early, with_end

DEFAULT_MAX_MEGAPIXELS = 250.0
EncodedBytes: TypeAlias = bytes
Source: TypeAlias = (
    str
    | os.PathLike[str]
    | bytes
    | IO[bytes]
    | Encoded
    | Image.Image
    | NDArray[np.uint8]
    | NDArray[np.uint16]
)


@dataclass(frozen=True, eq=False, kw_only=True)
class SourcePhoto:
    """A photograph of which only the header has been read. Several threads may share it."""

    name: str
    path: Path | None = None
    bytes: EncodedBytes | None = field(
        default=None, repr=False
    )  # the encoded file, where it is one
    format: str | None = None  # Pillow's name, such as "JPEG"; None for arrays
    width: int  # as displayed, orientation applied
    height: int
    orientation: int = 1  # EXIF's, 1…8, of the stored pixels
    bits: int = 8  # or 16, a channel
    is_grey_jpeg: bool = False  # and whole, so that its luma can be copied
    has_luma: bool = False  # a whole JPEG, grey or in colour, whose luma can be decoded alone
    is_palette_or_bilevel: bool = False
    truncated: bool = False  # it ends early, and that was allowed
    notes: tuple[str, ...] = ()  # what could not be used or was left out, in words
    metadata: Metadata = field(default_factory=Metadata, repr=False)
    origin: Origin = field(repr=False)

    @once
    def sha256(self) -> str:
        """SHA-256, in hex, of the encoded file, or of an array's shape and values."""
        return hashlib.sha256(self.origin.identity()).hexdigest()

    def pixels(self) -> Pixels:
        """The pixels, upright, decoded anew at each call, so that nothing large is held.

        Raises `InputError` when they cannot be decoded.
        """
        return self.origin.pixels()

    def luma(self, scale: int = 1) -> NDArray[np.uint8]:
        """A JPEG's stored luma (h, w), no profile applied, in stored orientation.

        `scale` 2 gives half the size, rounded up, several times faster.
        Raises `InputError` when it cannot be decoded.
        """
        if not self.has_luma or not isinstance(self.origin, EncodedOrigin):
            raise ValueError(f"{self.name} is no JPEG, and only these have luma of their own")
        return self.origin.luma(scale)

    def small_pixels(self, side_px: int) -> Pixels | None:
        """The pixels of a JPEG at `side_px` or somewhat more; None for what has no fast way."""
        if not self.has_luma or not isinstance(self.origin, EncodedOrigin):
            return None
        return self.origin.small_pixels(side_px)

    def grey_tone(self) -> Floats | None:
        """Linear light (256,) of each luma level by the profile; None where that is sRGB."""
        return grey_tone(self.metadata.icc)


def open_photo(
    source: Source,
    *,
    max_megapixels: float = DEFAULT_MAX_MEGAPIXELS,
    allow_truncated: bool = False,
) -> SourcePhoto:
    """The photograph in `source`: a path, encoded bytes, a binary file, a Pillow image, an array.

    Arrays are uint8 or uint16 sRGB, (H, W) grey or (H, W, 1…4) grey, grey + alpha, rgb, rgba.
    With `allow_truncated` a JPEG or PNG that ends early gives what is there.

    Raises `InputError` for everything that is no photograph or is larger than `max_megapixels`,
    `SetupError` when reading is not permitted or needs an optional package.
    """
    if isinstance(source, np.ndarray):
        return _of_array(source, max_megapixels)
    if isinstance(source, Image.Image):
        return _of_image(source, max_megapixels)
    return _of_file(read_source(source), max_megapixels, allow_truncated=allow_truncated)


def _of_array(array: NDArray[np.generic], max_megapixels: float) -> SourcePhoto:
    check_array(array, "the array")
    height, width = array.shape[:2]
    check_size(width, height, "the array", max_megapixels)
    bits = array.dtype.itemsize * 8
    origin = ArrayOrigin(array)
    return SourcePhoto(name="array", width=width, height=height, bits=bits, origin=origin)


def _of_image(image: Image.Image, max_megapixels: float) -> SourcePhoto:
    name = Path(str(getattr(image, "filename", "")) or "image").name
    header = header_of_image(image, name)
    check_size(header.width, header.height, name, max_megapixels)
    metadata = metadata_of(header, None)
    return SourcePhoto(
        name=name,
        path=existing_path(getattr(image, "filename", None)),
        metadata=metadata,
        origin=ImageOrigin(name, image, metadata.icc),
        **_facts_of(header, header.orientation),
    )


def _of_file(read: Encoded, max_megapixels: float, *, allow_truncated: bool) -> SourcePhoto:
    name, encoded = read.name, read.encoded
    truncated = ends_early(encoded, name)
    if truncated and not allow_truncated:
        raise InputError(
            f"{name} ends early: the rest of the file is missing. "
            "Get the whole file, or allow truncated pictures (--allow-truncated)"
        )
    decodable = with_end(encoded) if truncated else encoded
    header = read_header(decodable, name)
    check_size(header.width, header.height, name, max_megapixels)
    metadata = metadata_of(header, encoded, read.modified_ns)
    is_tiff = header.format == "TIFF"
    orientation = header.orientation if is_tiff else exif_orientation(metadata.exif)
    facts = _facts_of(header, orientation)
    is_whole_jpeg = facts["format"] == "JPEG" and not truncated
    return SourcePhoto(
        name=name,
        path=read.path,
        bytes=encoded,
        is_grey_jpeg=is_whole_jpeg and header.mode == "L",
        has_luma=is_whole_jpeg and header.mode in ("L", "RGB"),
        truncated=truncated,
        notes=notes_on(header, metadata, truncated=truncated),
        metadata=metadata,
        origin=EncodedOrigin(
            name=name,
            encoded=encoded,
            decodable=decodable,
            format_name=header.format,
            icc=metadata.icc,
            orientation=orientation,
            is_deep=header.is_deep,
            truncated=truncated,
        ),
        **facts,
    )


class _Facts(TypedDict):
    """What a header says, for `SourcePhoto`."""

    format: str | None
    width: int
    height: int
    orientation: int
    bits: int
    is_palette_or_bilevel: bool


def _facts_of(header: Header, orientation: int) -> _Facts:
    width, height = header.width, header.height
    if orientation >= 5 and header.format != "TIFF":
        width, height = height, width
    return _Facts(
        format="JPEG" if header.format == "MPO" else header.format or None,
        width=width,
        height=height,
        orientation=orientation,
        bits=header.bits,
        is_palette_or_bilevel=header.mode in ("1", "P", "PA"),
    )
