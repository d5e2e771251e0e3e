"""Other plausible colours of a whole picture, where its model is unsure.

Pixels whose distributions are alike belong together, as the leaves of a wood or the walls of a
house do. Each such kind has a few modes, colours that it may well have; an alternative gives every
kind one of its modes. Where the model is sure there is one mode only, and the colour stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from photochrom.color.distribution import Bins, normalized
from photochrom.color.guided import box_mean
from photochrom.color.srgb import Floats

KINDS = 5  # of things in a picture, at most
PASSES = 12  # of k-means
MOST_MODES = 4  # of one kind
# Distances count in steps from bin to bin, so that a model of more saturation has as many ways.
MODE_WIDTH = 1.2  # steps, standard deviation of one mode's colours
APART = 2.8  # steps between two modes
LEAST_SHARE = 0.06  # of the probability, that a mode has
PULL = 3.5  # nats: how much likelier the mode becomes
PULL_WIDTH = 2.4  # steps, standard deviation of what is pulled along with it
SOFTNESS = 0.03  # of the border between kinds, in likeness
BOLDNESS = 0.5  # what a nat of likelihood counts against a step of mean difference


@dataclass(frozen=True, eq=False)
class Kind:
    """What a kind of thing in a picture may look like."""

    share: float  # of the picture
    modes: Floats  # (M, 2), the likeliest first
    likelihood: Floats  # (M,), log probability


def alternatives(log_shares: Floats, bins: Bins, count: int) -> list[Floats]:
    """`count` log shares (K, h, w), the first as given, the same ones however many are wanted.

    Where everything is sure, and there are fewer ways than that, the rest are as the first.
    """
    shares = np.exp(log_shares)
    members = _members(shares)
    kinds = [_kind(shares, member, bins) for member in members]
    chosen = _choose(kinds, count, bins.step)
    pulls = [np.tensordot(_pull(kinds, modes, bins), members, axes=1) for modes in chosen[1:]]
    pulled = [normalized(log_shares + pull) for pull in pulls]
    return [log_shares, *pulled] + [log_shares] * (count - len(chosen))


def _members(shares: Floats) -> Floats:
    """How far each pixel belongs to each kind, (R, h, w): k-means of the distributions' roots.

    The distance between roots is Hellinger's.
    """
    count, height, width = shares.shape
    roots = np.sqrt(shares.reshape(count, -1)).T
    rng = np.random.default_rng(0)
    middles = roots[[rng.integers(len(roots))]]
    while len(middles) < KINDS:  # k-means++, made deterministic: the farthest is the next
        far = 1 - (roots @ middles.T).max(axis=1)
        if far.max() < 0.1:
            break
        middles = np.concatenate([middles, roots[[far.argmax()]]])
    for _ in range(PASSES):
        likeness = roots @ middles.T
        nearest = likeness.argmax(axis=1)
        sums = np.stack([roots[nearest == kind].sum(axis=0) for kind in range(len(middles))])
        middles = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    likeness = (roots @ middles.T).T.reshape(-1, height, width)
    likeness = np.stack([box_mean(box_mean(plane)) for plane in likeness])
    soft: Floats = np.exp((likeness - likeness.max(axis=0)) / np.float32(SOFTNESS))
    soft /= soft.sum(axis=0)
    return soft


def _kind(shares: Floats, member: Floats, bins: Bins) -> Kind:
    """The modes of the mean distribution of a kind's pixels."""
    mean = (shares * member).sum(axis=(1, 2)) / max(float(member.sum()), 1e-9)
    squared = ((bins.centres[:, None] - bins.centres[None]) ** 2).sum(axis=2) / bins.step**2
    density = np.exp(-0.5 * squared / MODE_WIDTH**2) @ mean
    modes: list[int] = []
    likelihood: list[float] = []
    free = np.ones(len(mean), bool)
    while free.any() and len(modes) < MOST_MODES:
        place = int(np.where(free, density, -1).argmax())
        mass = float(mean[squared[place] < (APART / 2) ** 2].sum())
        if modes and mass < LEAST_SHARE:
            break
        modes.append(place)
        likelihood.append(float(np.log(max(mass, 1e-6))))
        free &= squared[place] >= APART**2
    return Kind(float(member.mean()), bins.centres[modes], np.array(likelihood, np.float32))


def _choose(kinds: list[Kind], count: int, step: float) -> list[tuple[int, ...]]:
    """Which mode each kind has in each alternative: likely ones that differ from those before.

    `step` is the bins' [a* b*].
    """
    ways = np.array(list(product(*(range(len(kind.modes)) for kind in kinds))))
    cost = sum(
        kind.share * (kind.likelihood[0] - kind.likelihood[ways[:, k]])
        for k, kind in enumerate(kinds)
    )
    chosen = [0]
    while len(chosen) < min(count, len(ways)):
        differs = np.min(
            [
                sum(
                    kind.share * np.hypot(*(kind.modes[ways[:, k]] - kind.modes[ways[one, k]]).T)
                    for k, kind in enumerate(kinds)
                )
                for one in chosen
            ],
            axis=0,
        )
        differs[chosen] = -1e9
        chosen.append(int((differs / step - BOLDNESS * cost).argmax()))
    return [tuple(int(m) for m in ways[one]) for one in chosen]


def _pull(kinds: list[Kind], modes: tuple[int, ...], bins: Bins) -> Floats:
    """How much likelier bins become in each kind [nats], (K, R): none where mode 0 stays."""
    pull = np.zeros((len(bins.centres), len(kinds)), np.float32)
    for column, kind, mode in zip(pull.T, kinds, modes, strict=True):
        if mode:
            squared = ((bins.centres - kind.modes[mode]) ** 2).sum(axis=1) / bins.step**2
            column[:] = PULL * np.exp(-squared / (2 * PULL_WIDTH**2))
    return pull
