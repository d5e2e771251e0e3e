"""Batches by number: batch n of a seed is always the same, so resuming needs no stored order."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from photochrom.training.augment import centre_crop, make_batch, random_crop
from photochrom.training.data.cache import PhotoCache
from photochrom.training.losses import truth_index
from photochrom.training.recipe import CropRecipe, FilmRecipe


@dataclass(frozen=True)
class TensorBatch:
    """`lightness` (B, 1, px, px) float32 L*; `index` (B, px/4, px/4) table entries of the truth."""

    lightness: Tensor
    index: Tensor
    ab: NDArray[np.float32]


@dataclass(frozen=True)
class BatchMaker:
    """Makes training batches of `batch` photos out of the cache's `chosen` ones."""

    cache: PhotoCache
    chosen: NDArray[np.int64]
    batch: int
    crop: CropRecipe
    film: FilmRecipe
    seed: int

    def make(self, number: int, px: int) -> TensorBatch:
        """Batch `number` at px × px; each photo comes once an epoch, in an order of its own."""
        rng = np.random.default_rng((self.seed, number))
        positions = np.arange(number * self.batch, (number + 1) * self.batch)
        epochs, places = np.divmod(positions, len(self.chosen))
        photos = [
            shuffled(self.seed, int(epoch), len(self.chosen))[place]
            for epoch, place in zip(epochs, places, strict=True)
        ]
        crops = np.stack(
            [random_crop(self.cache.photo(self.chosen[i]), px, self.crop, rng) for i in photos]
        )
        return to_tensors(crops, self.film, rng)


@lru_cache(maxsize=2)
def shuffled(seed: int, epoch: int, count: int) -> NDArray[np.int64]:
    """The order of that epoch."""
    return np.random.default_rng((seed, epoch, 1)).permutation(count)


def to_tensors(crops: NDArray[np.uint8], film: FilmRecipe, rng: np.random.Generator) -> TensorBatch:
    """Crops (B, px, px, 3) as a batch for the network."""
    batch = make_batch(crops, film, rng)
    return TensorBatch(torch.from_numpy(batch.lightness), truth_index(batch.ab), batch.ab)


def validation_batch(
    cache: PhotoCache, chosen: NDArray[np.int64], px: int, count: int
) -> TensorBatch:
    """The first `count` of the chosen photos, centre crops, clean grey: the same every time."""
    crops = np.stack([centre_crop(cache.photo(i), px) for i in chosen[:count]])
    return to_tensors(crops, FilmRecipe(share=0.0), np.random.default_rng(0))


class Prefetcher:
    """Makes the next batch on a thread while the network trains on this one."""

    def __init__(self, maker: BatchMaker) -> None:
        self.maker = maker
        self.pool = ThreadPoolExecutor(1)
        self.waiting: dict[tuple[int, int], Future[TensorBatch]] = {}

    def take(self, number: int, px: int, next_px: int) -> TensorBatch:
        """Batch `number` at `px`; starts on its successor at `next_px`."""
        current = self.waiting.pop((number, px), None)
        stale, self.waiting = self.waiting, {}
        for future in stale.values():
            future.cancel()
        batch = current.result() if current else self.maker.make(number, px)
        key = (number + 1, next_px)
        self.waiting[key] = self.pool.submit(self.maker.make, *key)
        return batch

    def close(self) -> None:
        """End the thread."""
        self.pool.shutdown(wait=True, cancel_futures=True)
