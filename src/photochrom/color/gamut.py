"""Colours that sRGB cannot show, brought to its border by giving up chroma only."""

from __future__ import annotations

import numpy as np

from photochrom.color.srgb import Coded, Floats, write_coded
from photochrom.color.tristimulus import coloured, linear_rgb

# Linear light so little outside 0…1 is rounding: cutting it off moves no 8-bit level.
TOLERANCE = np.float32(1e-5)
STEPS = 8  # leaves 0.1 % of the chroma that would still fit, 0.6 % at the 99th percentile


def write_rgb(fy: Floats, da: Floats, db: Floats, rgb: Coded, scratch: Floats) -> None:
    """Write the colours f(Y), a*/500, b*/200, each (h, w), into `rgb` (h, w, 3), within sRGB.

    `scratch` (`RGB_PLANES`, h, w) is overwritten.
    """
    for channel, light in enumerate(rgb_in_gamut(fy, da, db, scratch)):
        write_coded(light, rgb[..., channel])


def rgb_in_gamut(fy: Floats, da: Floats, db: Floats, scratch: Floats) -> Floats:
    """Linear light (3, h, w) within 0…1 and `TOLERANCE`; arguments as `linear_rgb` takes them."""
    linear = linear_rgb(fy, da, db, scratch)
    luminance = scratch[3]
    outside = _excess(linear, scratch[4:6]) > 0
    if outside.any():
        linear[:, outside] = _most_chroma(luminance[outside], fy[outside], da[outside], db[outside])
    return linear


def _excess(linear: Floats, spare: Floats) -> Floats:
    """How far linear light (3, …) lies beyond 0…1 and the tolerance; negative inside.

    It lies in `spare` (2, …).
    """
    red, green, blue = linear
    above, below = spare
    np.maximum(np.maximum(red, green, out=above), blue, out=above)
    np.minimum(np.minimum(red, green, out=below), blue, out=below)
    above -= 1
    np.negative(below, out=below)
    excess: Floats = np.maximum(above, below, out=above)
    excess -= TOLERANCE
    return excess


def _most_chroma(luminance: Floats, fy: Floats, da: Floats, db: Floats) -> Floats:
    """Linear light (3, n) of colours outside sRGB, at the largest chroma inside; f(Y), hue kept.

    The share of chroma is found by false position (the Illinois method).
    """
    fx, fz, term, *_ = scratch = np.empty((6, len(fy)), np.float32)
    linear = scratch[3:]

    def light(share: Floats) -> Floats:
        np.add(fy, np.multiply(da, share, out=fx), out=fx)
        np.subtract(fy, np.multiply(db, share, out=fz), out=fz)
        return coloured(luminance, fx, fz, linear, term)

    inside, outside = np.zeros_like(fy), np.ones_like(fy)
    low = np.maximum(luminance - 1, -luminance) - TOLERANCE  # no chroma: always below 0
    high = _excess(light(outside), scratch[:2]).copy()  # all of it: always above 0
    for _ in range(STEPS):
        share = inside + (outside - inside) * (low / (low - high))
        found = _excess(light(share), scratch[:2])
        within = found <= 0
        # Illinois: the end that stays counts half, so that it moves next time.
        low, high = np.where(within, found, low / 2), np.where(within, high / 2, found)
        inside, outside = np.where(within, share, inside), np.where(within, outside, share)
    return light(inside)
