"""The same photo as three kinds of old film saw it, with grain and fading: always the same.

A benchmark stays put: these numbers do not follow the training's augmentation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photochrom.color.srgb import linear_table, linear_to_srgb

# What each emulsion takes of linear R, G and B; rows sum to 1, so that white stays white.
# After the spectral sensitivities in Mees & James, The Theory of the Photographic Process.
FILMS = {
    "wet_plate": (0.00, 0.05, 0.95),  # collodion: blue and ultraviolet; skies white, lips black
    "orthochromatic": (0.00, 0.48, 0.52),  # to about 1920: no red
    "panchromatic": (0.30, 0.30, 0.40),  # since: all colours, more blue than the eye
}
GRAIN = 0.025  # standard deviation of coded values 0…1
BLACK, WHITE = 0.06, 0.92  # what fading leaves of the range of coded values


def old_film(rgb: NDArray[np.uint8], film: str, *, seed: int) -> NDArray[np.uint8]:
    """Grey (H, W), sRGB-coded, of rgb (H, W, 3) on one of `FILMS`; equal seeds give equal grain."""
    response = np.array(FILMS[film], np.float32)
    tone = linear_to_srgb(linear_table(rgb.dtype)[rgb] @ response)
    tone = np.float32(BLACK) + np.float32(WHITE - BLACK) * tone
    tone += np.random.default_rng(seed).standard_normal(tone.shape, np.float32) * np.float32(GRAIN)
    grey: NDArray[np.uint8] = np.rint(tone.clip(0, 1) * 255).astype(np.uint8)
    return grey
