"""Examples that lie decoded in a cache file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photochrom.training.data.cache import PhotoCache
from photochrom.training.data.examples import Example, Refused, epoch_order


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
