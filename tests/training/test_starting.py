"""A run that begins from what another has learned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from photochrom.errors import InputError, WeightsError
from photochrom.training.checkpoint import Checkpoint, load_checkpoint
from photochrom.training.loop import train
from photochrom.training.recipe import Recipe

MakeRecipe = Callable[..., Recipe]
ONE_STEP = ("run.steps=1", "optimizer.decoder_rate=1e-9", "optimizer.encoder_rate=1e-9")


@pytest.fixture
def first(tiny_recipe: MakeRecipe, tmp_path: Path) -> Path:
    """The folder of a run to begin from, which was told no colours."""
    without = ("run.steps=4", "hints.share=0", "generator.options.hints=false")
    train(tiny_recipe(*without), tmp_path / "first", cache_folder=tmp_path / "cache")
    return tmp_path / "first"


def begun(recipe: Recipe, tmp_path: Path) -> Checkpoint:
    run = train(recipe, tmp_path / "second", cache_folder=tmp_path / "cache", quiet=True)
    return load_checkpoint(run)


def test_it_begins_with_the_averaged_weights_and_the_bins(
    first: Path, tiny_recipe: MakeRecipe, tmp_path: Path
) -> None:
    then = load_checkpoint(first / "last.safetensors")
    now = begun(tiny_recipe(f"generator.start={first}", *ONE_STEP), tmp_path)
    assert now.step == 1
    assert (now.centres == then.centres).all()
    assert (now.class_weights == then.class_weights).all()
    for name, weights in then.ema.items():
        if name.endswith(("weight", "bias")):
            torch.testing.assert_close(now.generator[name], weights, atol=1e-5, rtol=1e-5)


def test_a_network_grows_parts_for_hints(
    first: Path, tiny_recipe: MakeRecipe, tmp_path: Path
) -> None:
    recipe = tiny_recipe(
        f"generator.start={first / 'last.safetensors'}",
        "hints.share=0.9",
        "run.steps=3",
    )
    now = begun(recipe, tmp_path)
    learned = [key for key in now.generator if key.startswith("hint_")]
    assert not any(key in load_checkpoint(first / "last.safetensors").ema for key in learned)
    assert any(now.generator[key].any() for key in learned if key.endswith("mix.weight"))


def test_another_network_is_refused_in_words(
    first: Path, tiny_recipe: MakeRecipe, tmp_path: Path
) -> None:
    recipe = tiny_recipe(f"generator.start={first}", "generator.name=query_unet")
    with pytest.raises(InputError, match=r"is a mobile_unet .* the recipe wants query_unet"):
        begun(recipe, tmp_path)
    wider = tiny_recipe(f"generator.start={first}", "generator.options.widths=[16, 16, 24]")
    with pytest.raises(WeightsError, match=r"generator\.start .* do not fit"):
        begun(wider, tmp_path)


def test_a_start_that_is_not_there_is_named(tiny_recipe: MakeRecipe, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no checkpoint at"):
        begun(tiny_recipe(f"generator.start={tmp_path / 'nowhere.safetensors'}"), tmp_path)
