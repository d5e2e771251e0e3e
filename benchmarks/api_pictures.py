"""Hooks for schemathesis: real pictures where the API's description says bytes, and real hints.

Whole ones in several formats, cut ones, huge ones (in their header), and files that are none.
"""

from __future__ import annotations

import json
import struct
import zlib

import schemathesis
from hypothesis import strategies as st
from PIL import Image

from serving import encoded, grey_picture

SIDES_PX = (32, 48, 96)  # hints are drawn within the smallest
MEDIA_TYPES = ("image/jpeg", "image/png", "image/tiff", "image/webp", "application/octet-stream")


def whole() -> list[bytes]:
    """Whole pictures: grey, colour, with alpha, turned, two bits, spliced."""
    from photochrom import Colorizer

    greys = [grey_picture(side, side * 3 // 4 + 8) for side in SIDES_PX]
    turned = Image.Exif()
    turned[0x0112] = 6
    spliced, _ = Colorizer(threads=1).colorize(encoded(greys[0])).encode(jpeg="splice")
    return [
        *(encoded(grey) for grey in greys),
        *(encoded(greys[0], format) for format in ("PNG", "TIFF", "WEBP", "GIF", "BMP")),
        encoded(greys[1], progressive=True, exif=turned),
        encoded(greys[1].convert("RGB")),
        encoded(greys[0].convert("LA"), "PNG"),
        encoded(greys[0].convert("1"), "PNG"),
        *[spliced] * 12,  # the only kind that /v1/restore takes
    ]


def huge() -> bytes:
    """A PNG whose header says 60,000 × 60,000."""
    header = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    checked = struct.pack(">I", len(header) - 4) + header + struct.pack(">I", zlib.crc32(header))
    return encoded(grey_picture(), "PNG")[:8] + checked + encoded(grey_picture(), "PNG")[33:]


def pictures() -> st.SearchStrategy[bytes]:
    """Mostly whole pictures; some cut, some huge, some that are none."""
    files = st.sampled_from(whole())
    cut = st.tuples(files, st.floats(0.05, 0.95)).map(lambda pair: _cut(*pair))
    others = st.one_of(cut, st.just(huge()), st.binary(max_size=200))
    return st.integers(0, 9).flatmap(lambda drawn: others if drawn == 9 else files)


def _cut(content: bytes, share: float) -> bytes:
    return content[: int(len(content) * share)]


def hints() -> st.SearchStrategy[str]:
    """Up to three hints, as JSON."""
    place = st.integers(0, SIDES_PX[0] - 1)
    colour = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")
    return st.lists(st.tuples(place, place, colour), max_size=3).map(json.dumps)


schemathesis.openapi.format("binary", pictures())
schemathesis.openapi.format("hints", hints())
for media_type in MEDIA_TYPES:
    schemathesis.openapi.media_type(media_type, pictures())
