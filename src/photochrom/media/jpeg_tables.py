"""Quantization tables: those in a file, and the standard ones at a quality (T.81, annex K.1).

A table is 64 steps in natural order, row by row; in the file they stand in zigzag order.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean

from photochrom.media.jpeg_segments import DQT, JpegFacts

Table = tuple[int, ...]

# ITU-T T.81, tables K.1 (luminance) and K.2 (chrominance)
STANDARD_LUMA: Table = (
    *(16, 11, 10, 16, 24, 40, 51, 61),
    *(12, 12, 14, 19, 26, 58, 60, 55),
    *(14, 13, 16, 24, 40, 57, 69, 56),
    *(14, 17, 22, 29, 51, 87, 80, 62),
    *(18, 22, 37, 56, 68, 109, 103, 77),
    *(24, 35, 55, 64, 81, 104, 113, 92),
    *(49, 64, 78, 87, 103, 121, 120, 101),
    *(72, 92, 95, 98, 112, 100, 103, 99),
)
STANDARD_CHROMA: Table = (
    *(17, 18, 24, 47, 99, 99, 99, 99),
    *(18, 21, 26, 66, 99, 99, 99, 99),
    *(24, 26, 56, 99, 99, 99, 99, 99),
    *(47, 66, 99, 99, 99, 99, 99, 99),
    *(99,) * 32,
)


def _zigzag() -> Iterator[int]:
    """Where the k-th step of a table in a file lies in natural order (T.81, figure A.6)."""
    for diagonal in range(15):
        rows = range(max(0, diagonal - 7), min(diagonal, 7) + 1)
        for row in rows if diagonal % 2 else reversed(rows):
            yield row * 8 + diagonal - row


ZIGZAG = tuple(_zigzag())


def at_quality(standard: Table, quality: int) -> Table:
    """A standard table at a quality of 1…100, scaled and held in 1…255 as the IJG's library does.

    >>> at_quality(STANDARD_LUMA, 75)[:3]
    (8, 6, 5)
    """
    if not 1 <= quality <= 100:
        raise ValueError(f"a JPEG's quality is 1…100, not {quality}")
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    return tuple(min(max((step * percent + 50) // 100, 1), 255) for step in standard)


def quality_of(luma: Table) -> int:
    """The quality 1…100 at which the standard luma table comes nearest to this one.

    >>> quality_of(at_quality(STANDARD_LUMA, 83))
    83
    """
    mean = fmean(luma)
    return min(range(1, 101), key=lambda q: abs(fmean(at_quality(STANDARD_LUMA, q)) - mean))


def quantization_tables(facts: JpegFacts) -> dict[int, Table]:
    """The tables in force at the first scan, by their slots 0…3; steps of up to 16 bits."""
    first_scan = facts.scans[0].segment.start
    return {
        slot: table
        for segment in facts.with_marker(DQT)
        if segment.start < first_scan
        for slot, table in tables_in(facts.payload(segment))
    }


def tables_in(payload: bytes) -> Iterator[tuple[int, Table]]:
    """Every slot and table of a DQT segment; one that is cut off is left out."""
    at = 0
    while at < len(payload):
        bytes_each, slot = 1 + (payload[at] >> 4 > 0), payload[at] & 15
        steps = payload[at + 1 : at + 1 + 64 * bytes_each]
        at += 1 + 64 * bytes_each
        if len(steps) == 64 * bytes_each:
            natural = [0] * 64
            for place, step in zip(ZIGZAG, range(0, len(steps), bytes_each), strict=True):
                natural[place] = int.from_bytes(steps[step : step + bytes_each], "big")
            yield slot, tuple(natural)
