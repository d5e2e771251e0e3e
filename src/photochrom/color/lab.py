"""The one place that converts sRGB and CIELAB (D65, 2° observer); training uses it too.

L* 0…100, a* and b* as CIE 15:2018 defines them, with the white that sRGB's own primaries add up
to, so that a neutral grey has a* = b* = 0 exactly. scikit-image's rounded white point differs from
it by less than 0.01 in b*.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import DTypeLike, NDArray

from photochrom.color.gamut import write_rgb
from photochrom.color.srgb import Coded, Floats, levels_of, linear_table
from photochrom.color.strips import each_strip, strips
from photochrom.color.tristimulus import RGB_PLANES, XYZ_FROM_RGB, folded


def rgb_to_lab(rgb: Coded) -> tuple[Floats, Floats]:
    """Lightness (H, W) 0…100 and ab (H, W, 2) of rgb (H, W, 3), uint8 or uint16."""
    height, width = _checked(rgb, 3)
    lightness = np.empty((height, width), np.float32)
    ab = np.empty((height, width, 2), np.float32)
    for rows in strips(height, width):
        x, y, z = (folded(_mixed(rgb[rows], weights)) for weights in XYZ_FROM_RGB)
        lightness[rows] = y * 116 - 16
        ab[rows, :, 0] = (x - y) * 500
        ab[rows, :, 1] = (y - z) * 200
    return lightness, ab


def rgb_to_lightness(rgb: Coded) -> Floats:
    """Lightness (H, W) 0…100 of rgb (H, W, 3), uint8 or uint16."""
    height, width = _checked(rgb, 3)
    lightness = np.empty((height, width), np.float32)
    for rows in strips(height, width):
        lightness[rows] = folded(_mixed(rgb[rows], XYZ_FROM_RGB[1])) * 116 - 16
    return lightness


def grey_to_lightness(grey: Coded) -> Floats:
    """Lightness 0…100 of sRGB-coded grey (H, W), uint8 or uint16."""
    _checked(grey, 2)
    lightness: Floats = lightness_table(grey.dtype).take(grey)
    return lightness


def lab_to_rgb(lightness: Floats, ab: Floats, *, dtype: DTypeLike = np.uint8) -> Coded:
    """Rgb (H, W, 3), uint8 or uint16, of lightness (H, W) and ab (H, W, 2).

    Colours that sRGB does not hold lose chroma until they fit; lightness and hue stay.
    """
    levels_of(dtype)
    if lightness.ndim != 2 or ab.shape != (*lightness.shape, 2):
        raise ValueError(f"lightness (H, W) and ab (H, W, 2), not {lightness.shape} and {ab.shape}")
    height, width = lightness.shape
    rgb = np.empty((height, width, 3), dtype)

    def write(rows: slice, scratch: Floats) -> None:
        fy, da, db = scratch[:3]
        np.clip(lightness[rows], 0, 100, out=fy)
        fy += 16
        fy /= 116
        np.divide(ab[rows, :, 0], np.float32(500), out=da)
        np.divide(ab[rows, :, 1], np.float32(200), out=db)
        write_rgb(fy, da, db, rgb[rows], scratch[3:])

    each_strip(height, width, write, planes=3 + RGB_PLANES, threads=1)
    return rgb


def _mixed(rgb: Coded, weights: Floats) -> Floats:
    """One weighted sum of the linear light of rgb (h, w, 3)."""
    table = linear_table(rgb.dtype)
    mixed: Floats = (table * weights[0]).take(rgb[..., 0])
    mixed += (table * weights[1]).take(rgb[..., 1])
    mixed += (table * weights[2]).take(rgb[..., 2])
    return mixed


@cache
def lightness_table(dtype: np.dtype[np.generic]) -> Floats:
    """L* of every grey level of uint8 (256,) or uint16 (65536,), read-only."""
    table: Floats = folded(linear_table(dtype)) * np.float32(116) - np.float32(16)
    table.flags.writeable = False
    return table


def _checked(pixels: NDArray[np.generic], ndim: int) -> tuple[int, int]:
    levels_of(pixels.dtype)
    if pixels.ndim != ndim or (ndim == 3 and pixels.shape[2] != 3):
        wanted = "(H, W, 3)" if ndim == 3 else "(H, W)"
        raise ValueError(f"an array {wanted} is needed, not {pixels.shape}")
    return pixels.shape[0], pixels.shape[1]
