"""ICC profiles that we write: sRGB, and sRGB's primaries with another tone curve."""

from __future__ import annotations

import struct
from functools import cache, lru_cache

import numpy as np

from photochrom.media.icc import SRGB_COLORANTS, grey_tone
from photochrom.media.icc_curves import curve_tag

D50 = (0.9642, 1.0, 0.8249)  # the profile connection space's white, XYZ
SAMPLES = 1024


@cache
def srgb_profile() -> bytes:
    """A version 2 sRGB profile (IEC 61966-2-1), the same bytes every time."""
    position = np.linspace(0, 1, SAMPLES)
    tone = np.where(position > 0.04045, ((position + 0.055) / 1.055) ** 2.4, position / 12.92)
    return _profile("sRGB (Photochrom)", curve_tag(tone.astype(np.float64)))


@lru_cache(maxsize=16)
def rgb_profile_from_grey(icc: bytes) -> bytes:
    """An RGB profile with sRGB's primaries and the tone curve of a grey profile.

    A profile whose curve cannot be read, or is sRGB's own, gives `srgb_profile()`.
    """
    tone = grey_tone(icc, 4096)
    if tone is None:
        return srgb_profile()
    return _profile(
        "sRGB primaries, the grey original's tone (Photochrom)", curve_tag(tone.astype(np.float64))
    )


def _profile(description: str, curve: bytes) -> bytes:
    """A version 2.1 matrix and curve profile (ICC.1:2001-04)."""
    text = description.encode("ascii") + b"\0"
    tags = {
        "desc": b"desc\0\0\0\0" + len(text).to_bytes(4) + text + bytes(4 + 4 + 2 + 1 + 67),
        "cprt": b"text\0\0\0\0No copyright, use freely\0",
        "wtpt": _xyz(D50),
        **{name: _xyz(colorant) for name, colorant in SRGB_COLORANTS.items()},
        "rTRC": curve,
        "gTRC": curve,
        "bTRC": curve,
    }
    table, body, places = b"", b"", {}
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        if content not in places:
            places[content] = start + len(body)
            body += content + bytes(-len(content) % 4)
        table += name.encode() + struct.pack(">II", places[content], len(content))
    size = start + len(body)
    header = struct.pack(
        ">I4sI4s4s4s6H4s",
        size,
        b"\0\0\0\0",
        0x02100000,
        b"mntr",
        b"RGB ",
        b"XYZ ",
        2026,
        1,
        1,
        0,
        0,
        0,
        b"acsp",
    )
    header = header.ljust(64, b"\0") + struct.pack(">I3i", 1, *(round(v * 65536) for v in D50))
    return header.ljust(128, b"\0") + len(tags).to_bytes(4) + table + body


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))
