"""Hints in the chroma of a JPEG whose luma stays: met at their own pixels.

With Y′ held and not L*, and with chroma at half the size, what `ab_to_cbcr` gives misses a hint by
some units of a* and b*. The rest is laid round each hint's pixel, on what is as light as it.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from photochrom.color.guided import between
from photochrom.color.spread import Spots
from photochrom.color.srgb import Floats
from photochrom.color.ycbcr import BT601, chroma_of, levels_of

Planes: TypeAlias = tuple[NDArray[np.uint8], NDArray[np.uint8]]

HALVINGS = 12  # of the levels 0…255 that a hint's lightness may have
PATCH_SHARE = 0.008  # of the short side: standard deviation of what is laid round a pixel
LEAST_PATCH_PX = 2.0
CORE_PX = 1.5  # standard deviation of what is changed in any case: less, and JPEG blurs it away
ALIKE = 12.0  # levels of luma


def meet_hints(
    planes: Planes,
    luma_half: NDArray[np.uint8],
    spots: Spots,
    own_luma: Floats,
    tone: Floats | None,
) -> Planes:
    """Cb and Cr (h, w) changed a little round the spots, so that their pixels get their colours.

    `own_luma` (K,) 0…255 is the full-size luma of these pixels; `tone` is as in `ab_to_cbcr`.
    """
    wanted = cbcr_at(own_luma, spots.ab, tone)
    met = np.stack(planes).astype(np.float32) - 128
    height, width = luma_half.shape
    radius = max(LEAST_PATCH_PX, PATCH_SHARE * min(height, width))
    for (row, column), told in zip(spots.places * (height, width), wanted, strict=True):
        window = _around(row, height, radius), _around(column, width, radius)
        down, across = np.ogrid[window]
        squared = (down + 0.5 - row) ** 2 + (across + 0.5 - column) ** 2
        own = luma_half[min(int(row), height - 1), min(int(column), width - 1)]
        unlike = (luma_half[window].astype(np.float32) - own) ** 2
        spread = np.exp(-squared / (2 * radius**2) - unlike / (2 * ALIKE**2))
        share = np.maximum(spread, np.exp(-squared / (2 * CORE_PX**2))).astype(np.float32)
        # Decoders interpolate chroma between the middles of its pixels.
        place = max(0, row - 0.5 - window[0].start), max(0, column - 0.5 - window[1].start)
        missing = told - between(met[:, *window], *place)
        met[:, *window] += missing[:, None, None] * (share / between(share[None], *place))
    cb, cr = np.rint(np.clip(met + 128, 0, 255)).astype(np.uint8)
    return cb, cr


def cbcr_at(luma: Floats, ab: Floats, tone: Floats | None = None) -> Floats:
    """Cb and Cr (K, 2), around 0, that give colours `ab` (K, 2) beside luma (K,) 0…255.

    Where sRGB does not hold them there, with less chroma and the same hue. The more lightness, the
    more luma: the lightness that has this luma is found by halving.
    """
    darkest, brightest = np.zeros_like(luma), np.full_like(luma, 255)
    for _ in range(HALVINGS):
        level = (darkest + brightest) * np.float32(0.5)
        rgb = levels_of(level[None], ab[None], tone=tone)[:, 0]
        above = np.tensordot(BT601.luma_from_rgb, rgb, 1) > luma
        darkest, brightest = np.where(above, darkest, level), np.where(above, level, brightest)
    return chroma_of(level[None], ab[None], matrix=BT601, tone=tone)[:, 0].T


def _around(middle: float, length: int, radius: float) -> slice:
    """The pixels within three radii of a place."""
    reach = 3 * radius + 1
    return slice(max(0, int(middle - reach)), min(length, int(middle + reach) + 1))
