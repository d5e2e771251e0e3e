"""Recipes: typed, checked, with words for what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from photochrom.errors import InputError
from photochrom.training.recipe import Stage
from photochrom.training.recipe_file import SOURCES, read_recipe


@pytest.mark.parametrize("path", sorted(SOURCES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_recipe_reads_and_says_what_it_is(path: Path) -> None:
    recipe = read_recipe(path.stem)
    assert recipe.name == path.stem
    assert recipe.description


def test_settings_replace_recipe_values() -> None:
    recipe = read_recipe("flagship", ("run.batch=16", "generator.encoder=weights/mine.pth"))
    assert recipe.run.batch == 16
    assert recipe.generator.encoder == "weights/mine.pth"


def test_whole_numbers_serve_where_the_recipe_wants_a_float() -> None:
    assert read_recipe("flagship", ("run.minutes=5",)).run.minutes == 5.0


def test_stages_are_typed() -> None:
    recipe = read_recipe("flagship", ("run.stages=[{until=1.0, px=64}]",))
    assert recipe.run.stages == (Stage(1.0, 64),)


def test_an_unknown_key_names_the_near_ones() -> None:
    with pytest.raises(InputError, match=r"run\.bacth.*batch"):
        read_recipe("flagship", ("run.bacth=3",))


def test_an_unknown_recipe_names_the_shipped_ones() -> None:
    with pytest.raises(InputError, match="flagship"):
        read_recipe("flagshp")


def test_a_missing_recipe_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml"):
        read_recipe(str(tmp_path / "none.toml"))


def test_a_value_of_the_wrong_type_is_refused() -> None:
    with pytest.raises(InputError, match=r"run\.batch.*'many'"):
        read_recipe("flagship", ("run.batch=many",))
    with pytest.raises(InputError, match=r"run\.batch.*True"):
        read_recipe("flagship", ("run.batch=true",))


@pytest.mark.parametrize(
    "setting",
    [
        "run.batch=0",
        "run.minutes=0",
        "run.stages=[]",
        "run.stages=[{until=0.5, px=64}]",
        "run.stages=[{until=1.0, px=65}]",
        "run.precision=8-bit",
        "data.short_side_px=0",
        "data.validation_share=1.0",
        "film.share=2",
        "crop.least_area=0",
        "bins.rarity_limit=0",
        "bins.sampled_photos=0",
        "optimizer.ema_decay=1.0",
        "optimizer.decoder_rate=-1e-3",
        "optimizer.betas=[0.5, 1.0]",
        "run.steps=-5",
        "run.epochs=-1.0",
        "run.minutes=inf",
        "run.seed=-1",
        "run.log_steps=0",
        "film.grain=nan",
        "outline.least_sigma_px=2.0",
        "discriminator.loss_weight=0.0",
    ],
)
def test_a_value_out_of_its_range_is_named(setting: str) -> None:
    with pytest.raises(InputError, match=setting.partition("=")[0].rpartition(".")[2]):
        read_recipe("flagship", (setting,))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (("loss={l1=0.0}",), "at least one loss with a weight"),
        (("loss={adversarial=1.0}", "discriminator.starts_at=0.5"), "another loss"),
        (("generator.options={classification_guided=true}", "hints.share=0"), "has_colour"),
        (("generator.options={}",), "hints.share needs a generator that takes hints"),
    ],
)
def test_losses_that_leave_something_unlearned_are_refused(
    settings: tuple[str, ...], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_recipe("flagship", settings)


def test_a_setting_without_a_value_is_refused() -> None:
    with pytest.raises(InputError, match="key=value"):
        read_recipe("flagship", ("run.batch",))


def test_a_setting_below_a_value_is_refused() -> None:
    with pytest.raises(InputError, match="not a section"):
        read_recipe("flagship", ("name.first=3",))


def test_a_section_that_lacks_a_key_is_refused() -> None:
    with pytest.raises(InputError, match="incomplete"):
        read_recipe("flagship", ("run.stages=[{px=64}]",))


def test_broken_toml_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("name = ")
    with pytest.raises(InputError, match="not valid TOML"):
        read_recipe(str(path))


def test_a_recipe_file_is_called_after_itself(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[run]\nbatch = 2\n")
    assert read_recipe(str(path)).name == "mine"
