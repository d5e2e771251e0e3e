"""What a result will not show of its source, in words for the user."""

from __future__ import annotations

from PIL import ImageFile

from photochrom.media.damage import DAMAGED
from photochrom.media.icc import parse_profile
from photochrom.media.metadata import Metadata
from photochrom.media.xmp import why_not_mergeable

# These count their frames without decoding them; in JPEG the others are thumbnails and gain maps.
_COUNTED = {"AVIF", "GIF", "PNG", "TIFF", "WEBP"}
_HIGH_BIT_DEPTH = 0x40  # in the second byte after the head of AVIF's av1C box


def notes_on(image: ImageFile.ImageFile, encoded: bytes, metadata: Metadata) -> tuple[str, ...]:
    """What of an opened picture cannot be used or is left out."""
    notes = []
    frames = _frames(image)
    if frames > 1:
        notes.append(f"only the first of {frames} pictures in the file was coloured")
    if metadata.icc and parse_profile(metadata.icc) is None:
        notes.append("the embedded colour profile is damaged, so its colours were taken as sRGB")
    damage = why_not_mergeable(metadata.xmp)
    if damage:
        notes.append(f"{damage}, so it was replaced")
    if _has_ten_bits(image, encoded):
        notes.append(f"this {image.format} holds more than 8 bits a channel, and 8 were read")
    return tuple(notes)


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
