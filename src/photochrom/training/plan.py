"""What a recipe asks for, before anything is decoded or trained: a dry run's facts."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from photochrom.color.lab import rgb_to_lab
from photochrom.color.quantized_ab import count_bins
from photochrom.generators.cost import multiply_adds, parameters
from photochrom.resources import free_memory
from photochrom.training.data.official import Part
from photochrom.training.data.shard_list import braces, shards_at
from photochrom.training.data.sources import find_sources
from photochrom.training.memory import GIB, MemoryEstimate, estimate_memory
from photochrom.training.networks import RANDOM
from photochrom.training.recipe import DataRecipe, Recipe, RunRecipe, Stage
from photochrom.training.run import new_learner
from photochrom.training.schedule import Budget
from photochrom.training.step import Learner

LEVELS = 33  # of red, green and blue: a grid that meets the bins of sRGB


def plan(recipe: Recipe) -> list[tuple[str, str]]:
    """The run in facts, each a name and words: networks, pictures, steps, memory.

    Pictures are found but not opened. Raises `InputError` where the data cannot be used.
    """
    learner = new_learner(recipe, *every_bin())
    stage = largest_stage(recipe.run)
    found = pictures(recipe.data)
    return [
        ("generator", generator_words(recipe, learner, stage.px)),
        ("discriminator", discriminator_words(recipe, learner)),
        ("pictures", picture_words(recipe.data, found)),
        ("steps", step_words(recipe.run, found)),
        ("memory", memory_words(step_memory(recipe, learner, stage), recipe.run.precision)),
    ]


def every_bin() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """All bins that sRGB has colours for, and equal weights: a run has those of its pictures."""
    levels = np.linspace(0, 255, LEVELS).astype(np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(LEVELS, -1, 3)
    centres, _ = count_bins(rgb_to_lab(cube)[1].reshape(-1, 2))
    return centres, np.ones(len(centres), np.float32)


def largest_stage(run: RunRecipe) -> Stage:
    """The stage that needs most memory, with its batch."""
    stages = [Stage(stage.until, stage.px, stage.batch or run.batch) for stage in run.stages]
    return max(stages, key=lambda stage: stage.px**2 * stage.batch)


def step_memory(recipe: Recipe, learner: Learner, stage: Stage) -> MemoryEstimate:
    """The memory of a step of that stage on one device."""
    adversary = learner.adversary
    return estimate_memory(
        learner.generator,
        None if adversary is None else adversary.network,
        batch=stage.batch // recipe.run.accumulate,
        px=stage.px,
        precision=recipe.run.precision,
        head=learner.head,
        inputs=recipe.generator.inputs,
        losses=learner.losses,
    )


def pictures(recipe: DataRecipe) -> tuple[int, int] | None:
    """How many there are to learn from and to hold out; None where that cannot be told yet."""
    if not recipe.paths:
        return None
    if recipe.layout == "shards":
        return pictures_in_shards(recipe)
    parts = [source.part for source in find_sources(recipe)]
    held_out = parts.count(Part.VALIDATION) or share_held_out(recipe.validation_share, len(parts))
    return len(parts) - held_out, held_out


def share_held_out(share: float, count: int) -> int:
    """How many of `count` pictures are held out, about: one at least where any are to be."""
    return max(1, round(share * count)) if share and count > 1 else 0


def pictures_in_shards(recipe: DataRecipe) -> tuple[int, int] | None:
    """The same of shards that an index counts; None where one would have to be read through."""
    learned, held_out = (
        [count for path in paths for text in braces(path) for _, count in shards_at(text)]
        for paths in (recipe.paths, recipe.validation_paths)
    )
    if None in learned + held_out:
        return None
    total, most = sum(filter(None, learned)), recipe.limit or math.inf
    kept = sum(filter(None, held_out)) or round(recipe.validation_share * total)
    learned_from = total if held_out else total - kept
    return int(min(learned_from, most)), int(min(kept, most))


def step_count(run: RunRecipe, learned_from: int) -> int | None:
    """The steps of the whole run; None where its budget is minutes."""
    budget = Budget.of(run, learned_from)
    if budget.steps or not budget.samples:
        return budget.steps or None
    steps = samples = 0
    for stage in run.stages:
        batch = stage.batch or run.batch
        more = max(0, math.ceil((stage.until * budget.samples - samples) / batch))
        steps, samples = steps + more, samples + more * batch
    return steps


# ---- words


def generator_words(recipe: Recipe, learner: Learner, px: int) -> str:
    """Name, size, cost and where its encoder comes from."""
    wanted, network = recipe.generator, learner.generator
    cost = multiply_adds(network, px, px) / 1e9
    words = (
        f"{wanted.name}, head {wanted.head}: {millions(parameters(network))} parameters, "
        f"{cost:.2f} GMAC a picture of {px} px"
    )
    if wanted.encoder == RANDOM:
        return words
    is_there = Path(wanted.encoder).expanduser().is_file()
    return f"{words}; encoder from {wanted.encoder}{'' if is_there else ', which is not there'}"


def discriminator_words(recipe: Recipe, learner: Learner) -> str:
    """Name and size."""
    if learner.adversary is None:
        return "none"
    count = parameters(learner.adversary.network)
    return f"{recipe.discriminator.name}: {millions(count)} parameters"


def millions(count: int) -> str:
    """A count of parameters.

    >>> millions(54_413_955)
    '54.41 million'
    """
    return f"{count / 1e6:.2f} million"


def picture_words(recipe: DataRecipe, found: tuple[int, int] | None) -> str:
    """How many there are, before any is opened."""
    if not recipe.paths:
        return "none yet: give folders, zips or tars with --data"
    if found is None:
        return "in shards without an index: counted when the run begins"
    return f"{found[0]:,} to learn from, {found[1]:,} held out (before bad ones are left out)"


def step_words(run: RunRecipe, found: tuple[int, int] | None) -> str:
    """How long the run is."""
    sizes = ", then ".join(f"{stage.px} px × {stage.batch or run.batch}" for stage in run.stages)
    if not (run.steps or run.epochs):
        return f"as many as {run.minutes:g} minutes allow, at {sizes}"
    if not run.steps and found is None:
        return f"{run.epochs:g} times all pictures, at {sizes}"
    count = step_count(run, 0 if found is None else found[0])
    return f"{count:,}, at {sizes}"


def memory_words(estimate: MemoryEstimate, precision: str) -> str:
    """What the largest step needs, and what there is."""
    needed = f"{estimate.total_bytes / GIB:.1f} GiB"
    words = f"about {needed} for {estimate.batch} pictures of {estimate.px} px"
    if precision == "auto":
        words += " in float32 (auto may need less)"
    if torch.cuda.is_available():
        available: int | None = torch.cuda.mem_get_info()[0]
        words += f"; {torch.cuda.get_device_name()} has"
    else:
        available = free_memory()
        words += "; main memory has"
    if available is None:
        return words.rpartition(";")[0]
    words += f" {available / GIB:.1f} GiB free"
    if available < estimate.total_bytes:
        words += f". {estimate.advice(available)}"
    return words
