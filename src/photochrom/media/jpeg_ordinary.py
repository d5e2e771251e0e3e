"""A colour JPEG of the ordinary kind: one interleaved baseline scan, for every device there is."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.errors import InputError
from photochrom.media.jpeg_chroma import encode_plane
from photochrom.media.jpeg_coefficients import read_planes, write_planes
from photochrom.media.jpeg_edits import apply_edits
from photochrom.media.jpeg_luma import Sampling, why_luma_is_lost
from photochrom.media.jpeg_metadata import ADOBE, MPF, is_metadata, metadata_edits
from photochrom.media.jpeg_record import CHROMA_SIGNATURE, RECORD_MARKER, SIGNATURE
from photochrom.media.jpeg_segments import APP0, JpegFacts, Segment, parse_jpeg
from photochrom.media.jpeg_tables import (
    STANDARD_CHROMA,
    STANDARD_LUMA,
    Table,
    at_quality,
    quality_of,
    quantization_tables,
)
from photochrom.media.jpeg_thumbnails import thumbnail_edits

DEFAULT_QUALITY = 90
MAX_SIDE_PX = 65_500  # what libjpeg writes
MOST_BASELINE_STEP = 255

_LEFT_OUT = (
    (APP0 + 14, ADOBE),  # JFIF says the colour space now
    (APP0 + 2, MPF),  # the further pictures that it points at are not written
    (RECORD_MARKER, SIGNATURE),
    (RECORD_MARKER, CHROMA_SIGNATURE),
)
_SUBSAMPLING = {(1.0, 1.0): "4:4:4", (2.0, 1.0): "4:2:2", (2.0, 2.0): "4:2:0"}


def ordinary(
    rgb: NDArray[np.uint8],
    source_jpeg: bytes | None,
    *,
    quality: int | None = None,
    xmp: bytes | None = None,
    icc: bytes | None = None,
    exif: bytes | None = None,
    exif_thumbnail: bytes | None = None,
) -> bytes:
    """`rgb` (H, W, 3) uint8 as a baseline JPEG with the source's tables, sampling and metadata.

    Without `quality` (1…100) the luma is quantized by the source's own table, the chroma by its own
    too, or where it has none by the standard one of the same quality; 90 without a source.
    The source's JFIF, EXIF, IPTC, XMP, comments and private segments stay as they are, except that
    `xmp`, `exif` (from its TIFF header on) and `exif_thumbnail` replace what is there: None keeps
    it, empty bytes leave it out. The profile is always `icc`; None is none.

    Raises `InputError` for sides above 65,500 px.
    """
    height, width = rgb.shape[:2]
    if max(height, width) > MAX_SIDE_PX:
        raise InputError(
            f"a JPEG has at most {MAX_SIDE_PX} px a side, and this picture is {width} × {height}. "
            "Save it as PNG or TIFF"
        )
    encoded = _encode(rgb, parse_jpeg(source_jpeg) if source_jpeg else None, quality)
    metadata = _metadata(source_jpeg or encoded, xmp=xmp, icc=icc, exif=exif, small=exif_thumbnail)
    return _with_metadata(encoded, metadata)


def ordinary_of_luma(
    source: JpegFacts,
    cb: NDArray[np.uint8],
    cr: NDArray[np.uint8],
    *,
    sampling: Sampling,
    xmp: bytes | None = None,
    icc: bytes | None = None,
    exif_thumbnail: bytes | None = None,
) -> bytes:
    """As `ordinary`, but with the source's own luma: coefficients and table, bit for bit.

    `cb` and `cr` are uint8 in the file's stored orientation, a pixel for each `sampling` block
    (across, down) of luma. The orientation stays a tag, since nothing is turned.

    Raises `InputError` for a file whose luma cannot stay (see `why_luma_is_not_ordinary`),
    `SetupError` without the extra `jpeg`.
    """
    if reason := why_luma_is_not_ordinary(source):
        raise InputError(f"the luma of this JPEG cannot be kept as it is: {reason}")
    luma = read_planes(source)[0]
    table = _tables(source, None)[1]
    chroma = [read_planes(encode_plane(plane, table))[0] for plane in (cb, cr)]
    size = source.height, source.width
    encoded = write_planes([luma, *chroma], *size, (sampling, (1, 1), (1, 1)))
    metadata = _metadata(source.jpeg, xmp=xmp, icc=icc, exif=None, small=exif_thumbnail)
    return _with_metadata(encoded, metadata)


def why_luma_is_not_ordinary(source: JpegFacts) -> str | None:
    """Why the luma cannot stay as it is in a baseline file; None where it can."""
    luma = quantization_tables(source).get(source.frame.components[0].table, ())
    if max(luma, default=0) > MOST_BASELINE_STEP:
        return "its luma's quantization table has 16 bits, and that of an ordinary JPEG has 8"
    return why_luma_is_lost(source)


def _with_metadata(encoded: bytes, metadata: bytes) -> bytes:
    """An encoded JPEG with these metadata segments in the place of its own."""
    facts = parse_jpeg(encoded)
    pictured = next(segment for segment in facts.segments if not is_metadata(segment))
    return b"\xff\xd8" + metadata + encoded[pictured.start :]


def _encode(rgb: NDArray[np.uint8], source: JpegFacts | None, quality: int | None) -> bytes:
    written = io.BytesIO()
    Image.fromarray(rgb).save(
        written,
        "JPEG",
        qtables=[list(table) for table in _tables(source, quality)],
        subsampling=_subsampling(source),
    )
    return written.getvalue()


def _tables(source: JpegFacts | None, quality: int | None) -> tuple[Table, Table]:
    """The luma and the chroma table; steps above 255 are 255, which is all that baseline holds."""
    if source is None or quality is not None:
        chosen = DEFAULT_QUALITY if quality is None else quality
        return at_quality(STANDARD_LUMA, chosen), at_quality(STANDARD_CHROMA, chosen)
    tables = quantization_tables(source)
    luma = tables.get(source.frame.components[0].table) or at_quality(
        STANDARD_LUMA, DEFAULT_QUALITY
    )
    luma = tuple(min(step, 255) for step in luma)
    chroma = None
    if len(source.frame.components) > 1:
        chroma = tables.get(source.frame.components[1].table)
    if chroma is None:
        return luma, at_quality(STANDARD_CHROMA, quality_of(luma))
    return luma, tuple(min(step, 255) for step in chroma)


def _subsampling(source: JpegFacts | None) -> str:
    """The source's, where Pillow can write it; the finer 4:4:4 where it cannot."""
    if source is None or len(source.sampling) == 1:
        return "4:2:0"
    (across, down), (chroma_across, chroma_down), *_ = source.sampling
    ratio = (across / (chroma_across or 1), down / (chroma_down or 1))
    return _SUBSAMPLING.get(ratio, "4:4:4")


def _metadata(
    jpeg: bytes, *, xmp: bytes | None, icc: bytes | None, exif: bytes | None, small: bytes | None
) -> bytes:
    """The APPn and COM segments of a JPEG with the new blocks in them."""
    facts = parse_jpeg(jpeg)
    edits = metadata_edits(facts, xmp=xmp, icc=icc, exif=exif)
    edited = parse_jpeg(apply_edits(jpeg, edits))
    if small:
        edited = parse_jpeg(apply_edits(edited.jpeg, thumbnail_edits(edited, small)))
    return b"".join(
        edited.jpeg[segment.start : segment.end]
        for segment in edited.segments
        if is_metadata(segment) and not _is_left_out(edited, segment)
    )


def _is_left_out(facts: JpegFacts, segment: Segment) -> bool:
    return any(
        segment.marker == marker and facts.jpeg.startswith(prefix, segment.body, segment.end)
        for marker, prefix in _LEFT_OUT
    )
