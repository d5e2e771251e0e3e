"""Examples that lie decoded in a cache file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photochrom.errors import InputError
from photochrom.training.data.cache import PhotoCache, open_cache
from photochrom.training.data.examples import Example, Refused, epoch_order
from photochrom.training.recipe import DataRecipe


@dataclass(frozen=True)
class CachedExamples:
    """The pictures of a cache: the `chosen` ones train, others are held out."""

    cache: PhotoCache
    chosen: NDArray[np.int64]
    held_out: NDArray[np.int64]

    @property
    def fingerprint(self) -> str:
        return self.cache.fingerprint

    @property
    def validation_count(self) -> int:
        return len(self.held_out)

    @property
    def refused(self) -> tuple[Refused, ...]:
        return self.cache.refused

    def __len__(self) -> int:
        return len(self.chosen)

    def training(self, seed: int, epoch: int, place: int) -> Example:
        order = epoch_order(seed, epoch, len(self.chosen))
        return self.cache.example(int(self.chosen[order[place]]))

    def validation(self, i: int) -> Example:
        return self.cache.example(int(self.held_out[i]))


def open_cached(
    recipe: DataRecipe, cache_folder: Path, *, on_progress: Callable[[int, int], None]
) -> CachedExamples:
    """The recipe's pictures, decoded now where `cache_folder` does not hold them yet.

    Raises `InputError` where none is left to train on.
    """
    cache = open_cache(recipe, cache_folder, on_progress=on_progress)
    training, held_out = cache.split(recipe.validation_share)
    if not len(training):
        raise InputError(
            f"All {len(cache)} pictures are held out, none is left to train on: "
            "data.paths and data.validation_paths hold the same ones."
        )
    return CachedExamples(cache, training, held_out)
