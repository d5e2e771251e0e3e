"""The transfer curve of sRGB: coded values to linear light and back (IEC 61966-2-1)."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

Floats: TypeAlias = NDArray[np.float32]
Coded: TypeAlias = NDArray[np.uint8] | NDArray[np.uint16]

# Entry i codes the linear light from i to i + 1 of CODE_STEPS: fine enough to place the borders of
# the darkest 8-bit levels, 1/3295 of linear light wide, to a fortieth of a level.
CODE_STEPS = 65535


def linear_to_srgb(linear: Floats) -> Floats:
    """Coded values 0…1 of linear light 0…1, any shape."""
    bright = np.maximum(linear, np.float32(0.0031308)) ** np.float32(1 / 2.4)
    bright *= np.float32(1.055)
    bright -= np.float32(0.055)
    return np.where(linear > 0.0031308, bright, linear * np.float32(12.92))


@cache
def linear_table(dtype: np.dtype[np.generic]) -> Floats:
    """Linear light of every level of uint8 (256,) or uint16 (65536,), read-only."""
    levels = levels_of(dtype)
    coded = np.arange(levels + 1) / levels
    bright = ((coded + 0.055) / 1.055) ** 2.4
    table = np.where(coded > 0.04045, bright, coded / 12.92).astype(np.float32)
    table.flags.writeable = False
    return table


@cache
def code_table() -> NDArray[np.uint8]:
    """The 8-bit sRGB level of linear light (i + ½) / `CODE_STEPS`, read-only."""
    linear = (np.arange(CODE_STEPS + 1, dtype=np.float32) + np.float32(0.5)) / CODE_STEPS
    table = np.rint(linear_to_srgb(np.minimum(linear, 1)) * 255).astype(np.uint8)
    table.flags.writeable = False
    return table


def levels_of(dtype: DTypeLike) -> int:
    """255 for uint8, 65535 for uint16.

    Raises `TypeError` for anything else.
    """
    kind = np.dtype(dtype)
    if kind not in (np.uint8, np.uint16):
        raise TypeError(f"coded pixels are uint8 or uint16, not {kind}")
    return int(np.iinfo(kind).max)


def write_coded(linear: Floats, coded: Coded) -> None:
    """Write linear light 0…1, clipped there, into `coded` of the same shape, rounded.

    `linear` is overwritten.
    """
    if coded.dtype == np.uint8:
        linear *= np.float32(CODE_STEPS)
        coded[...] = code_table().take(linear.astype(np.intp), mode="clip")
    else:
        np.clip(linear, 0, 1, out=linear)
        coded[...] = linear_to_srgb(linear) * np.float32(levels_of(coded.dtype)) + np.float32(0.5)
