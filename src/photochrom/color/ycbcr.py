"""Luma and chroma as JPEGs and films code them: R′G′B′ mixed to Y′, with Cb and Cr beside it.

Everything here is in levels 0…255 around a chroma of 0; what a file stores (studio range, ten bits)
is `Coding`'s to say.
"""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from photochrom.color.bilateral import raise_colour
from photochrom.color.gamut import rgb_in_gamut
from photochrom.color.srgb import Floats, linear_table, linear_to_srgb
from photochrom.color.tristimulus import RGB_PLANES, folded


class Matrix(NamedTuple):
    """How much of R′ and of B′ there is in Y′; the rest is G′ (ITU-T H.273, table 4)."""

    red: float
    blue: float

    @property
    def luma_from_rgb(self) -> Floats:
        """What R′, G′ and B′ add to Y′ (3,)."""
        return np.array([self.red, 1 - self.red - self.blue, self.blue], np.float32)

    @property
    def red_from_cr(self) -> np.float32:
        """R′ = Y′ + this · Cr."""
        return np.float32(2 * (1 - self.red))

    @property
    def blue_from_cb(self) -> np.float32:
        """B′ = Y′ + this · Cb."""
        return np.float32(2 * (1 - self.blue))

    @property
    def green_from_chroma(self) -> Floats:
        """G′ = Y′ − the first · Cb − the second · Cr."""
        green = 1 - self.red - self.blue
        cb = 2 * self.blue * (1 - self.blue) / green
        cr = 2 * self.red * (1 - self.red) / green
        return np.array([cb, cr], np.float32)


BT601 = Matrix(0.299, 0.114)  # JPEGs too
BT709 = Matrix(0.2126, 0.0722)


def chroma_of(luma: Floats, ab: Floats, *, matrix: Matrix, tone: Floats | None = None) -> Floats:
    """Cb and Cr (2, h, w), around 0, of small `ab` (…, …, 2) raised to the size of `luma` (h, w).

    `luma` is 0…255. `tone` (256,) is the linear light of each level where that is not sRGB's.
    """
    rgb = levels_of(luma, ab, tone=tone)
    own_luma = np.tensordot(matrix.luma_from_rgb, rgb, 1)
    chroma = np.stack(
        [(rgb[2] - own_luma) / matrix.blue_from_cb, (rgb[0] - own_luma) / matrix.red_from_cr]
    )
    return chroma.astype(np.float32)


def levels_of(grey: Floats, ab: Floats, *, tone: Floats | None = None) -> Floats:
    """R′, G′ and B′ (3, h, w) 0…255 as light as `grey` (h, w), with `ab` raised to its size.

    `tone` is as in `chroma_of`.
    """
    table = linear_table(np.dtype(np.uint8)) if tone is None else tone
    levels = np.arange(256, dtype=np.float32)
    fy = np.interp(grey, levels, folded(table)).astype(np.float32)
    a, b = raise_colour(ab, fy)
    scratch = np.empty((RGB_PLANES, *fy.shape), np.float32)
    linear = rgb_in_gamut(fy, a / np.float32(500), b / np.float32(200), scratch)
    np.clip(linear, 0, 1, out=linear)
    rgb = linear_to_srgb(linear) * 255 if tone is None else np.interp(linear, table, levels)
    return cast(Floats, rgb)


def fit(
    colour: tuple[Floats, Floats],
    below: NDArray[np.uint8],
    above: NDArray[np.uint8],
    scratch: Floats,
    matrix: Matrix,
) -> None:
    """Scale Cb and Cr together until R, G and B lie within `below` and `above` luma's value.

    All are (h, w); `scratch` (4, h, w) is overwritten.
    """
    cb, cr = colour
    red, green, blue, term = scratch
    green_from_cb, green_from_cr = matrix.green_from_chroma
    np.multiply(cr, matrix.red_from_cr, out=red)
    np.multiply(cb, matrix.blue_from_cb, out=blue)
    np.multiply(cb, -green_from_cb, out=green)
    green -= np.multiply(cr, green_from_cr, out=term)
    highest = np.maximum(np.maximum(red, green, out=term), blue, out=term)
    lowest = np.minimum(np.minimum(red, green, out=red), blue, out=red)
    lowest = np.negative(lowest, out=lowest)
    outside = (highest > above) | (lowest > below)
    if outside.any():
        share = np.minimum(
            above[outside] / np.maximum(highest[outside], 1e-6),
            below[outside] / np.maximum(lowest[outside], 1e-6),
        ).astype(np.float32)
        share = np.minimum(share, 1)
        cb[outside] *= share
        cr[outside] *= share


def extremes(luma: NDArray[np.uint8], rows: slice) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """How dark and how bright the full-size luma may be where the chroma of `rows` reaches.

    A decoder's interpolation carries a chroma pixel over 4 × 4 of luma. The 3 × 3 half-size pixels
    around it are their means; the luma itself goes two ninths of their range further either way
    (benchmarks/luma_kept.py: less clips where more chroma is given up, and this is the balance).
    """
    top, bottom = max(rows.start - 1, 0), min(rows.stop + 1, len(luma))
    margin = ((top - rows.start + 1, rows.stop + 1 - bottom), (1, 1))
    around = np.pad(luma[top:bottom], margin, mode="edge")
    darkest, brightest = _of_nine(np.minimum, around), _of_nine(np.maximum, around)
    beyond = (np.multiply(brightest - darkest, 2, dtype=np.uint16) // 9).astype(np.uint8)
    darkest -= np.minimum(beyond, darkest)
    brightest += np.minimum(beyond, 255 - brightest)
    return darkest, brightest


def _of_nine(extreme: np.ufunc, plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The extreme of every 3 × 3 window of `plane` (h + 2, w + 2), (h, w)."""
    tall = extreme(extreme(plane[:-2], plane[1:-1]), plane[2:])
    windows: NDArray[np.uint8] = extreme(extreme(tall[:, :-2], tall[:, 1:-1]), tall[:, 2:])
    return windows
