"""Colour as a JPEG holds it: Cb and Cr beside a luma that stays as it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photochrom.color.bilateral import guide_size, raise_colour
from photochrom.color.gamut import rgb_in_gamut
from photochrom.color.guided import COLOUR_PLANES, EdgeModel
from photochrom.color.resize import resize
from photochrom.color.srgb import Floats, linear_table, linear_to_srgb
from photochrom.color.strips import each_strip
from photochrom.color.tristimulus import RGB_PLANES, folded

# BT.601 as JFIF uses it: R = Y + 1.402 Cr, G = Y − 0.344136 Cb − 0.714136 Cr, B = Y + 1.772 Cb.
RED_FROM_CR, BLUE_FROM_CB = np.float32(1.402), np.float32(1.772)
GREEN_FROM_CB, GREEN_FROM_CR = np.float32(0.344136), np.float32(0.714136)
LUMA_FROM_RGB = np.array([0.299, 0.587, 0.114], np.float32)

GRAIN = 5.0  # luma that varies by less than 5 levels is a scan's grain, not an edge


def ab_to_cbcr(
    luma_half: NDArray[np.uint8],
    ab: Floats,
    *,
    tone: Floats | None = None,
    strength: float = 1.0,
    threads: int = 2,
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Cb and Cr (h, w) uint8 that colour a grey JPEG with `ab` (…, …, 2) while its luma stays.

    `luma_half` (h, w) is the JPEG's luma at half size. `tone` (256,) is the linear light 0…1 of
    each grey level where the file's profile says other than sRGB. Both planes are scaled together
    so that the R, G and B decoded with the file's own full-size luma stay in 0…255.
    """
    if luma_half.ndim != 2 or luma_half.dtype != np.uint8 or ab.ndim != 3 or ab.shape[2] != 2:
        raise ValueError(
            f"luma (h, w) uint8 and ab (…, …, 2), not {luma_half.shape} {luma_half.dtype} "
            f"and {ab.shape}"
        )
    if tone is not None and tone.shape != (256,):
        raise ValueError(f"a tone has 256 entries of linear light, not {tone.shape}")
    height, width = luma_half.shape
    guide = resize(luma_half, *guide_size(ab.shape[:2], height, width))
    colours = _chroma(guide, ab * np.float32(strength), tone)
    model = EdgeModel(guide, colours, (height, width), GRAIN)
    planes = np.empty((2, height, width), np.uint8)

    def paint(rows: slice, scratch: Floats) -> None:
        luma = scratch[0]
        luma[...] = luma_half[rows]
        colour = model.colour_rows(rows, luma, scratch[1 : 1 + COLOUR_PLANES])
        darkest, brightest = _extremes(luma_half, rows)
        _fit(colour, darkest, 255 - brightest, scratch[3:])
        for plane, result in zip(colour, planes[:, rows], strict=True):
            plane += np.float32(128.5)
            np.clip(plane, np.float32(0), np.float32(255), out=plane)
            np.copyto(result, plane, casting="unsafe")

    each_strip(height, width, paint, planes=7, threads=threads)
    return planes[0], planes[1]


def _chroma(luma: Floats, ab: Floats, tone: Floats | None) -> Floats:
    """Cb and Cr (2, h, w), around 0, of small `ab` raised to the size of `luma` (h, w) 0…255."""
    table = linear_table(np.dtype(np.uint8)) if tone is None else tone
    levels = np.arange(256, dtype=np.float32)
    fy = np.interp(luma, levels, folded(table)).astype(np.float32)
    a, b = raise_colour(ab, fy)
    scratch = np.empty((RGB_PLANES, *fy.shape), np.float32)
    linear = rgb_in_gamut(fy, a / np.float32(500), b / np.float32(200), scratch)
    np.clip(linear, 0, 1, out=linear)
    rgb = linear_to_srgb(linear) * 255 if tone is None else np.interp(linear, table, levels)
    own_luma = np.tensordot(LUMA_FROM_RGB, rgb, 1)
    chroma = np.stack([(rgb[2] - own_luma) / BLUE_FROM_CB, (rgb[0] - own_luma) / RED_FROM_CR])
    return chroma.astype(np.float32)


def _fit(
    colour: tuple[Floats, Floats],
    below: NDArray[np.uint8],
    above: NDArray[np.uint8],
    scratch: Floats,
) -> None:
    """Scale Cb and Cr together until R, G and B lie within `below` and `above` luma's value."""
    cb, cr = colour
    red, green, blue, term = scratch
    np.multiply(cr, RED_FROM_CR, out=red)
    np.multiply(cb, BLUE_FROM_CB, out=blue)
    np.multiply(cb, -GREEN_FROM_CB, out=green)
    green -= np.multiply(cr, GREEN_FROM_CR, out=term)
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


def _extremes(luma: NDArray[np.uint8], rows: slice) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """How dark and how bright the full-size luma may be where the chroma of `rows` reaches.

    A decoder's interpolation carries a chroma pixel over 4 × 4 of luma. The 3 × 3 half-size pixels
    around it are their means; the luma itself goes a fifth of their range further on either side
    (benchmarks/luma_kept.py: less clips where more chroma is given up, and this is the balance).
    """
    top, bottom = max(rows.start - 1, 0), min(rows.stop + 1, len(luma))
    margin = ((top - rows.start + 1, rows.stop + 1 - bottom), (1, 1))
    around = np.pad(luma[top:bottom], margin, mode="edge")
    darkest, brightest = _of_nine(np.minimum, around), _of_nine(np.maximum, around)
    beyond = (brightest - darkest) // 5
    darkest -= np.minimum(beyond, darkest)
    brightest += np.minimum(beyond, 255 - brightest)
    return darkest, brightest


def _of_nine(extreme: np.ufunc, plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The extreme of every 3 × 3 window of `plane` (h + 2, w + 2), (h, w)."""
    tall = extreme(extreme(plane[:-2], plane[1:-1]), plane[2:])
    windows: NDArray[np.uint8] = extreme(extreme(tall[:, :-2], tall[:, 1:-1]), tall[:, 2:])
    return windows
