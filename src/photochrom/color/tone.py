"""Does a picture hold real colour, or one tone only: grey, sepia, cyanotype, a scanner's cast?"""

from __future__ import annotations

import numpy as np

from photochrom.color.lab import rgb_to_lab
from photochrom.color.resize import shrink
from photochrom.color.srgb import Coded

SIDE_PX = 96
THRESHOLD = 3.0


def real_colour(rgb: Coded) -> float:
    """How far the colours of rgb (H, W, 3) lie from one tone, in CIELAB units; grey is 0.

    A toned print's a* and b* follow from its lightness and, where it faded unevenly, smoothly from
    the place. What such a curve cannot explain is colour of the things themselves.
    """
    height, width = rgb.shape[:2]
    lightness, ab = rgb_to_lab(rgb)
    factor = max(1.0, max(height, width) / SIDE_PX)
    size = max(1, round(height / factor)), max(1, round(width / factor))
    lightness, ab = shrink(lightness, *size), shrink(ab, *size)
    y, x = np.meshgrid(np.linspace(-1, 1, size[0]), np.linspace(-1, 1, size[1]), indexing="ij")
    light = lightness / 50 - 1
    terms = [np.ones_like(x), light, light**2, light**3, x, y, x * y, x * x, y * y]
    basis = np.stack([term.ravel() for term in terms], axis=1)
    colour = ab.reshape(-1, 2).astype(np.float64)
    weights, *_ = np.linalg.lstsq(basis, colour, rcond=None)
    rest = np.hypot(*(colour - basis @ weights).T)
    return float(np.percentile(rest, 95))


def has_real_colour(rgb: Coded) -> bool:
    """True where rgb (H, W, 3) holds more than one tone: `real_colour` above `THRESHOLD`."""
    return real_colour(rgb) > THRESHOLD
