"""What `auto` settles at a run's start is kept when it goes on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from photochrom.training import loop, run
from photochrom.training.checkpoint import Checkpoint, load_checkpoint
from photochrom.training.loop import train
from photochrom.training.recipe_file import read_recipe


@pytest.fixture
def trained(photos: Path, tmp_path: Path) -> Any:
    """Trains in `tmp_path` with these settings, or goes on, and gives the checkpoint."""
    small = (
        f"data.paths={json.dumps([str(photos)])}",
        "generator.options={depth=3, width=8}",
        "discriminator.options={receptive_field=16, width=8}",
        "run.stages=[{until=1.0, px=32}]",
    )

    def go_on(*settings: str) -> Checkpoint:
        recipe = read_recipe("smoke", (*small, *settings))
        return load_checkpoint(
            train(recipe, tmp_path / "run", cache_folder=tmp_path / "cache", quiet=True)
        )

    return go_on


def told(folder: Path) -> Any:
    return json.loads((folder / "resolved.json").read_text())["precision"]


def test_a_precision_that_the_recipe_names_wins(trained: Any, tmp_path: Path) -> None:
    assert trained("run.precision='bf16-mixed'", "run.steps=1").precision == "bf16-mixed"
    assert trained("run.precision='32-true'", "run.steps=2").precision == "32-true"
    assert told(tmp_path / "run") == "32-true"


def test_compiling_that_paid_is_kept(trained: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []

    def compile_networks(networks: list[Any], stages: int) -> None:
        compiled.extend(type(network).__name__ for network in networks)

    monkeypatch.setattr(loop, "compile_networks", compile_networks)
    monkeypatch.setattr(loop, "require_compiler", lambda device: None)
    monkeypatch.setattr(run.Run, "settle_compiling", lambda self, device: pays(self))

    def pays(started: run.Run) -> None:
        if started.step == 0:
            started.compiles = True

    assert trained("run.compile='auto'", "run.steps=1").compiles
    assert trained("run.compile='auto'", "run.steps=2").compiles
    assert compiled == 2 * ["UNet", "PatchGAN"]
    assert not trained("run.compile='off'", "run.steps=3").compiles
