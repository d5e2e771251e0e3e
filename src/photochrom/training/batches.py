"""Batches by number: sample n of a run is always the same, whoever makes it in whatever company.

So resuming needs no stored order, and neither the batch's size nor the number of processes that
share it changes what is learned from.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from photochrom.color.lab import rgb_to_lab, rgb_to_lightness
from photochrom.color.quantized_ab import table_index
from photochrom.color.srgb import Floats
from photochrom.errors import InputError
from photochrom.resources import cores
from photochrom.training.augment.hints import hint_planes
from photochrom.training.data.examples import Examples
from photochrom.training.recipe import Recipe
from photochrom.training.samples import Sample, held_out_sample, random_sample
from photochrom.training.sides import Truth

Wanted: TypeAlias = tuple[int, int, int]  # first sample, how many, px
MOST_THREADS = 8
WANTS = frozenset({"index", "ab", "rgb"})


@dataclass(frozen=True)
class TensorBatch:
    """`lightness` (B, 1, px, px) float32 L* 0…100, the input; `truth` as far as it was wanted.

    `hints` (B, 3, px, px): a*, b* and where they hold, for a generator that takes them.
    """

    lightness: Tensor
    truth: Truth
    hints: Tensor | None = None

    @property
    def given(self) -> tuple[Tensor, ...]:
        """What the generator is given."""
        return (self.lightness,) if self.hints is None else (self.lightness, self.hints)

    def __len__(self) -> int:
        return len(self.lightness)


@dataclass(frozen=True)
class BatchMaker:
    """Makes batches of the recipe's samples.

    `wants` says what of the truth the losses compare, of `WANTS`: "rgb" at the crop's size, "ab"
    and "index" at the size that the generator paints, which is the crop's through `stride`.
    """

    examples: Examples
    recipe: Recipe
    wants: frozenset[str]
    stride: int = 1

    def __post_init__(self) -> None:
        if unknown := self.wants - WANTS:
            raise ValueError(f"unknown wants {sorted(unknown)}; known: {sorted(WANTS)}")
        if self.recipe.crop.jitter and self.recipe.data.input == "given":
            raise InputError(
                f"Recipe {self.recipe.name}: crop.jitter changes a target before its input is made "
                "from it, but data.input = 'given' takes the input from a file. Leave one out."
            )

    def make(self, first: int, count: int, px: int) -> TensorBatch:
        """Samples `first` … `first + count − 1` of the run at px × px.

        Each example comes once an epoch, in that epoch's own order.
        """
        return self.to_tensors([self.sample(n, px) for n in range(first, first + count)])

    def sample(self, number: int, px: int) -> Sample:
        """That sample of the run; its own number and the run's seed decide all that is random."""
        seed = self.recipe.run.seed
        epoch, place = divmod(number, len(self.examples))
        example = self.examples.training(seed, epoch, place)
        return random_sample(example, px, self.recipe, np.random.default_rng((seed, number)))

    def to_tensors(self, samples: Sequence[Sample]) -> TensorBatch:
        """The samples as input and truth."""
        crops = np.stack([sample.rgb for sample in samples])
        own, ab = self.colours(crops, [sample.lightness is None for sample in samples])
        remaining = iter(own)
        lightness = np.stack(
            [next(remaining) if s.lightness is None else s.lightness for s in samples]
        )
        truth = Truth(
            rgb=torch.from_numpy(to_planes(crops)) if "rgb" in self.wants else None,
            ab=torch.from_numpy(np.moveaxis(ab, -1, 1)) if "ab" in self.wants else None,
            index=torch.from_numpy(table_index(ab)) if "index" in self.wants else None,
        )
        hints = torch.from_numpy(hint_planes(samples)) if self.recipe.hints.share else None
        return TensorBatch(torch.from_numpy(lightness[:, None]), truth, hints)

    def colours(self, crops: NDArray[np.uint8], is_own: Sequence[bool]) -> tuple[Floats, Floats]:
        """The lightness of those crops whose input it is, and ab (B, h, w, 2) as far as wanted."""
        if not self.wants & {"ab", "index"}:
            return lightness_of(crops[np.flatnonzero(is_own)]), np.empty(0, np.float32)
        if self.stride == 1:
            lightness, ab = lab_of(crops)
            return lightness[np.flatnonzero(is_own)], ab
        return lightness_of(crops[np.flatnonzero(is_own)]), lab_of(shrunk(crops, self.stride))[1]


