"""Other plausible colours of a whole picture, where its model is unsure."""

from __future__ import annotations

import math

import numpy as np

from photochrom.color.distribution import Bins
from photochrom.color.srgb import Floats

GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))  # turns that never meet: directions far from all others
PULL = 4.0  # how much likelier, in nats, the colours of a direction become
FULL_CHROMA = 20.0  # at which a colour has a hue to speak of


def tilted(log_shares: Floats, bins: Bins, number: int) -> Floats:
    """Log shares (K, h, w) of alternative `number` 1, 2, …: colours of one hue made likelier."""
    angle = GOLDEN_ANGLE * number
    chroma = np.hypot(*bins.centres.T)
    towards = bins.centres @ np.array([math.cos(angle), math.sin(angle)], np.float32)
    scores = log_shares + (PULL * towards / np.maximum(chroma, FULL_CHROMA))[:, None, None]
    scores -= scores.max(axis=0)
    result: Floats = scores - np.log(np.exp(scores).sum(axis=0))
    return result
