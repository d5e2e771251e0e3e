"""A recipe written as TOML is read as the same recipe."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from photochrom.training.recipe import DataRecipe, Recipe, RunRecipe, Stage
from photochrom.training.recipe_file import SOURCES, read_recipe
from photochrom.training.recipe_text import recipe_to_toml

NAMES = sorted(path.stem for path in SOURCES.glob("*.toml"))


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_recipe_stays_itself(name: str, tmp_path: Path) -> None:
    recipe = read_recipe(name)
    path = tmp_path / "again.toml"
    path.write_text(recipe_to_toml(recipe), encoding="utf-8")
    assert read_recipe(str(path)) == recipe


def test_stages_paths_and_options_stay_themselves(tmp_path: Path) -> None:
    recipe = Recipe(
        name="mine",
        data=DataRecipe(paths=("a b", 'with "quotes"', "C:\\photos", "ü/Ø")),
        loss={"l1": 1e-05, "adversarial": 1.0},
        loss_options={"l1": {"reach": [1, 2.5], "deep": {"er": True}}},
        run=RunRecipe(stages=(Stage(0.5, 64, 8), Stage(1.0, 128))),
    )
    path = tmp_path / "again.toml"
    path.write_text(recipe_to_toml(recipe), encoding="utf-8")
    assert read_recipe(str(path)) == recipe


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(),
    st.dictionaries(
        st.text(), st.floats(allow_nan=False) | st.integers(-(2**63), 2**63 - 1), max_size=4
    ),
)
def test_any_text_and_number_comes_back(description: str, options: dict[str, float]) -> None:
    recipe = dataclasses.replace(Recipe("any", description), loss_options={"l1": options})
    read = tomllib.loads(recipe_to_toml(recipe))
    assert read["description"] == description
    assert read["loss_options"]["l1"] == options