def validation_batch(maker: BatchMaker, px: int, count: int) -> TensorBatch:
    """The first `count` held-out examples, centre crops, clean input: the same every time.

    Raises `InputError` where none is held out.
    """
    held_out = range(min(count, maker.examples.validation_count))
    if not held_out:
        raise InputError(
            "No picture is held out to look at: give data.validation_paths, "
            "or a data.validation_share above 0 and more than one picture."
        )
    return maker.to_tensors(
        [held_out_sample(maker.examples.validation(i), px, maker.recipe) for i in held_out]
    )


def lightness_of(crops: NDArray[np.uint8]) -> Floats:
    """L* (B, H, W) of crops (B, H, W, 3)."""
    count, height, width, _ = crops.shape
    if not count:
        return np.empty((0, height, width), np.float32)
    rows = crops.reshape(count * height, width, 3)
    return rgb_to_lightness(rows).reshape(count, height, width)


def lab_of(crops: NDArray[np.uint8]) -> tuple[Floats, Floats]:
    """L* (B, H, W) and ab (B, H, W, 2) of crops (B, H, W, 3)."""
    count, height, width, _ = crops.shape
    lightness, ab = rgb_to_lab(crops.reshape(count * height, width, 3))
    return lightness.reshape(count, height, width), ab.reshape(count, height, width, 2)


def to_planes(crops: NDArray[np.uint8]) -> Floats:
    """Crops (B, H, W, 3) uint8 as planes (B, 3, H, W) 0…1."""
    planes: Floats = np.moveaxis(crops, -1, 1) * np.float32(1 / 255)
    return planes


def shrunk(crops: NDArray[np.uint8], by: int) -> NDArray[np.uint8]:
    """The means of `by` × `by` pixels, (B, H, W, 3); sums of slices beat `mean` 8 times."""
    count, height, width, _ = crops.shape
    rows = np.zeros((count, height // by, width, 3), np.uint16)
    sums = np.full((count, height // by, width // by, 3), by**2 // 2, np.uint16)
    for k in range(by):
        rows += crops[:, k::by]
    for k in range(by):
        sums += rows[:, :, k::by]
    return (sums // by**2).astype(np.uint8)


def joined(batches: Sequence[TensorBatch]) -> TensorBatch:
    """Batches of one kind, one after the other."""
    if len(batches) == 1:
        return batches[0]
    sides = zip(*(batch.truth.all() for batch in batches), strict=True)
    truth = Truth(*(torch.cat(present) if (present := tensors(side)) else None for side in sides))
    given = zip(*(batch.given for batch in batches), strict=True)
    lightness, *hints = (torch.cat(planes) for planes in given)
    return TensorBatch(lightness, truth, *hints)


def tensors(side: Sequence[Tensor | None]) -> list[Tensor]:
    """Those that are there."""
    return [tensor for tensor in side if tensor is not None]


class Prefetcher:
    """Makes the next batch on threads while the network trains on this one."""

    def __init__(self, maker: BatchMaker, *, threads: int | None = None) -> None:
        """`threads` share each batch; by default one, and several where a GPU does the training."""
        self.maker = maker
        self.threads = threads or default_threads()
        self.pool = ThreadPoolExecutor(self.threads, thread_name_prefix="batches")
        self.waiting: dict[Wanted, list[Future[TensorBatch]]] = {}

    def take(self, first: int, count: int, px: int, next: Wanted | None = None) -> TensorBatch:
        """Samples `first` … at `px`, as `BatchMaker.make`; starts on `next` before it returns."""
        wanted = (first, count, px)
        pieces = self.waiting.pop(wanted, None) or self.start(wanted)
        for stale in self.waiting.values():
            for piece in stale:
                piece.cancel()
        self.waiting.clear()
        batch = joined([piece.result() for piece in pieces])
        if next is not None:
            self.waiting[next] = self.start(next)
        return batch

    def start(self, wanted: Wanted) -> list[Future[TensorBatch]]:
        """Set the threads to work on it, a run of samples each."""
        first, count, px = wanted
        edges = [first + count * i // self.threads for i in range(self.threads + 1)]
        return [
            self.pool.submit(self.maker.make, start, stop - start, px)
            for start, stop in pairwise(edges)
            if stop > start
        ]

    def close(self) -> None:
        """End the threads."""
        self.pool.shutdown(wait=True, cancel_futures=True)


def default_threads() -> int:
    """One beside a network that trains on the CPU too; beside a GPU all cores, 8 at most."""
    return min(MOST_THREADS, cores()) if torch.cuda.is_available() else 1
