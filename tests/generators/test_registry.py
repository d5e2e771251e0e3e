"""The table of generators: what it says, and how it refuses what it does not have."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from photochrom.errors import InputError
from photochrom.generators.registry import (
    COSTS,
    GENERATORS,
    generator_table,
    make_generator,
    measured_cost,
    options_of,
)

every_generator = pytest.mark.parametrize("name", sorted(GENERATORS))


def test_the_table_is_sorted() -> None:
    assert list(GENERATORS) == sorted(GENERATORS)
    assert [row.name for row in generator_table()] == list(GENERATORS)
    assert list(COSTS) == list(GENERATORS)


@every_generator
def test_the_costs_in_the_table_are_those_of_the_network(name: str) -> None:
    parameters, multiply_adds = measured_cost(name)
    line = f'"{name}": ({parameters:_}, {multiply_adds:_}),'
    assert COSTS[name] == (parameters, multiply_adds), f"in COSTS it should say {line}"


def test_a_generator_that_nobody_counted_is_counted_for_the_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted = generator_table()
    monkeypatch.delitem(COSTS, "mobile_unet")
    assert generator_table() == counted


@every_generator
def test_every_generator_says_where_it_comes_from(name: str) -> None:
    kind = GENERATORS[name]
    assert kind.paper and kind.output_stride in (1, 4)
    assert set(kind.small) <= set(options_of(name))


def test_an_unknown_generator_names_the_near_ones() -> None:
    with pytest.raises(InputError, match="mobile_unet"):
        make_generator("mobile_net", 2, {})


def test_an_unknown_option_names_the_near_ones() -> None:
    with pytest.raises(InputError, match=r"no option 'dept'\. Did you mean: depth\?"):
        make_generator("unet", 2, {"dept": 3})
    with pytest.raises(InputError, match="widths, hidden"):
        make_generator("mobile_unet", 2, {"zzz": 3})


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("mobile_unet", {"widths": [1, 2]}, "widths are 3 numbers"),
        ("mobile_unet", {"widths": [8, 8, 0]}, "widths are 3 numbers"),
        ("mobile_unet", {"widths": 8}, "a list of whole numbers"),
        ("mobile_unet", {"hidden": 0}, "hidden is 1 at least"),
        ("query_unet", {"queries": 0}, "queries is 1 at least"),
        ("r2unet", {"steps": 0}, "steps is 1 at least"),
        ("r2unet", {"steps": True}, "a whole number"),
        ("resnet_unet", {"depth": 101}, "18, 34, 50"),
        ("resnet_unet", {"encoder_norm": "instance"}, "batch, frozen, group"),
        ("stream_unet", {"widths": []}, "widths are 1 numbers"),
        ("unet", {"depth": 1}, "depth is 2 at least"),
        ("unet", {"depth": "8"}, "a whole number, 8 by default; not '8'"),
        ("unet", {"dropout": 1.5}, "dropout"),
        ("unet", {"norm": "layer"}, "batch, group, instance, none"),
        ("unet", {"norm": 1}, "a word"),
        ("unet3_plus", {"classification_guided": True}, "head ab"),
        ("unet3_plus", {"deep_supervision": 1}, "true or false"),
        ("unet_plus_plus", {"level": 5}, "level is 1 to 4, not 5"),
        ("unet_plus_plus", {"deep_supervision": False, "level": 2}, "only with deep_supervision"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_words(
    name: str, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        make_generator(name, 3, options)


@every_generator
def test_two_planes_of_lightness_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="1 or 3 planes"):
        make_generator(name, 3, GENERATORS[name].small, inputs=2)


def test_options_as_a_recipe_reads_them_are_taken() -> None:
    network = make_generator("unet", 2, {"depth": 3, "width": 4, "dropout": 0})
    assert network(torch.rand(1, 1, 8, 8)).shape == (1, 2, 8, 8)


def test_the_recipes_initialization_is_drawn() -> None:
    torch.manual_seed(1)
    network = make_generator("unet", 3, {"depth": 3, "width": 32}, init="normal")
    weights = network.get_parameter("downs.1.1.weight").detach()
    assert abs(float(weights.std()) - 0.02) < 1e-3
    with pytest.raises(InputError, match="Did you mean: normal"):
        make_generator("unet", 3, {"depth": 3, "width": 4}, init="norml")
