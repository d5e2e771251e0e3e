"""Where a film cuts from one shot to the next."""

from __future__ import annotations

import numpy as np

from photochrom.film.flow import Luma, Motion

LOST = 0.35  # mean trust in the motion, below which two frames may be of different shots
APART = 0.25  # half the difference of their histograms 0…1, above which they are
LEVELS = 32


def is_cut(before: Luma, now: Luma, motion: Motion) -> bool:
    """Whether a new shot begins at `now`."""
    if motion.back.trust.mean() > LOST:
        return False
    return bool(histogram_difference(before, now) > APART)


def histogram_difference(first: Luma, second: Luma) -> float:
    """Half the summed difference of the shares of each tone: 0 the same, 1 nothing in common."""
    shares = [
        np.bincount(luma.ravel() >> 3, minlength=LEVELS) / luma.size for luma in (first, second)
    ]
    return float(np.abs(shares[0] - shares[1]).sum() / 2)
