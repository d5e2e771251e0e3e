"""Colours that sRGB cannot show, brought to its border by giving up chroma only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photochrom.color.srgb import Coded, Floats, write_coded
from photochrom.color.tristimulus import linear_rgb, unfolded

# Linear light so little outside 0…1 is rounding: cutting it off moves no 8-bit level.
TOLERANCE = 1e-5
_HALVINGS = 12  # chroma is found to 1/4096 of itself


def write_rgb(fy: Floats, da: Floats, db: Floats, rgb: Coded) -> None:
    """Write the colours f(Y), a*/500, b*/200, each (h, w), into `rgb` (h, w, 3), within sRGB."""
    luminance = unfolded(fy)
    linear = linear_rgb(fy, luminance, da, db)
    outside = out_of_gamut(linear)
    if outside.any():
        linear[:, outside] = _desaturated(fy[outside], luminance[outside], da[outside], db[outside])
    for channel, light in enumerate(linear):
        write_coded(light, rgb[..., channel])


def out_of_gamut(linear: Floats) -> NDArray[np.bool_]:
    """Which colours of linear light (3, …) sRGB does not hold."""
    darkest = linear.min(axis=0)
    brightest = linear.max(axis=0)
    return (darkest < -TOLERANCE) | (brightest > 1 + TOLERANCE)


def _desaturated(fy: Floats, luminance: Floats, da: Floats, db: Floats) -> Floats:
    """Linear light (3, n) of the same lightness and hue with the most chroma that sRGB holds."""
    inside = np.zeros_like(fy)
    step = 0.5
    for _ in range(_HALVINGS):
        tried = inside + np.float32(step)
        linear = linear_rgb(fy, luminance, da * tried, db * tried)
        inside = np.where(out_of_gamut(linear), inside, tried)
        step /= 2
    return linear_rgb(fy, luminance, da * inside, db * inside)
