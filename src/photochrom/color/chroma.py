"""Colour as a JPEG holds it: Cb and Cr beside a luma that stays as it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photochrom.color.guided import edge_model
from photochrom.color.resize import resize
from photochrom.color.srgb import Floats, linear_table, linear_to_srgb
from photochrom.color.strips import each_strip
from photochrom.color.tristimulus import folded, linear_rgb, unfolded

# BT.601 as JFIF uses it: R = Y + 1.402 Cr, G = Y − 0.344136 Cb − 0.714136 Cr, B = Y + 1.772 Cb.
RED_FROM_CR, BLUE_FROM_CB = np.float32(1.402), np.float32(1.772)
GREEN_FROM_CB, GREEN_FROM_CR = np.float32(0.344136), np.float32(0.714136)


def ab_to_cbcr(
    luma_half: NDArray[np.uint8],
    ab: Floats,
    *,
    tone: Floats | None = None,
    strength: float = 1.0,
    threads: int = 2,
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Cb and Cr (h, w) uint8 that colour a grey JPEG with ab (…, …, 2) while its luma stays.

    `luma_half` (h, w) is the JPEG's luma at half size. `tone` (256,) is the linear light of each
    grey level where the file's profile says other than sRGB. Both planes are scaled together so
    that the R, G and B decoded with the file's own luma stay in 0…255.
    """
    height, width = luma_half.shape
    lightness_table = folded(linear_table(np.uint8) if tone is None else tone) * 116 - 16
    lightness_table = lightness_table.astype(np.float32)
    small = resize(luma_half, *ab.shape[:2])
    guide = np.interp(small, np.arange(256), lightness_table).astype(np.float32)
    model = edge_model(guide, ab * np.float32(strength), height, width)
    cb, cr = np.empty_like(luma_half), np.empty_like(luma_half)

    def paint(rows: slice) -> None:
        luma = luma_half[rows]
        lightness = lightness_table.take(luma)
        a, b = model.ab_rows(rows, lightness)
        fy = (lightness + 16) / np.float32(116)
        linear = np.clip(linear_rgb(fy, unfolded(fy), a / 500, b / 200), 0, 1)
        red, green, blue = linear_to_srgb(linear) * 255
        y = np.float32(0.299) * red + np.float32(0.587) * green + np.float32(0.114) * blue
        blueness, redness = (blue - y) / BLUE_FROM_CB, (red - y) / RED_FROM_CR
        scale = _fitting(luma.astype(np.float32), blueness, redness)
        cb[rows] = np.rint(blueness * scale) + 128
        cr[rows] = np.rint(redness * scale) + 128

    each_strip(height, paint, threads=threads)
    return cb, cr


def _fitting(luma: Floats, cb: Floats, cr: Floats) -> Floats:
    """The share 0…1 of (cb, cr) that keeps R, G and B within 0…255 at this luma."""
    red, blue = RED_FROM_CR * cr, BLUE_FROM_CB * cb
    green = -GREEN_FROM_CB * cb - GREEN_FROM_CR * cr
    above = np.maximum(np.maximum(red, green), np.maximum(blue, 1e-6))
    below = np.maximum(np.maximum(-red, -green), np.maximum(-blue, 1e-6))
    share = np.minimum((255 - luma) / above, luma / below)
    return np.minimum(share, 1).astype(np.float32)
