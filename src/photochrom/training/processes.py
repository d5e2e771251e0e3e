"""One process or many: Lightning Fabric, told by torchrun's environment."""

from __future__ import annotations

import logging
import os
from datetime import timedelta
from typing import TYPE_CHECKING

import torch
from lightning_fabric import Fabric
from lightning_fabric.strategies.ddp import DDPStrategy
from lightning_fabric.strategies.model_parallel import ModelParallelStrategy
from lightning_fabric.strategies.strategy import Strategy

from photochrom.errors import InputError
from photochrom.training.sharding import shard

if TYPE_CHECKING:
    from torch import nn

PATIENCE = timedelta(hours=2)  # the other processes wait so long while the first decodes photos


# It tells every precision that it is given; the run's own log says which and why.
logging.getLogger("lightning_fabric.utilities.rank_zero").setLevel(logging.WARNING)
logging.getLogger("lightning_utilities.core.rank_zero").setLevel(logging.WARNING)


def processes() -> int:
    """How many processes torchrun has started; 1 without it."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def make_fabric(precision: str, strategy: str) -> Fabric:
    """Fabric over the processes that torchrun started, or over this one alone."""
    world = processes()
    if world == 1:
        return Fabric(devices=1, precision=precision)  # type: ignore[arg-type]
    local = int(os.environ.get("LOCAL_WORLD_SIZE", world))
    return Fabric(
        accelerator="cuda" if torch.cuda.is_available() else "cpu",
        devices=local,
        num_nodes=world // local,
        precision=precision,  # type: ignore[arg-type]
        strategy=make_strategy(strategy),
    )


def make_strategy(name: str) -> Strategy:
    """DDP, or weights cut over the processes; each has BatchNorm statistics of its own."""
    if name == "ddp":
        # Buffers are not sent around: that would overwrite BatchNorm's statistics in the middle of
        # a step in which the discriminator looks twice.
        return DDPStrategy(broadcast_buffers=False, timeout=PATIENCE)
    return ModelParallelStrategy(
        shard, data_parallel_size=processes(), tensor_parallel_size=1, timeout=PATIENCE
    )


def share_of(batch: int, world: int) -> int:
    """The pictures that each process takes of a batch; an `InputError` where it cannot be cut."""
    if batch % world:
        raise InputError(
            f"A batch of {batch} cannot be shared by {world} processes: "
            f"make run.batch (and every stage's) a multiple of {world}."
        )
    return batch // world


def has_batch_statistics(*networks: nn.Module | None) -> bool:
    """Whether any BatchNorm of the networks takes its statistics from the batch."""
    from torch.nn.modules.batchnorm import _BatchNorm

    return any(
        isinstance(module, _BatchNorm) and module.training
        for network in networks
        if network is not None
        for module in network.modules()
    )
