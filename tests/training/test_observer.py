"""What is decided about a run while it goes: the best is kept, and what leads nowhere is ended."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from torch import Tensor, nn

from photochrom.errors import InputError, PhotochromError
from photochrom.training import loop
from photochrom.training.checkpoint import Checkpoint, load_checkpoint
from photochrom.training.examine import Examiner
from photochrom.training.loop import train
from photochrom.training.observer import BEST
from photochrom.training.recipe import Recipe
from photochrom.training.recipe_file import read_recipe


@pytest.fixture
def quick(photos: Path) -> Callable[..., Recipe]:
    """Makes a recipe of a tiny generator alone that is looked at after every step."""

    def make(*settings: str) -> Recipe:
        tiny = (
            f"data.paths={json.dumps([str(photos)])}",
            "loss={l1=1.0}",
            "generator.options={depth=2, width=4}",
            "run.stages=[{until=1.0, px=32}]",
            "run.sample_steps=1",
            "run.log_steps=1",
        )
        return read_recipe("smoke", (*tiny, *settings))

    return make


def trained(recipe: Recipe, folder: Path) -> Checkpoint:
    path = train(recipe, folder, cache_folder=folder.parent / "cache", quiet=True)
    return load_checkpoint(path)


def look_at(monkeypatch: pytest.MonkeyPatch, **seen: Iterator[float]) -> None:
    """Let every look find the next of these numbers."""

    def examine(
        self: Examiner, generator: nn.Module, state: Mapping[str, Tensor], sheet_path: Path
    ) -> dict[str, float]:
        del self, generator, state, sheet_path
        return {name: next(numbers) for name, numbers in seen.items()}

    monkeypatch.setattr(Examiner, "examine", examine)


def test_the_best_look_is_kept_and_patience_runs_out(
    quick: Callable[..., Recipe], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_at(monkeypatch, delta_e=iter([9.0, 7.0, math.nan, 8.0, 7.5, 1.0]))
    recipe = quick("run.best_by=delta_e", "run.patience=3", "run.steps=9")
    last = trained(recipe, tmp_path / "run")
    best = load_checkpoint(tmp_path / "run" / BEST)
    assert (best.step, best.best) == (1, 7.0)
    assert (last.step, last.best, last.looks_since_best) == (4, 7.0, 3)
    assert "Ended early at step 4: delta_e" in (tmp_path / "run" / "log.jsonl").read_text()


def test_a_first_look_that_is_no_number_is_not_the_best(
    quick: Callable[..., Recipe], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_at(monkeypatch, held_out=iter([math.nan, 5.0, 6.0]))
    trained(quick("run.steps=2"), tmp_path / "run")
    assert load_checkpoint(tmp_path / "run" / BEST).best == 5.0


def test_a_number_that_no_look_has_is_the_users_mistake(
    quick: Callable[..., Recipe], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=r"best_by = 'psnr' is none of .*delta_e"):
        trained(quick("run.best_by=psnr"), tmp_path / "run")


def test_grey_output_ends_the_run_and_is_named(
    quick: Callable[..., Recipe], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_at(monkeypatch, held_out=iter([1.0] * 40), chroma_share=iter([0.0] * 40))
    monkeypatch.setattr("photochrom.training.observer.chroma_share", lambda *_: 0.0)
    settings = ("health.grace_steps=2", "health.patience_steps=3", "run.checkpoint_steps=1")
    with pytest.raises(PhotochromError, match=r"grey output: since step 2.*good\.safetensors"):
        trained(quick(*settings), tmp_path / "run")
    assert load_checkpoint(tmp_path / "run" / loop.LAST).step == 4


def test_the_precision_that_was_fastest_is_kept_when_the_run_goes_on(
    quick: Callable[..., Recipe], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raced: list[str] = []

    def choose(*_: object) -> tuple[str, dict[str, float]]:
        raced.append("once")
        return "bf16-mixed", {"32-true": 2.0, "bf16-mixed": 1.0}

    monkeypatch.setattr("photochrom.training.run.choose_precision", choose)
    auto = ("run.precision=auto", "run.sample_steps=99")
    assert trained(quick(*auto, "run.steps=1"), tmp_path / "run").precision == "bf16-mixed"
    assert trained(quick(*auto, "run.steps=2"), tmp_path / "run").precision == "bf16-mixed"
    (tmp_path / "run" / loop.LAST).unlink()  # as if killed before the first save
    assert trained(quick(*auto, "run.steps=1"), tmp_path / "run").precision == "bf16-mixed"
    assert raced == ["once"]
    log = (tmp_path / "run" / "log.jsonl").read_text()
    assert "precision bf16-mixed: a step took 32-true 2000 ms, bf16-mixed 1000 ms" in log
