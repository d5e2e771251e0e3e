"""Batches on their way to the device: this process's share of each, made ahead, or there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from lightning_fabric import Fabric

from photochrom.errors import InputError
from photochrom.training.batches import BatchMaker, Prefetcher, TensorBatch
from photochrom.training.processes import share_of
from photochrom.training.resident.batches import ResidentBatches, why_not_resident
from photochrom.training.schedule import stage_at

if TYPE_CHECKING:
    from photochrom.training.run import Run


class Feed:
    """The share of each batch that this process takes: made ahead on threads, or on a GPU."""

    def __init__(self, run: Run, fabric: Fabric) -> None:
        self.run, self.fabric = run, fabric
        self.source = source_of(run.maker, fabric.device)

    def take(self) -> TensorBatch:
        """The batch of the run's next step, on the device; work on its successor starts."""
        run = self.run
        stage = stage_at(run.recipe.run, run.spent)
        after = run.budget.spent(
            step=run.step + 1, samples=run.samples + stage.batch, seconds=run.seconds
        )
        batch = self.source.take(
            *self.share(run.samples, run.spent), next=self.share(run.samples + stage.batch, after)
        )
        return on_device(batch, self.fabric.device)

    def share(self, samples: int, spent: float) -> tuple[int, int, int]:
        """First sample, count and crop size of this process's part of the batch at `samples`."""
        stage = stage_at(self.run.recipe.run, spent)
        count = share_of(stage.batch, self.fabric.world_size)
        return samples + self.fabric.global_rank * count, count, stage.px

    def close(self) -> None:
        """End the threads, let go of what lies on the device."""
        self.source.close()


def source_of(maker: BatchMaker, device: torch.device) -> Prefetcher | ResidentBatches:
    """Where batches are made: as `data.resident` says, by itself on a GPU that has room.

    Raises `InputError` where it says "on" and that cannot be.
    """
    wish = maker.recipe.data.resident
    if wish == "off" or (wish == "auto" and device.type != "cuda"):
        return Prefetcher(maker)
    reason = why_not_resident(maker, device)
    if reason is None:
        return ResidentBatches(maker, device)
    if wish == "on":
        raise InputError(f"data.resident = 'on' cannot be: {reason}. Say 'auto'.")
    return Prefetcher(maker)


def on_device(batch: TensorBatch, device: torch.device) -> TensorBatch:
    """The batch on the device, its input channels last."""
    lightness, *hints = (
        planes.to(device, non_blocking=True, memory_format=torch.channels_last)
        for planes in batch.given
    )
    return TensorBatch(lightness, batch.truth.to(device), *hints)
