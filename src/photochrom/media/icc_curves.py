"""The tone curves of ICC profiles, evaluated (ICC.1:2022, 10.6 and 10.18)."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Curve: TypeAlias = NDArray[np.float64]
PARAMETERS = {0: 1, 1: 3, 2: 4, 3: 5, 4: 7}  # how many numbers each parametric function takes


def curve_at(tag: bytes, position: Curve) -> Curve | None:
    """Values of a `curv` or `para` tag at `position` 0…1, clipped to 0…1; None when damaged."""
    kind = tag[:4]
    if kind == b"curv":
        return _sampled(tag, position)
    if kind == b"para":
        return _parametric(tag, position)
    return None


def curve_tag(values: Curve) -> bytes:
    """A `curv` tag with `values` 0…1 as its evenly spaced samples."""
    samples = np.rint(np.clip(values, 0, 1) * 65535).astype(">u2")
    return b"curv\0\0\0\0" + len(samples).to_bytes(4) + samples.tobytes()


def _sampled(tag: bytes, position: Curve) -> Curve | None:
    count = int.from_bytes(tag[8:12])
    if len(tag) < 12 + 2 * count:
        return None
    samples = np.frombuffer(tag, ">u2", count, 12)
    if count == 0:
        return position
    if count == 1:
        return position ** float(samples[0] / 256)
    return np.interp(position, np.linspace(0, 1, count), samples / 65535)


def _parametric(tag: bytes, position: Curve) -> Curve | None:
    """From d on Y = (aX + b)^gamma + e, below it Y = cX + f (table 68)."""
    kind = int.from_bytes(tag[8:10])
    count = PARAMETERS.get(kind, 0)
    if not count or len(tag) < 12 + 4 * count:
        return None
    given = (np.frombuffer(tag[12 : 12 + 4 * count], ">i4") / 65536).tolist()
    gamma, a, b, c, d, e, f = map(float, [*given, *[0.0] * (7 - count)])
    if gamma < 0:
        return None
    if kind == 0:
        a, d = 1.0, -1.0
    elif kind in (1, 2):
        # Below −b/a the value is the constant c, which is an offset above it too.
        if a == 0:
            return None
        offset = c if kind == 2 else 0.0
        c, d, e, f = 0.0, -b / a, offset, offset
    above = np.power(np.maximum(a * position + b, 0), gamma) + e
    return np.clip(np.where(position >= d, above, c * position + f), 0, 1)
