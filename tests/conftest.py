"""What every test may ask for: the shared photographs, and deterministic random numbers."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from absent import skip_or_fail

if TYPE_CHECKING:
    from photochrom.training.recipe import Recipe

# A shell that starts a job in the background has it ignore Ctrl-C, and all that it starts too: the
# tests of Ctrl-C would wait for ever.
signal.signal(signal.SIGINT, signal.default_int_handler)
SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `shared` beside the repository: photographs and weights that are not ours."""
    if not (SHARED / "bench").is_dir():
        skip_or_fail(f"{SHARED} is absent: it holds the photographs that this test measures on")
    return SHARED


@pytest.fixture
def rng() -> np.random.Generator:
    """Random numbers that are the same on every run."""
    return np.random.default_rng(7)


def colourful(seed: int) -> np.ndarray:
    """Sky above, grass below, a block in between: (48, 64, 3), each a little different."""
    rng = np.random.default_rng(seed)
    rgb = np.empty((48, 64, 3), np.float32)
    rgb[:24], rgb[24:] = (90, 140, 220), (60, 130, 50)
    left = int(rng.integers(4, 40))
    rgb[18:34, left : left + 14] = (190, 60, 50)
    return np.clip(rgb + rng.normal(0, 6, rgb.shape), 0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of twelve small colour photos."""
    folder = tmp_path_factory.mktemp("photos")
    for seed in range(12):
        Image.fromarray(colourful(seed)).save(folder / f"{seed:02}.png")
    return folder


@pytest.fixture(scope="session")
def tiny_recipe(photos: Path) -> Callable[..., Recipe]:
    """Makes the flagship's recipe tiny: twelve steps of four crops, from random weights."""
    from photochrom.training.recipe_file import read_recipe

    def make(*more: str) -> Recipe:
        settings = (
            f"data.paths={json.dumps([str(photos)])}",
            "data.validation_share=0.2",
            "generator.encoder=random",
            "run.steps=12",
            "run.batch=4",
            "run.stages=[{until=0.5, px=32}, {until=1.0, px=64}]",
            "run.precision=32-true",
            "optimizer.warmup_steps=4",
            "optimizer.decoder_rate=3e-3",
            "optimizer.encoder_rate=1e-3",
            "bins.sampled_photos=12",
        )
        return read_recipe("flagship", (*settings, *more))

    return make


@pytest.fixture(scope="session")
def tiny_checkpoint(
    tiny_recipe: Callable[..., Recipe], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The checkpoint of a tiny run."""
    from photochrom.training.loop import train

    folder = tmp_path_factory.mktemp("run")
    return train(tiny_recipe(), folder, cache_folder=folder / "cache", quiet=True)
