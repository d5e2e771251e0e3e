"""Does a picture hold real colour, or one tone only: grey, sepia, cyanotype, a scanner's cast?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photochrom.color.lab import rgb_to_lab
from photochrom.color.resize import shrink
from photochrom.color.srgb import Coded, Floats

SIDE_PX = 256  # a picture shrunk to this is large enough to judge; the threshold was set there
# Colours are compared at this many pixels on the long side: noise, and the blocks that JPEG makes
# of chroma, average out; things stay.
LONG_SIDE_PX = 32
TONE_KNOTS = 9  # a tone may bend at every 12.5 L*: split toning, duotones, cut-off highlights

# Measured by benchmarks/tone_threshold.py, see `has_real_colour`.
THRESHOLD = 1.35


def real_colour(rgb: Coded) -> float:
    """How far the colours of rgb (H, W, 3) fill the a*b* plane beyond one tone [CIELAB units].

    0 for grey, below about 1.3 for one tone, 3 to 20 for colour photographs. A toned print's a* and
    b* follow from its lightness and drift slowly with the place where it faded. Of what such a
    curve leaves over, stains and fading lie along one line of the plane; the colours of things
    spread over it. So the size of that spread is told: the fourth root of its covariance's
    determinant, which is the radius of a circle as large as its ellipse.
    """
    lightness, ab = rgb_to_lab(rgb)
    height, width = lightness.shape
    scale = max(1.0, max(height, width) / LONG_SIDE_PX)
    size = max(1, round(height / scale)), max(1, round(width / scale))
    basis = _one_tone(shrink(lightness, *size))
    colours = shrink(ab, *size).reshape(-1, 2).astype(np.float64)
    weights, *_ = np.linalg.lstsq(basis, colours, rcond=None)
    rest = colours - basis @ weights
    covariance = rest.T @ rest / len(rest)
    return float(max(np.linalg.det(covariance), 0.0) ** 0.25)


def has_real_colour(rgb: Coded) -> bool:
    """True where rgb (H, W, 3) holds more than one tone: `real_colour` above `THRESHOLD`.

    Measured by benchmarks/tone_threshold.py: of 800 colour photographs (bench/scenes, objects,
    people) 1.2 % are taken for one tone, mostly silhouettes and storm clouds; of 60 grey ones
    (bench/legacy), each toned in eleven ways with grain and JPEG's loss, 0.6 % are taken for
    colour, all of them strong cyanotypes and duotones.
    """
    return real_colour(rgb) > THRESHOLD


def _one_tone(lightness: Floats) -> NDArray[np.float64]:
    """What the colour of one tone may depend on: (H·W, terms) of lightness (H, W) 0…100."""
    height, width = lightness.shape
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    step = 100 / (TONE_KNOTS - 1)
    knots = np.arange(TONE_KNOTS) * step
    hats = np.maximum(0, 1 - np.abs(lightness[..., None] - knots) / step)
    return np.concatenate([hats, y[..., None], x[..., None]], axis=-1).reshape(height * width, -1)
