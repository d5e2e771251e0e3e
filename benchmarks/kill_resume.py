"""Kill -9 at a random moment of a run, go on: the same weights as undisturbed, how often?

    python benchmarks/kill_resume.py [--times 20] [--steps 40]

Each run is the `smoke` recipe (generator and discriminator, two sizes, a batch that changes with
them) on pictures drawn here, with dropout and old film, killed once at a random step and started
again by the same command. Every tensor of both networks, the average and both optimizers is
compared bit for bit.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file

from photochrom.training.loop import LAST, train
from photochrom.training.recipe import Recipe
from photochrom.training.recipe_file import read_recipe

PHOTOS = 24
PROCESSES = multiprocessing.get_context("forkserver")  # each starts with torch imported already
PROCESSES.set_forkserver_preload(["photochrom.training.loop"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--steps", type=int, default=40)
    arguments = parser.parse_args()
    rng = np.random.default_rng(7)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        recipe = recipe_on(drawn_photos(root / "photos", rng), arguments.steps)
        finish(recipe, root / "whole")
        whole = load_file(root / "whole" / LAST)
        same = 0
        for number in range(arguments.times):
            run = root / f"killed-{number}"
            at_step = int(rng.integers(0, arguments.steps))
            killed_at = kill_at(recipe, run, at_step, wait_s=float(rng.uniform(0, 0.05)))
            finish(recipe, run)
            is_same = equal(whole, load_file(run / LAST))
            same += is_same
            print(f"killed at step {killed_at:3}: {'the same weights' if is_same else 'DIFFERENT'}")
    print(f"{same} of {arguments.times} runs ended with the weights of the undisturbed one")


def recipe_on(photos: Path, steps: int) -> Recipe:
    """The smoke recipe, a checkpoint after every step."""
    return read_recipe(
        "smoke",
        (
            f"data.paths={json.dumps([str(photos)])}",
            f"run.steps={steps}",
            "run.checkpoint_steps=1",
            "run.log_steps=1",
            "run.sample_steps=9",
        ),
    )


def drawn_photos(folder: Path, rng: np.random.Generator) -> Path:
    """Pictures of two colours and noise."""
    folder.mkdir()
    for number in range(PHOTOS):
        rgb = np.empty((80, 96, 3))
        rgb[:40], rgb[40:] = rng.integers(0, 256, 3), rng.integers(0, 256, 3)
        rgb += rng.normal(0, 10, rgb.shape)
        Image.fromarray(rgb.clip(0, 255).astype(np.uint8)).save(folder / f"{number:02}.png")
    return folder


def start(recipe: Recipe, folder: Path) -> Any:
    """A process that trains, or goes on training, in `folder`."""
    process = PROCESSES.Process(target=train_alone, args=(recipe, folder))
    process.start()
    return process


def train_alone(recipe: Recipe, folder: Path) -> None:
    torch.set_num_threads(1)
    train(recipe, folder, cache_folder=folder.parent / "cache", quiet=True)


def finish(recipe: Recipe, folder: Path) -> None:
    """Train until the run's budget is spent."""
    process = start(recipe, folder)
    process.join()
    assert process.exitcode == 0, f"training in {folder} failed"


def kill_at(recipe: Recipe, folder: Path, at_step: int, *, wait_s: float) -> int:
    """Start a run and kill it once it has logged that step, and a moment after; the step then."""
    process = start(recipe, folder)
    while process.is_alive() and logged_step(folder) < at_step:
        time.sleep(0.002)
    time.sleep(wait_s)
    process.kill()
    process.join()
    return logged_step(folder)


def logged_step(folder: Path) -> int:
    """The last step in the run's log; 0 where there is none yet."""
    path = folder / "log.jsonl"
    lines = path.read_bytes().splitlines() if path.exists() else []
    for line in reversed(lines):
        try:
            return int(json.loads(line)["step"])
        except (ValueError, KeyError):
            continue
    return 0


def equal(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    """Whether both hold the same tensors, bit for bit."""
    return one.keys() == other.keys() and all(torch.equal(one[key], other[key]) for key in one)


if __name__ == "__main__":
    main()
