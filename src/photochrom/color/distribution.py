"""What a distribution over ab bins says: one colour, and how sure it is (Zhang et al. 2016).

The same arithmetic as in a model file, for what is made of its `logits` outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from photochrom.color.srgb import Floats

USUAL_STEP = 10.0  # a* b*, between the centres of bins (Zhang et al. 2016)


@dataclass(frozen=True, eq=False)
class Bins:
    """The colours that a model chooses among: `centres` (K, 2), a* b*, and `log_weights` (K,).

    The weights are those with which rare colours counted more in training.
    """

    centres: Floats
    log_weights: Floats

    @cached_property
    def step(self) -> float:
        """How far apart neighbouring centres are [a* b*]; of a single one, `USUAL_STEP`."""
        nearest = np.hypot(*(self.centres[1:] - self.centres[0]).T)
        return float(nearest.min(initial=np.inf)) if len(nearest) else USUAL_STEP


def log_shares(
    logits: Floats, bins: Bins, *, alpha: float = 1.0, temperature: float = 1.0
) -> Floats:
    """The logarithm of each bin's probability, (K, h, w), of `logits` (K, h, w).

    `alpha` is the share of the class weights that is taken back: at 1 the probabilities are those
    of the photographs themselves. `temperature` below 1 sharpens.
    """
    scores = logits - np.float32(alpha) * bins.log_weights[:, None, None]
    scores /= np.float32(temperature)
    return normalized(scores)


def normalized(scores: Floats) -> Floats:
    """Scores (K, h, w) as logarithms of shares, which sum to 1 at every pixel."""
    shares: Floats = scores - scores.max(axis=0)
    shares -= np.log(np.exp(shares).sum(axis=0))
    return shares


def mean_colour(log_shares: Floats, bins: Bins) -> Floats:
    """The mean a* b* (h, w, 2) of log shares (K, h, w)."""
    count, height, width = log_shares.shape
    shares = np.exp(log_shares).reshape(count, -1)
    return np.ascontiguousarray((bins.centres.T @ shares).T).reshape(height, width, 2)


def uncertainty(log_shares: Floats) -> Floats:
    """How unsure log shares (K, h, w) are: their entropy, 0 sure … 1 all bins alike, (h, w)."""
    entropy = -(np.exp(log_shares) * log_shares).sum(axis=0)
    unsure: Floats = np.clip(entropy / np.float32(np.log(max(2, len(log_shares)))), 0, 1)
    return unsure
