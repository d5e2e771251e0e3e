"""Outlines drawn from a picture: the extended difference of Gaussians, XDoG.

Winnemöller, Kyprianidis & Olsen 2012, "XDoG: An eXtended difference-of-Gaussians compendium
including advanced image stylization".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photochrom.color.gaussian import blurred
from photochrom.color.lab import rgb_to_lightness
from photochrom.color.srgb import Coded, Floats

SIGMA_PX = 0.7  # of the smaller Gaussian: the lines' width, in a picture of `REFERENCE_PX`
REFERENCE_PX = 256  # on the shorter side
LEAST_SIGMA_PX = 0.3  # below it a Gaussian is narrower than a pixel
RATIO = 1.6  # k: of the two Gaussians; their difference is close to a Laplacian then
SHARE = 0.98  # τ: just below 1, so that a flat surface, however dark, stays paper
THRESHOLD = 0.0  # ε
STEEPNESS = 40.0  # φ: how soon a line is fully dark


def draw_outline(rgb: Coded, *, sigma_px: float | None = None) -> NDArray[np.uint8]:
    """The outlines of rgb (H, W, 3): dark lines on white paper, (H, W) uint8.

    `sigma_px` is the lines' width; by default it grows with the picture's shorter side.
    """
    height, width = rgb.shape[:2]
    if sigma_px is None:
        sigma_px = SIGMA_PX * min(height, width) / REFERENCE_PX
    lightness = rgb_to_lightness(rgb)
    lightness /= 100
    paper = xdog(lightness, sigma_px=max(sigma_px, LEAST_SIGMA_PX))
    paper *= 255
    paper += 0.5
    outline: NDArray[np.uint8] = paper.astype(np.uint8)
    return outline


def xdog(tone: Floats, *, sigma_px: float) -> Floats:
    """How much paper shows, 0 ink … 1 paper, (H, W), in a drawing of `tone` (H, W) 0…1.

    Section 2: D = G_σ − τ·G_kσ (eq. 2); 1 where D ≥ ε, 1 + tanh(φ·(D − ε)) below (eq. 5).
    """
    difference = blurred(tone, RATIO * sigma_px)
    difference *= np.float32(-SHARE)
    difference += blurred(tone, sigma_px)
    difference -= np.float32(THRESHOLD)
    np.minimum(difference, 0, out=difference)
    difference *= np.float32(STEEPNESS)
    np.tanh(difference, out=difference)
    difference += 1
    return difference
