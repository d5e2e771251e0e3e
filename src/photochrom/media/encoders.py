"""Pixels and metadata to the bytes of each format that we write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from photochrom.color.srgb import Coded
from photochrom.errors import InputError, SetupError, missing_extra
from photochrom.media import jp2_boxes, png_chunks, tiff_tags
from photochrom.media.damage import DAMAGED
from photochrom.media.deep import Deep, encode_deep
from photochrom.media.exif import (
    PREFIX,
    X_RESOLUTION,
    exif_tags,
    resolution_entries,
    within,
    without_orientation,
)
from photochrom.media.image_resources import resources_of_iptc
from photochrom.media.jpeg_metadata import PHOTOSHOP, xmp_segment
from photochrom.media.jpeg_segments import APP0, COM, MAX_PAYLOAD_BYTES, segment_bytes
from photochrom.media.metadata import Metadata
from photochrom.media.tiff_ifd import byte_order

DEFAULT_QUALITY = {"AVIF": 80, "HEIF": 85, "JPEG": 90, "WEBP": 90}
# Of Pillow's levels, on photographs: as small as the usual 6, and twice as fast.
_PNG_LEVEL = 3
_TIFF_TAGS = {317: 2}  # horizontal differences: a third smaller
_EXIF_ROOM_BYTES = MAX_PAYLOAD_BYTES - len(PREFIX)


@dataclass(frozen=True, eq=False)
class Picture:
    """What an encoder gets: rgb or rgba (H, W, 3 or 4), 8 or 16 bits; metadata that fits it."""

    channels: Coded
    metadata: Metadata
    quality: int
    lossless: bool = False


def encode(picture: Picture, format_name: str) -> bytes:
    """The picture as a file of one of `ENCODERS`' formats.

    Raises `InputError` when the format cannot hold it, `SetupError` when a package is missing.
    """
    height, width = picture.channels.shape[:2]
    try:
        return ENCODERS[format_name](picture)
    except DAMAGED as error:
        raise InputError(
            f"a picture of {width}×{height} cannot be written as {format_name}: {error}. "
            "Choose PNG or TIFF (--format)"
        ) from error


def _avif(picture: Picture) -> bytes:
    blocks = _blocks(picture)
    if "exif" in blocks:
        # Given an orientation, even 1, Pillow would write the block anew, without its thumbnail.
        blocks["exif"] = PREFIX + without_orientation(blocks["exif"].removeprefix(PREFIX))
    return _through_pillow(picture, "AVIF", quality=picture.quality, **blocks)


def _heif(picture: Picture) -> bytes:
    try:
        import pillow_heif
    except ImportError as error:
        raise missing_extra("writing HEIC", "pillow-heif", "heif") from error
    encoded = BytesIO()
    blocks = _blocks(picture)
    heif = pillow_heif.from_pillow(Image.fromarray(picture.channels))
    heif.info["icc_profile"] = blocks.pop("icc_profile")
    try:
        heif.save(encoded, quality=picture.quality, **blocks)
    except RuntimeError as error:
        raise SetupError(
            f"this build of pillow-heif cannot write HEIC ({error}): choose another --format"
        ) from error
    return encoded.getvalue()


def _jpeg(picture: Picture) -> bytes:
    metadata = picture.metadata
    extra = b"" if metadata.xmp is None else xmp_segment(metadata.xmp)
    if metadata.iptc:
        resources = PHOTOSHOP + resources_of_iptc(metadata.iptc)
        if len(resources) <= MAX_PAYLOAD_BYTES:
            extra += segment_bytes(APP0 + 13, resources)
    for comment in metadata.comments:
        extra += segment_bytes(COM, comment[:MAX_PAYLOAD_BYTES])
    exif = within(metadata.exif, _EXIF_ROOM_BYTES) if metadata.exif else None
    options: dict[str, Any] = {"dpi": _whole(metadata.dpi)} if metadata.dpi else {}
    if exif:
        options["exif"] = PREFIX + exif
    return _through_pillow(
        picture,
        "JPEG",
        quality=picture.quality,
        optimize=picture.channels[..., 0].size < 1_000_000,  # a second pass, for small ones only
        icc_profile=metadata.icc,
        extra=extra,
        **options,
    )


def _jpeg2000(picture: Picture) -> bytes:
    metadata = picture.metadata
    jp2 = (
        _through_pillow(picture, "JPEG2000", irreversible=False)
        if picture.channels.dtype == np.uint8
        else encode_deep(_deep(picture.channels), "JPEG2000")
    )
    blocks = {
        jp2_boxes.XMP_UUID: metadata.xmp,
        jp2_boxes.EXIF_UUID: metadata.exif and PREFIX + metadata.exif,
        jp2_boxes.IPTC_UUID: metadata.iptc,
    }
    return jp2_boxes.with_uuids(jp2, {uuid: block for uuid, block in blocks.items() if block})


def _png(picture: Picture) -> bytes:
    metadata = picture.metadata
    png = (
        _through_pillow(picture, "PNG", compress_level=_PNG_LEVEL)
        if picture.channels.dtype == np.uint8
        else encode_deep(_deep(picture.channels), "PNG")
    )
    chunks = [png_chunks.icc_chunk(metadata.icc)] if metadata.icc else []
    if metadata.dpi:
        chunks.append(png_chunks.density_chunk(metadata.dpi))
    if metadata.exif:
        chunks.append((b"eXIf", metadata.exif))
    if metadata.xmp:
        chunks.append(png_chunks.xmp_chunk(metadata.xmp))
    if metadata.iptc:
        chunks.append(png_chunks.iptc_chunk(metadata.iptc))
    chunks += map(png_chunks.comment_chunk, metadata.comments)
    return png_chunks.with_chunks(png, [*chunks, *metadata.png_texts])


def _tiff(picture: Picture) -> bytes:
    metadata = picture.metadata
    tiff = (
        _through_pillow(picture, "TIFF", compression="tiff_lzw", tiffinfo=_TIFF_TAGS)
        if picture.channels.dtype == np.uint8
        else encode_deep(_deep(picture.channels), "TIFF")
    )
    tags = exif_tags(metadata.exif) if metadata.exif else None
    blocks = tiff_tags.block_entries(metadata.xmp, metadata.iptc, metadata.icc)
    if metadata.dpi and (tags is None or X_RESOLUTION not in tags.main):
        blocks += resolution_entries(metadata.dpi, byte_order(tiff) or "little")
    if metadata.comments and (tags is None or tiff_tags.DESCRIPTION not in tags.main):
        comment = b"\n".join(metadata.comments)
        blocks.append(tiff_tags.text_entry(tiff_tags.DESCRIPTION, comment))
    return tiff_tags.with_tags(tiff, tags, blocks)


def _webp(picture: Picture) -> bytes:
    return _through_pillow(
        picture,
        "WEBP",
        quality=picture.quality if not picture.lossless else 70,  # how hard to try, when lossless
        lossless=picture.lossless,
        **_blocks(picture),
    )


ENCODERS: dict[str, Callable[[Picture], bytes]] = {
    "AVIF": _avif,
    "HEIF": _heif,
    "JPEG": _jpeg,
    "JPEG2000": _jpeg2000,
    "PNG": _png,
    "TIFF": _tiff,
    "WEBP": _webp,
}


def _through_pillow(picture: Picture, format_name: str, **options: Any) -> bytes:
    encoded = BytesIO()
    Image.fromarray(picture.channels).save(encoded, format_name, **options)
    return encoded.getvalue()


def _blocks(picture: Picture) -> dict[str, Any]:
    """Pillow's names for the blocks that WebP, AVIF and HEIF hold."""
    metadata = picture.metadata
    blocks: dict[str, Any] = {"icc_profile": metadata.icc}
    if metadata.exif:
        blocks["exif"] = PREFIX + metadata.exif
    if metadata.xmp:
        blocks["xmp"] = metadata.xmp
    return blocks


def _whole(dpi: tuple[float, float]) -> tuple[int, int]:
    """JFIF holds whole pixels per inch, in 16 bits."""
    across, down = (min(max(round(value), 1), 65535) for value in dpi)
    return across, down


def _deep(channels: Coded) -> Deep:
    return channels.astype(np.uint16, copy=False)
