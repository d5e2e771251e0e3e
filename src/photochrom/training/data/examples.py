"""Examples: what a network learns from, by number, in an order that a seed and an epoch fix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from photochrom.training.recipe import DataRecipe


@dataclass(frozen=True)
class Example:
    """One picture in colour, `rgb` (H, W, 3) uint8 sRGB, and the input that came with it.

    `given` (H, W) uint8 is sRGB-coded grey or an outline; None where the input is made from `rgb`.
    """

    rgb: NDArray[np.uint8]
    given: NDArray[np.uint8] | None = None


@dataclass(frozen=True)
class Refused:
    """A picture that was left out, and why."""

    file: str
    reason: str


class Examples(Protocol):
    """Training and validation examples; `len` counts the training ones of one epoch."""

    @property
    def fingerprint(self) -> str:
        """Changes with the examples, so that a run can tell that its data are others now."""

    @property
    def validation_count(self) -> int:
        """How many are held out."""

    @property
    def refused(self) -> tuple[Refused, ...]:
        """The bad pictures met so far."""

    def __len__(self) -> int: ...

    def training(self, seed: int, epoch: int, place: int) -> Example:
        """The example at `place`, 0 … len − 1, of that epoch's order."""

    def validation(self, i: int) -> Example:
        """The held-out example `i`."""


@lru_cache(maxsize=4)
def epoch_order(seed: int, epoch: int, count: int) -> NDArray[np.int64]:
    """A permutation of `count` examples that only the seed and the epoch decide, read-only."""
    order = np.random.default_rng((seed, epoch, 1)).permutation(count)
    order.flags.writeable = False
    return order


def open_examples(
    recipe: DataRecipe, cache_folder: Path, *, on_progress: Callable[[int, int], None]
) -> Examples:
    """The recipe's examples; pictures are decoded now where `cache_folder` does not hold them yet.

    `on_progress(done, total)` is called while decoding. Raises `InputError` where a path is absent,
    nothing is left to learn from, or a pair lacks its partner.
    """
    from photochrom.training.data.cached import open_cached
    from photochrom.training.data.sharded import open_shards

    open_layout = open_shards if recipe.layout == "shards" else open_cached
    return open_layout(recipe, cache_folder, on_progress=on_progress)
