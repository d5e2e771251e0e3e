"""What a dry run tells of a recipe."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image

from photochrom.errors import InputError
from photochrom.generators.cost import parameters
from photochrom.training import plan as module
from photochrom.training.plan import plan, step_count
from photochrom.training.recipe import Recipe, RunRecipe, Stage
from photochrom.training.recipe_file import SOURCES, read_recipe
from photochrom.training.schedule import Budget, stage_at

MakeRecipe = Callable[..., Recipe]


@pytest.mark.parametrize("name", sorted(path.stem for path in SOURCES.glob("*.toml")))
def test_every_shipped_recipe_can_be_planned(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # weights of large networks are not needed: only their shapes
    monkeypatch.setattr(torch.nn.init, "normal_", lambda tensor, *_, **__: tensor)
    monkeypatch.setattr(torch.nn.init, "kaiming_uniform_", lambda tensor, *_, **__: tensor)
    facts = dict(plan(read_recipe(name)))
    assert list(facts) == ["generator", "discriminator", "pictures", "steps", "memory"]
    assert "--data" in facts["pictures"]
    assert "GMAC" in facts["generator"] and "GiB" in facts["memory"]


def test_the_networks_are_told_with_their_sizes(tiny_recipe: MakeRecipe) -> None:
    recipe = tiny_recipe(
        "generator.head=ab",
        "loss={l1 = 1.0, adversarial = 1.0}",
        "discriminator.options={receptive_field = 16}",
    )
    facts = dict(plan(recipe))
    made = module.new_learner(recipe, None, None)
    assert made.adversary is not None
    for fact, network in (
        ("generator", made.generator),
        ("discriminator", made.adversary.network),
    ):
        assert f"{parameters(network) / 1e6:.2f} million" in facts[fact]
    assert "mobile_unet, head ab" in facts["generator"]
    assert dict(plan(tiny_recipe()))["discriminator"] == "none"


def test_pictures_are_counted_without_being_opened(tiny_recipe: MakeRecipe, tmp_path: Path) -> None:
    for i in range(10):
        (tmp_path / f"{i}.jpg").write_bytes(b"no picture at all")
    recipe = tiny_recipe(f"data.paths=['{tmp_path}']")
    assert "8 to learn from, 2 held out" in dict(plan(recipe))["pictures"]


def test_a_sets_own_validation_pictures_are_counted(
    tiny_recipe: MakeRecipe, tmp_path: Path
) -> None:
    for part, count in (("learn", 6), ("check", 3)):
        (tmp_path / part).mkdir()
        for i in range(count):
            Image.new("RGB", (8, 8)).save(tmp_path / part / f"{i}.png")
    recipe = tiny_recipe(
        f"data.paths=['{tmp_path / 'learn'}']", f"data.validation_paths=['{tmp_path / 'check'}']"
    )
    assert "6 to learn from, 3 held out" in dict(plan(recipe))["pictures"]


def test_pictures_in_shards_are_counted_by_their_index(
    tiny_recipe: MakeRecipe, tmp_path: Path
) -> None:
    shards = [{"name": "a.tar", "count": 30}, {"name": "b.tar", "count": 20}]
    (tmp_path / "index.json").write_text(json.dumps({"shards": shards}))
    packed = (f"data.paths=['{tmp_path}']", "data.layout=shards", "data.validation_share=0.1")
    assert "45 to learn from, 5 held out" in dict(plan(tiny_recipe(*packed)))["pictures"]
    few = tiny_recipe(*packed, "data.limit=12", f"data.validation_paths=['{tmp_path}']")
    assert "12 to learn from, 12 held out" in dict(plan(few))["pictures"]


def test_shards_that_nobody_has_counted_are_not_read(
    tiny_recipe: MakeRecipe, tmp_path: Path
) -> None:
    (tmp_path / "a.tar").write_bytes(b"not read")
    recipe = tiny_recipe(f"data.paths=['{tmp_path}']", "data.layout=shards", "run.steps=9")
    facts = dict(plan(recipe))
    assert "counted when the run begins" in facts["pictures"]
    assert facts["steps"].startswith("9,")


def test_data_that_is_not_there_is_an_error(tiny_recipe: MakeRecipe, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        plan(tiny_recipe(f"data.paths=['{tmp_path / 'nowhere'}']"))


def test_missing_encoder_weights_are_told(tiny_recipe: MakeRecipe, tmp_path: Path) -> None:
    facts = dict(plan(tiny_recipe("generator.encoder=gone.safetensors")))
    assert "gone.safetensors, which is not there" in facts["generator"]


@pytest.mark.parametrize(
    ("run", "learned_from"),
    [
        (RunRecipe(steps=123), 5),
        (RunRecipe(epochs=2.5, batch=7), 100),
        (RunRecipe(epochs=1.0, batch=9, stages=(Stage(0.3, 64, 5), Stage(1.0, 96))), 100),
        (RunRecipe(epochs=0.1, batch=64), 3),
    ],
)
def test_as_many_steps_are_told_as_the_trainer_takes(run: RunRecipe, learned_from: int) -> None:
    budget = Budget.of(run, learned_from)
    step = samples = 0
    while (spent := budget.spent(step=step, samples=samples, seconds=0.0)) < 1:
        samples += stage_at(run, spent).batch
        step += 1
    assert step_count(run, learned_from) == step


def test_a_budget_of_minutes_has_no_steps_to_tell(tiny_recipe: MakeRecipe) -> None:
    recipe = tiny_recipe("run.steps=0", "run.minutes=3.0")
    assert step_count(recipe.run, 10) is None
    assert "3 minutes" in dict(plan(recipe))["steps"]


def test_without_pictures_epochs_are_told_as_they_are(tiny_recipe: MakeRecipe) -> None:
    recipe = tiny_recipe("run.steps=0", "run.epochs=25.0", "data.paths=[]")
    assert dict(plan(recipe))["steps"].startswith("25 times all pictures")


def test_too_little_memory_comes_with_advice(
    tiny_recipe: MakeRecipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(module, "free_memory", lambda: 1 << 20)
    assert "Not even one picture fits" in dict(plan(tiny_recipe()))["memory"]
    monkeypatch.setattr(module, "free_memory", lambda: None)
    assert "free" not in dict(plan(tiny_recipe()))["memory"]


def test_a_gpus_own_memory_counts(tiny_recipe: MakeRecipe, monkeypatch: pytest.MonkeyPatch) -> None:
    cuda = module.torch.cuda
    monkeypatch.setattr(cuda, "is_available", lambda: True)
    monkeypatch.setattr(cuda, "mem_get_info", lambda: (3 << 30, 4 << 30))
    monkeypatch.setattr(cuda, "get_device_name", lambda: "Tesla T4")
    assert "Tesla T4 has 3.0 GiB free" in dict(plan(tiny_recipe()))["memory"]
