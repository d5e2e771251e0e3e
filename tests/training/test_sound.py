"""A recipe's choices, which are checked without torch, are those of the tables that need it."""

from __future__ import annotations

from photochrom.generators.heads import HEADS
from photochrom.generators.initialization import INITS
from photochrom.training.losses.adversarial import COSTS
from photochrom.training.precision import AUTO, DTYPES
from photochrom.training.recipe import Recipe
from photochrom.training.sound import CHOICES, LEAST, SHARES, value_of


def test_the_choices_are_those_of_the_tables() -> None:
    assert set(CHOICES["generator.head"]) == set(HEADS)
    assert set(CHOICES["generator.init"]) == set(CHOICES["discriminator.init"]) == set(INITS)
    assert set(CHOICES["discriminator.kind"]) == set(COSTS)
    assert set(CHOICES["run.precision"]) == {AUTO, *DTYPES}


def test_every_key_that_is_checked_is_one_of_a_recipes() -> None:
    recipe = Recipe("any")
    assert all(isinstance(value_of(recipe, key), int | float) for key in (*LEAST, *SHARES))
