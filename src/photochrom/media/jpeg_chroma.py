"""A chroma plane as the scans of one JPEG component, with a quantization table of its own."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.media.jpeg_segments import (
    DHT,
    DQT,
    SOS,
    JpegFacts,
    parse_jpeg,
    segment_bytes,
)
from photochrom.media.jpeg_tables import STANDARD_CHROMA, Table, at_quality


@dataclass(frozen=True, slots=True)
class ChromaScans:
    """Cb's and Cr's Huffman tables and scans, ready to stand before the EOI marker."""

    table: bytes  # 64 steps in zigzag order
    scans: bytes


def encode_chroma(
    planes: Sequence[NDArray[np.uint8]],
    identifiers: Sequence[int],
    *,
    quality: int,
    progressive: bool,
) -> ChromaScans:
    """Each plane (H, W) uint8 encoded as the scans of the component with its identifier."""
    table = at_quality(STANDARD_CHROMA, quality)
    encoded = [encode_plane(plane, table, progressive=progressive) for plane in planes]
    scans = b"".join(
        as_scans_of(identifier, facts)
        for identifier, facts in zip(identifiers, encoded, strict=True)
    )
    quantization = next(encoded[0].with_marker(DQT))
    return ChromaScans(encoded[0].payload(quantization)[1:], scans)


def encode_plane(plane: NDArray[np.uint8], table: Table, *, progressive: bool = False) -> JpegFacts:
    """A plane (H, W) uint8 as a grey JPEG with this quantization table."""
    written = io.BytesIO()
    Image.fromarray(plane).save(
        written, "JPEG", qtables=[list(table)], optimize=True, progressive=progressive
    )
    return parse_jpeg(written.getvalue())


def as_scans_of(identifier: int, facts: JpegFacts) -> bytes:
    """The Huffman tables and scans of a grey JPEG, under another component id."""
    ends = {scan.segment: scan.end for scan in facts.scans}
    pieces = []
    for segment in facts.segments:
        if segment.marker == DHT:
            pieces.append(facts.jpeg[segment.start : segment.end])
        elif segment.marker == SOS:
            _, tables, *selection = facts.payload(segment)[1:]
            pieces.append(segment_bytes(SOS, bytes((1, identifier, tables, *selection))))
            pieces.append(facts.jpeg[segment.end : ends[segment]])
    return b"".join(pieces)
