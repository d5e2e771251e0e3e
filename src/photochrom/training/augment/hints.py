"""Hints for training: points and strokes whose colour is the truth's (Zhang et al. 2017, 3.2)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from photochrom.color.lab import rgb_to_lab
from photochrom.color.srgb import Floats
from photochrom.training.recipe import HintRecipe

Place: TypeAlias = tuple[NDArray[np.intp], NDArray[np.intp]]  # rows and columns of its pixels

MOST_SIDE_PX = 7  # of a point, a square
LONGEST_SHARE = 0.2  # of the picture's side, for a stroke
STROKE_WIDTH_PX = 2
MOST_SPREAD = 12.0  # of a*b* under one stroke; where they differ more, its first pixels count


class Hinted(Protocol):
    """A sample: its colours (px, px, 3), and the places where they are told."""

    @property
    def rgb(self) -> NDArray[np.uint8]: ...
    @property
    def hints(self) -> tuple[Place, ...]: ...


def random_places(px: int, recipe: HintRecipe, rng: np.random.Generator) -> tuple[Place, ...]:
    """Where colours are told in a picture of px × px: nowhere in most, else 1 … `most` places."""
    if rng.random() >= recipe.share:
        return ()
    count = int(math.exp(rng.uniform(0.0, math.log(recipe.most + 1))))
    return tuple(
        random_stroke(px, rng) if rng.random() < recipe.strokes else random_point(px, rng)
        for _ in range(count)
    )


def random_point(px: int, rng: np.random.Generator) -> Place:
    """A square of 1 to `MOST_SIDE_PX` pixels a side, anywhere."""
    side = int(rng.integers(1, MOST_SIDE_PX + 1))
    top, left = rng.integers(0, px - side + 1, size=2)
    rows, columns = np.mgrid[top : top + side, left : left + side]
    return rows.ravel(), columns.ravel()


def random_stroke(px: int, rng: np.random.Generator) -> Place:
    """A straight line of `STROKE_WIDTH_PX`, anywhere, in any direction."""
    length = rng.uniform(MOST_SIDE_PX, max(LONGEST_SHARE * px, MOST_SIDE_PX + 1.0))
    angle = rng.uniform(0.0, 2 * math.pi)
    start = rng.uniform(0, px, size=2)
    along = np.arange(0.0, length, 0.7)[:, None] * np.array([math.sin(angle), math.cos(angle)])
    width = np.indices((STROKE_WIDTH_PX, STROKE_WIDTH_PX)).reshape(2, -1).T
    pixels = np.clip((start + along).astype(np.intp)[:, None] + width, 0, px - 1).reshape(-1, 2)
    return pixels[:, 0], pixels[:, 1]


def hint_planes(samples: Sequence[Hinted]) -> Floats:
    """The samples' hints as planes (B, 3, px, px): a*, b* and 1 where they hold.

    All pixels of a place are told one colour, their mean; later places lie over earlier ones.
    """
    px = samples[0].rgb.shape[0]
    planes = np.zeros((len(samples), 3, px, px), np.float32)
    for plane, sample in zip(planes, samples, strict=True):
        for rows, columns in sample.hints:
            colours = rgb_to_lab(sample.rgb[rows, columns][None])[1][0]
            keep = len(rows) if colours.std(axis=0).max() < MOST_SPREAD else 1
            plane[:2, rows[:keep], columns[:keep]] = colours[:keep].mean(axis=0)[:, None]
            plane[2, rows[:keep], columns[:keep]] = 1.0
    return planes
