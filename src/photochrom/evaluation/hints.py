"""Random hints, as Zhang et al. 2017 measure with them."""

from __future__ import annotations

import numpy as np

from photochrom.color.resize import resize
from photochrom.color.srgb import Floats
from photochrom.evaluation.measures import HINT_COUNTS

PATCH_PX = 7  # their evaluation's, on the grid that the network sees


def hint_planes(ab: Floats, grid: tuple[int, int], *, seed: int) -> list[Floats]:
    """Hints (3, h, w) for each of `HINT_COUNTS`: a*, b* and 1 where a hint holds, else 0.

    `ab` (H, W, 2) are the true colours. Each hint is a 7 × 7 patch with its mean colour, placed by
    a Gaussian around the middle with a quarter of the side as deviation (Zhang et al. 2017,
    section 3.2). More hints include the fewer, so that the curve is one of the same picture.
    """
    small = resize(ab, *grid)
    height, width = grid
    side = min(PATCH_PX, height, width)
    rng = np.random.default_rng(seed)
    middles = rng.normal(0.5, 0.25, (max(HINT_COUNTS), 2)) * (height - side, width - side)
    corners = np.clip(np.rint(middles), 0, (height - side, width - side)).astype(int)
    planes = np.zeros((3, height, width), np.float32)
    curve = []
    for number in range(max(HINT_COUNTS) + 1):
        if number in HINT_COUNTS:
            curve.append(planes.copy())
        if number < len(corners):
            top, left = corners[number]
            patch = slice(top, top + side), slice(left, left + side)
            planes[:2, *patch] = small[patch].mean(axis=(0, 1))[:, None, None]
            planes[2, *patch] = 1
    return curve
