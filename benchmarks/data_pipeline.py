"""Pictures a second that the data pipeline makes alone, against those that a training step learns.

    python benchmarks/data_pipeline.py [--data PATH…] [--recipe NAME…] [--seconds 6]

The step is timed alone, on one batch made before, at the precision that `auto` picks; the pipeline
alone, from the cache of decoded pictures to tensors, on two threads. Both take turns, and the
median of each counts. Without `--data`, smooth pictures with a little noise are made: what they
show does not matter here. The flagship's film is tried with every fault in every picture too,
which is more than its recipe asks for.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from photochrom.training.batches import Prefetcher
from photochrom.training.data.examples import Examples, open_examples
from photochrom.training.feed import on_device
from photochrom.training.processes import make_fabric
from photochrom.training.recipe import FilmRecipe, Recipe
from photochrom.training.recipe_file import read_recipe
from photochrom.training.run import Run
from photochrom.training.schedule import stage_at
from photochrom.training.step import Pace

LEAST = {"landscape-pix2pix": 5.0, "flagship": 1.5, "flagship, all film": 1.5}
EVERY_FAULT = FilmRecipe(share=1.0, dust=1.0)
THREADS = 2
MADE_PICTURES = 192
ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", nargs="*", default=[], help="folders or archives of photos")
    parser.add_argument("--recipe", nargs="*", default=["landscape-pix2pix", "flagship"])
    parser.add_argument("--seconds", type=float, default=6.0, help="for each measurement")
    arguments = parser.parse_args()
    torch.manual_seed(7)
    with tempfile.TemporaryDirectory() as folder:
        paths = arguments.data or [str(made_pictures(Path(folder)))]
        for name, recipe in variants(arguments.recipe):
            data = replace(recipe.data, paths=tuple(paths), include=("*",), limit=2000)
            recipe = replace(recipe, data=data)
            examples = open_examples(data, Path(folder) / "cache", on_progress=lambda *_: None)
            for px in sorted({stage.px for stage in recipe.run.stages}):
                report(name, px, recipe, examples, arguments.seconds)


def variants(names: list[str]) -> Iterator[tuple[str, Recipe]]:
    """The recipes by name, and the flagship with all that film can suffer."""
    for name in names:
        recipe = read_recipe(name, ("generator.encoder=random",))
        yield name, recipe
        if name == "flagship":
            yield f"{name}, all film", replace(recipe, film=EVERY_FAULT)


def made_pictures(folder: Path) -> Path:
    """A folder of pictures, 384 × 288."""
    photos = folder / "photos"
    photos.mkdir()
    rng = np.random.default_rng(0)
    for number in range(MADE_PICTURES):
        small = rng.integers(0, 256, (9, 12, 3), dtype=np.uint8)
        smooth = Image.fromarray(small).resize((384, 288), Image.Resampling.BICUBIC)
        rgb = np.asarray(smooth) + rng.normal(0, 5, (288, 384, 3))
        Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8)).save(photos / f"{number:03}.bmp")
    return photos


def report(name: str, px: int, recipe: Recipe, examples: Examples, seconds: float) -> None:
    """Print both speeds and their ratio at one size."""
    run = Run(recipe, examples, None, torch.device("cpu"))
    batch_size = stage_at(recipe.run, 0.0).batch
    step = training_step(run, batch_size, px)
    prefetcher = Prefetcher(run.maker, threads=THREADS)
    counter = iter(range(0, 1 << 40, batch_size))
    upcoming = (next(counter), batch_size, px)

    def make() -> None:
        nonlocal upcoming
        wanted, upcoming = upcoming, (next(counter), batch_size, px)
        prefetcher.take(*wanted, next=upcoming)

    speeds: dict[str, list[float]] = {"step": [], "pipeline": []}
    try:
        for _ in range(ROUNDS):
            for way, act in (("step", step), ("pipeline", make)):
                speeds[way].append(batch_size * rate(act, seconds / ROUNDS))
    finally:
        prefetcher.close()
    learned, made = (statistics.median(speeds[way]) for way in ("step", "pipeline"))
    print(
        f"{name:18} {px:4} px, {run.precision}: step {learned:7.1f} pictures/s, "
        f"pipeline {made:7.0f}: {made / learned:6.1f} times (at least {LEAST.get(name, 1.0)})"
    )


def training_step(run: Run, batch_size: int, px: int) -> Callable[[], None]:
    """A step on one batch, made before, at the precision that is fastest here."""
    device = torch.device("cpu")
    run.settle_precision(device)
    run.learner.setup(make_fabric(run.precision, "ddp"))
    batch = on_device(run.maker.make(0, batch_size, px), device)

    def step() -> None:
        run.learner.learn(batch, Pace(step=0, rate_factor=1.0))
        run.average.update(1000)

    return step


def rate(act: Callable[[], None], seconds: float) -> float:
    """How often a second it is done; the first time warms up."""
    act()
    started, times = time.perf_counter(), 0
    while times == 0 or time.perf_counter() - started < seconds:
        act()
        times += 1
    return times / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
