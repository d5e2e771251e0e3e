"""Painted colours and a user's hints joined, at the size at which colours follow edges."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from photochrom.color.bilateral import guide_size, raise_colour
from photochrom.color.merge import small_lightness
from photochrom.color.spread import Spots, distances, reached, spread, within_gamut
from photochrom.color.srgb import Coded, Floats

TOLD_REACH = 1.5  # a network that was told counts so many times farther [benchmarks/hints.py]


def lay_hints(grey: Coded, ab: Floats, spots: Spots, told: Floats | None = None) -> Floats:
    """Colours (h, w, 2) for `merge(…, guide_per_ab=1)`, in which the spots have their own.

    `grey` (H, W) is the photo, `ab` what was painted of it, smaller, and `told` what a network
    paints that has been shown the spots: it counts as far as they reach, for networks are easily
    carried away. At a spot's pixel the merged colour is the spot's, its chroma reduced to what sRGB
    holds there; it ends at edges.
    """
    height, width = grey.shape
    lightness = small_lightness(grey, *guide_size(ab.shape[:2], height, width))
    guide = (lightness + 16) / np.float32(116)
    raised = _raised(ab, guide)
    if told is not None:
        asked = _raised(told, guide)
        distance = distances(asked, lightness, *spots.pixels(*lightness.shape)).min(axis=0)
        raised += reached(distance / np.float32(TOLD_REACH))[..., None] * (asked - raised)
    rows, columns = spots.pixels(height, width)
    own = small_lightness(grey[rows, columns][None], 1, len(rows))[0]
    around = lightness[spots.pixels(*lightness.shape)]
    wanted = replace(spots, ab=_most_chroma(spots.ab, own, around))
    return spread(raised, lightness, wanted, own)


def _raised(ab: Floats, guide: Floats) -> Floats:
    """Small colours (h, w, 2) at the guide's size."""
    return np.ascontiguousarray(np.moveaxis(raise_colour(ab, guide), 0, -1))


def _most_chroma(ab: Floats, own: Floats, around: Floats) -> Floats:
    """Colours (K, 2) within sRGB at the lightness of a pixel or round it, whichever holds more.

    A dark pixel of a red coat would otherwise make the whole coat dull.
    """
    here, near = within_gamut(own, ab), within_gamut(around, ab)
    more = np.hypot(*near.T) > np.hypot(*here.T)
    return np.where(more[:, None], near, here)
