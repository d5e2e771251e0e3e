"""What a file says of its picture before a pixel is decoded."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image, ImageFile

from photochrom.errors import InputError
from photochrom.media.damage import DAMAGED
from photochrom.media.decoding import open_image, orientation_of
from photochrom.media.deep import has_lost_depth, is_deep, require_deep
from photochrom.media.exif import ORIENTATION, PREFIX, exif_of_tiff
from photochrom.media.tiff_ifd import first_directory

Info = dict[str, Any]  # what a Pillow plugin noted
BITS_PER_SAMPLE, ICC_TAG = 258, 34675
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
# These count their frames without decoding them; in JPEG the others are thumbnails and gain maps.
_COUNTED = {"AVIF", "GIF", "PNG", "TIFF", "WEBP"}
_HIGH_BIT_DEPTH = 0x40  # in the third byte of the content of AVIF's av1C box


@dataclass(frozen=True)
class Header:
    """A picture's header. `orientation` is 1 where only EXIF, read later, may name another."""

    format: str  # as Pillow calls it
    mode: str  # as Pillow calls it
    width: int  # as stored, but for TIFF as displayed
    height: int
    orientation: int = 1
    bits: int = 8
    is_deep: bool = False  # needs `decode_deep`
    frames: int = 1
    has_cut_depth: bool = False  # more than 8 bits that are read as 8
    info: Info = field(default_factory=dict)


def read_header(encoded: bytes, name: str) -> Header:
    """The header of an encoded picture.

    Raises `InputError` for bytes that are no picture, `SetupError` where an extra is missing.
    """
    try:
        image = open_image(encoded, name)
    except InputError:
        if not _may_be_deep_tiff(encoded):
            raise
        return _header_of_deep_tiff(encoded, name)
    deep = is_deep(image, encoded)
    if deep:
        require_deep(f"reading {name} at 16 bits a channel")
    return Header(
        format=image.format or "",
        mode=image.mode,
        width=image.width,
        height=image.height,
        # Pillow would decode a PNG to tell its orientation.
        orientation=orientation_of(image) if image.format == "TIFF" else 1,
        bits=16 if deep or image.mode.startswith("I") else 8,
        is_deep=deep,
        frames=_frames(image),
        has_cut_depth=_has_ten_bits(image, encoded),
        info=_info_of(image, with_tags=first_directory(encoded) is None),  # BigTIFF
    )


def header_of_image(image: Image.Image, name: str) -> Header:
    """The header of a Pillow image.

    Raises `InputError` where Pillow has cut, or is about to cut, 16 bits down to 8.
    """
    if isinstance(image, ImageFile.ImageFile) and has_lost_depth(image):
        raise InputError(
            f"{name} holds 16 bits a channel, of which Pillow gives 8: "
            "give its path or its bytes instead of the opened image"
        )
    return Header(
        format=image.format or "",
        mode=image.mode,
        width=image.width,
        height=image.height,
        orientation=orientation_of(image),
        bits=16 if image.mode.startswith("I") else 8,
        info=_info_of(image, with_tags=True),
    )


def _info_of(image: Image.Image, *, with_tags: bool) -> Info:
    """What a plugin noted; `with_tags` adds the tags of a TIFF, as EXIF."""
    info = {key: value for key, value in image.info.items() if isinstance(key, str)}
    if image.format == "TIFF" and with_tags:
        try:
            tags = image.getexif()
            tags.bigtiff = False  # EXIF blocks never are
            block = tags.tobytes()
        except DAMAGED:
            return info
        info["exif"] = exif_of_tiff(block.removeprefix(PREFIX))
    return info


def _may_be_deep_tiff(encoded: bytes) -> bool:
    """Whether this is a TIFF of more than 8 bits, of which Pillow knows few kinds."""
    if not encoded.startswith(_TIFF_STARTS):
        return False
    main = first_directory(encoded)
    bits = None if main is None else main.entries.get(BITS_PER_SAMPLE)
    # BigTIFF has another kind of directory: let tifffile look.
    return main is None or (bits is not None and max(bits.values) > 8)


def _header_of_deep_tiff(tiff: bytes, name: str) -> Header:
    require_deep(f"reading {name} at 16 bits a channel")
    import tifffile

    try:
        with tifffile.TiffFile(BytesIO(tiff)) as file:
            page: Any = file.pages[0]
            tags = page.tags
            profile = tags[ICC_TAG].value if ICC_TAG in tags else None
            orientation = int(tags[ORIENTATION].value) if ORIENTATION in tags else 1
            width, height = page.imagewidth, page.imagelength
            frames = len(file.pages)
    except DAMAGED as error:
        raise InputError(f"{name} is damaged or ends early: {error}") from error
    if orientation in (5, 6, 7, 8):
        width, height = height, width
    return Header(
        format="TIFF",
        mode="",
        width=width,
        height=height,
        orientation=orientation if 1 <= orientation <= 8 else 1,
        bits=16,
        is_deep=True,
        frames=frames,
        info={"icc_profile": profile},
    )


def _frames(image: ImageFile.ImageFile) -> int:
    if image.format not in _COUNTED:
        return 1
    try:
        return int(getattr(image, "n_frames", 1))
    except DAMAGED:
        return 1


def _has_ten_bits(image: ImageFile.ImageFile, encoded: bytes) -> bool:
    if image.format == "HEIF":
        return int(image.info.get("bit_depth") or 8) > 8
    if image.format != "AVIF":
        return False
    at = encoded.find(b"av1C")
    return 0 <= at < len(encoded) - 6 and bool(encoded[at + 6] & _HIGH_BIT_DEPTH)
