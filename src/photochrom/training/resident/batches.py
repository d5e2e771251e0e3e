"""Batches made where the network is trained: photographs as uint8 on the GPU, augmented there.

The recipe is the same as on a CPU, and so are the odds; which picture comes when is too. The
random numbers are the device's own, one seed a batch, so that other batch sizes see other crops.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from photochrom.color.quantized_ab import TABLE_LIMIT, TABLE_SIDE, TABLE_STEP
from photochrom.generators.colour_space import rgb_to_lab
from photochrom.training.batches import BatchMaker, TensorBatch, Wanted
from photochrom.training.data.cached import CachedExamples
from photochrom.training.data.examples import epoch_order
from photochrom.training.recipe import Recipe
from photochrom.training.resident.chance import Chance
from photochrom.training.resident.film import old_film
from photochrom.training.resident.hints import hint_planes
from photochrom.training.resident.photos import ResidentPhotos
from photochrom.training.sides import Truth

MOST_SHARE = 0.5  # of the GPU's free memory, that photographs may take


class ResidentBatches:
    """Gives batches as `Prefetcher` does, from photographs that lie on `device`."""

    def __init__(self, maker: BatchMaker, device: torch.device) -> None:
        if not isinstance(maker.examples, CachedExamples):
            raise ValueError("only pictures of a cache can lie on a device")
        self.maker, self.device, self.examples = maker, device, maker.examples
        self.photos = ResidentPhotos.of(maker.examples, device)

    def take(
        self,
        first: int,
        count: int,
        px: int,
        next: Wanted | None = None,  # noqa: ARG002 - a GPU needs no head start on it
    ) -> TensorBatch:
        """Samples `first` … `first + count − 1` at `px`, as `Prefetcher.take`."""
        with torch.no_grad(), torch.autocast(self.device.type, enabled=False):
            return self.make(first, count, px)

    def make(self, first: int, count: int, px: int) -> TensorBatch:
        """The same, as tensors on the device."""
        recipe = self.maker.recipe
        chance = Chance(seed_of(recipe.run.seed, first), count, self.device)
        which = torch.from_numpy(self.chosen(first, count)).to(self.device)
        rgb = self.photos.crops(which, recipe.crop, px, chance)
        own, ab = rgb_to_lab(rgb)
        filmed = chance.happens(recipe.film.share)
        lightness = torch.where(filmed, old_film(rgb, recipe.film, chance), own)
        hints = hint_planes(ab, recipe.hints, chance) if recipe.hints.share else None
        return TensorBatch(lightness, self.truth(rgb, ab), hints)

    def chosen(self, first: int, count: int) -> NDArray[np.int64]:
        """The numbers of the pictures in the cache: each comes once an epoch, in its own order."""
        seed, total = self.maker.recipe.run.seed, len(self.examples)
        places = [divmod(number, total) for number in range(first, first + count)]
        order = [epoch_order(seed, epoch, total)[place] for epoch, place in places]
        numbers: NDArray[np.int64] = self.examples.chosen[np.array(order)]
        return numbers

    def truth(self, rgb: Tensor, ab: Tensor) -> Truth:
        """The truth of crops, in the forms that are wanted."""
        wants, stride = self.maker.wants, self.maker.stride
        small = ab if stride == 1 else rgb_to_lab(F.avg_pool2d(rgb, stride))[1]
        return Truth(
            rgb=rgb if "rgb" in wants else None,
            ab=small if "ab" in wants else None,
            index=table_index(small) if "index" in wants else None,
        )

    def close(self) -> None:
        """Let go of the photographs."""
        del self.photos


def table_index(ab: Tensor) -> Tensor:
    """The look-up table's entry of each colour, (B, 2, h, w) → (B, h, w)."""
    cells = ((ab + TABLE_LIMIT) / TABLE_STEP).round().clamp(0, TABLE_SIDE - 1).long()
    return cells[:, 0] * TABLE_SIDE + cells[:, 1]


def seed_of(seed: int, first: int) -> int:
    """One seed for each batch of each run."""
    return int(np.random.SeedSequence((seed, first)).generate_state(1, np.uint64)[0] >> 1)


def why_not_resident(maker: BatchMaker, device: torch.device) -> str | None:
    """In words, why this run's photographs cannot lie on the device; None where they can."""
    recipe: Recipe = maker.recipe
    if recipe.data.input != "grey" or recipe.crop.jitter:
        return "only photographs made grey, without jitter, are augmented on a GPU"
    if not isinstance(maker.examples, CachedExamples):
        return "shards are streamed"
    if device.type == "cuda":
        needed, free = maker.examples.cache.pixels.nbytes, torch.cuda.mem_get_info(device)[0]
        if needed > MOST_SHARE * free:
            return f"the photographs take {needed >> 20} MiB, and {free >> 20} MiB are free"
    return None
