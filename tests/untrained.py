"""Checkpoints of networks with random weights, for what does not care what was learned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from photochrom.color.quantized_ab import count_bins
from photochrom.training.checkpoint import Checkpoint, save_checkpoint
from photochrom.training.networks import generator_of, head_of
from photochrom.training.recipe import GeneratorRecipe, Recipe, RunRecipe, Stage

TINY = {"depth": 4, "width": 8}


def write_checkpoint(
    path: Path,
    *,
    head: str = "ab",
    paints: str = "ab",
    name: str = "unet",
    inputs: int = 1,
    options: dict[str, Any] | None = None,
) -> Path:
    """The checkpoint of a run of `name` that ended before it learned anything."""
    if options is None:
        options = TINY if name == "unet" else {}
    torch.manual_seed(5)
    generator = GeneratorRecipe(name=name, head=head, inputs=inputs, options=options)
    recipe = Recipe(
        name="untrained",
        description="random weights",
        paints=paints,
        generator=generator,
        loss={"l1": 100.0},
        run=RunRecipe(stages=(Stage(1.0, 64),)),
    )
    centres, class_weights = bins() if head == "bins" else (None, None)
    network = generator_of(recipe, head_of(recipe, centres, class_weights))
    settle_statistics(network)
    checkpoint = Checkpoint(
        recipe=recipe,
        ema=network.state_dict(),
        centres=centres,
        class_weights=class_weights,
        step=7,
        samples=28,
        seconds=90.0,
        facts={"commit": "0123456789ab", "photochrom": "0", "torch": torch.__version__},
    )
    save_checkpoint(path, checkpoint)
    return path


def bins() -> tuple[np.ndarray, np.ndarray]:
    """A dozen or so bins around grey, with weights that differ."""
    ab = np.random.default_rng(3).normal(0, 14, (400, 2)).astype(np.float32)
    centres, shares = count_bins(ab)
    return centres, (1 / shares**0.4).astype(np.float32)


def settle_statistics(network: torch.nn.Module) -> None:
    """Let BatchNorm see something, so that its statistics are not 0 and 1."""
    network.train()
    with torch.no_grad():
        for _ in range(3):
            network(torch.rand(2, 1, 64, 64) * 100)
    network.eval()
