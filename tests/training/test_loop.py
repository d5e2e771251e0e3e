"""A tiny run learns, stops and goes on to the same weights."""

from __future__ import annotations

import json
import multiprocessing
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image

from photochrom.errors import InputError, PhotochromError, WeightsError
from photochrom.training.batches import TensorBatch
from photochrom.training.checkpoint import Checkpoint, load_checkpoint
from photochrom.training.loop import train
from photochrom.training.recipe import Recipe
from photochrom.training.step import Learner, Pace

MakeRecipe = Callable[..., Recipe]


def trained(recipe: Recipe, folder: Path, cache: Path) -> Checkpoint:
    return load_checkpoint(train(recipe, folder, cache_folder=cache, quiet=True))


def lines(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def test_a_small_run_learns_and_explains_itself(tiny_recipe: MakeRecipe, tmp_path: Path) -> None:
    recipe = tiny_recipe("run.steps=40", "run.stages=[{until=1.0, px=32}]")
    checkpoint = trained(recipe, tmp_path / "run", tmp_path / "cache")
    assert checkpoint.step == 40
    assert checkpoint.samples == 160
    held_out = [line["held_out"] for line in lines(tmp_path / "run") if "held_out" in line]
    assert len(held_out) == 2
    assert held_out[-1] < 0.8 * held_out[0]
    resolved = json.loads((tmp_path / "run" / "resolved.json").read_text())
    assert resolved["recipe"]["run"]["steps"] == 40
    assert resolved["commit"]
    with Image.open(tmp_path / "run" / "samples-0000040.png") as sheet:
        assert sheet.height == 3 * 32


def test_an_interrupted_run_goes_on_to_the_same_weights(
    tiny_recipe: MakeRecipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = trained(tiny_recipe(), tmp_path / "whole", tmp_path / "cache")
    learn = Learner.learn

    def interrupted(self: Learner, batch: TensorBatch, pace: Pace) -> object:
        if pace.step == 6:
            signal.raise_signal(signal.SIGINT)  # in the middle of the seventh step
        return learn(self, batch, pace)

    monkeypatch.setattr(Learner, "learn", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train(tiny_recipe(), tmp_path / "halves", cache_folder=tmp_path / "cache", quiet=True)
    monkeypatch.undo()
    assert load_checkpoint(tmp_path / "halves" / "last.safetensors").step == 7
    halves = trained(tiny_recipe(), tmp_path / "halves", tmp_path / "cache")
    assert halves.step == whole.step == 12
    for name, tensor in whole.ema.items():
        assert torch.equal(tensor, halves.ema[name]), name
    for name, tensor in whole.generator.items():
        assert torch.equal(tensor, halves.generator[name]), name


def test_a_killed_run_goes_on_to_the_same_weights(tiny_recipe: MakeRecipe, tmp_path: Path) -> None:
    recipe = tiny_recipe("run.checkpoint_steps=1", "run.steps=30")
    run = tmp_path / "killed"

    def begun(folder: Path) -> multiprocessing.process.BaseProcess:
        """In a process of its own: sums round alike where as many threads make them."""
        process = multiprocessing.get_context("spawn").Process(
            target=train,
            args=(recipe, folder),
            kwargs={"cache_folder": tmp_path / "cache", "quiet": True},
        )
        process.start()
        return process

    begun(tmp_path / "whole").join()
    process = begun(run)
    while not (run / "last.safetensors").exists():
        assert process.is_alive()
        time.sleep(0.02)
    time.sleep(0.3)
    process.kill()  # SIGKILL, wherever it is: in a step, or writing the checkpoint
    process.join()
    assert 0 < load_checkpoint(run / "last.safetensors").step < 30
    begun(run).join()
    whole, again = (
        load_checkpoint(each / "last.safetensors") for each in (tmp_path / "whole", run)
    )
    assert whole.step == again.step == 30
    assert all(torch.equal(tensor, again.ema[name]) for name, tensor in whole.ema.items())


def test_a_finished_run_is_not_trained_further(tiny_recipe: MakeRecipe, tmp_path: Path) -> None:
    first = trained(tiny_recipe(), tmp_path / "run", tmp_path / "cache")
    again = trained(tiny_recipe(), tmp_path / "run", tmp_path / "cache")
    assert again.step == first.step
    assert all(torch.equal(first.ema[name], again.ema[name]) for name in first.ema)


def test_a_folder_with_a_run_of_another_network_is_refused(
    tiny_recipe: MakeRecipe, tmp_path: Path
) -> None:
    trained(tiny_recipe(), tmp_path / "run", tmp_path / "cache")
    other = tiny_recipe("generator.options={hidden=64, hints=true}")
    with pytest.raises(InputError, match="another generator"):
        train(other, tmp_path / "run", cache_folder=tmp_path / "cache", quiet=True)


def test_the_budget_may_be_minutes(tiny_recipe: MakeRecipe, tmp_path: Path) -> None:
    recipe = tiny_recipe("run.steps=0", "run.minutes=0.01")
    checkpoint = trained(recipe, tmp_path / "run", tmp_path / "cache")
    assert checkpoint.seconds >= 0.6
    assert checkpoint.step >= 1


def test_missing_pretrained_weights_say_where_to_get_them(
    tiny_recipe: MakeRecipe, tmp_path: Path
) -> None:
    recipe = tiny_recipe("generator.encoder=nowhere.pth")
    with pytest.raises(WeightsError, match=r"nowhere\.pth.*torchvision.*random"):
        train(recipe, tmp_path / "run", cache_folder=tmp_path / "cache", quiet=True)


def test_an_unknown_loss_is_named(tiny_recipe: MakeRecipe, tmp_path: Path) -> None:
    recipe = tiny_recipe("loss.l3=1.0")
    with pytest.raises(InputError, match="l3"):
        train(recipe, tmp_path / "run", cache_folder=tmp_path / "cache", quiet=True)


def test_a_loss_that_is_no_number_ends_the_run_and_keeps_the_checkpoint(
    tiny_recipe: MakeRecipe, tmp_path: Path
) -> None:
    trained(tiny_recipe("run.steps=4"), tmp_path / "run", tmp_path / "cache")
    before = (tmp_path / "run" / "last.safetensors").read_bytes()
    diverging = tiny_recipe("run.steps=9", "optimizer.decoder_rate=1e30")
    with pytest.raises(PhotochromError, match=r"not a number.*smaller"):
        train(diverging, tmp_path / "run", cache_folder=tmp_path / "cache", quiet=True)
    assert (tmp_path / "run" / "last.safetensors").read_bytes() == before
