"""From a recipe to its networks: what does not fit is said before the first step."""

from __future__ import annotations

import pytest

from photochrom.errors import InputError
from photochrom.training.networks import discriminator_of, head_of
from photochrom.training.recipe_file import read_recipe

SMALL_THEN_LARGE = (
    "generator.name=mobile_unet",  # paints at a quarter of the size
    "generator.options={}",
    "discriminator.options={receptive_field=34, width=8}",
    "run.stages=[{until=0.5, px=32}, {until=1.0, px=64}]",
)


def test_a_stage_too_small_for_the_discriminator_is_named_before_the_run() -> None:
    recipe = read_recipe("smoke", SMALL_THEN_LARGE)
    with pytest.raises(InputError, match=r"at least 12 px a side, and at 32 px.*paints 8\."):
        discriminator_of(recipe, head_of(recipe, None, None))


def test_a_stage_in_which_the_generator_learns_alone_may_be_small() -> None:
    recipe = read_recipe("smoke", (*SMALL_THEN_LARGE, "discriminator.starts_at=0.5"))
    assert discriminator_of(recipe, head_of(recipe, None, None)) is not None
