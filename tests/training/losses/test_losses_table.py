"""What every loss of the table does, and how a recipe's losses are made."""

from __future__ import annotations

import inspect
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from photochrom.errors import InputError
from photochrom.training.discriminators import DISCRIMINATORS
from photochrom.training.losses.table import LOSSES, QUANTIZED, make_losses
from training.losses.sides_of import CENTRES, CLASS_WEIGHTS, random_sides

PAGE = Path(__file__).resolve().parents[3] / "docs/losses.md"
HEADS = ("bins", "ab", "rgb")
MEASURABLE = [
    (name, head) for name in LOSSES for head in HEADS if name != QUANTIZED or head == "bins"
]


def made(name: str, **options: Any) -> torch.nn.Module:
    losses = make_losses({name: 1.0}, {name: options}, centres=CENTRES, class_weights=CLASS_WEIGHTS)
    return losses[name]


@pytest.mark.parametrize(("name", "head"), MEASURABLE)
def test_a_loss_is_a_finite_number_whose_gradient_reaches_the_generator(
    name: str, head: str
) -> None:
    painted, truth = random_sides(head)
    loss = made(name)(painted, truth)
    loss.backward()
    source = painted.has_colour if name == "has_colour" else painted.raw
    assert loss.shape == ()
    assert loss.isfinite()
    assert source.grad is not None
    assert source.grad.isfinite().all()
    assert source.grad.abs().sum() > 0


@pytest.mark.parametrize(("name", "head"), MEASURABLE)
def test_a_batch_costs_the_mean_of_its_pictures(name: str, head: str) -> None:
    """So that processes which share a batch learn what one alone would."""
    painted, truth = random_sides(head)
    loss = made(name)
    alone = [
        loss(
            replace(
                painted,
                lightness=painted.lightness[rows],
                raw=painted.raw[rows],
                has_colour=painted.has_colour[rows],
            ),
            truth.part(rows),
        ).item()
        for rows in (slice(0, 1), slice(1, 2))
    ]
    assert loss(painted, truth).item() == pytest.approx(sum(alone) / 2, rel=1e-4)


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_says_which_forms_of_the_truth_it_wants(name: str) -> None:
    assert set(made(name).wants) <= {"rgb", "ab", "index"}


@pytest.mark.parametrize(("name", "head"), MEASURABLE)
def test_a_loss_is_content_with_the_truth_that_it_wants(name: str, head: str) -> None:
    painted, truth = random_sides(head)
    loss = made(name)
    given = {*loss.wants, "rgb" if head == "rgb" else "ab"}
    less = replace(truth, **dict.fromkeys({"rgb", "ab", "index"} - given))
    assert loss(painted, less).isfinite()


def test_losses_come_without_the_adversarial_one_and_those_of_no_weight() -> None:
    weights = {"l1": 100.0, "adversarial": 1.0, "huber": 0.0}
    assert list(make_losses(weights, {}, centres=None, class_weights=None)) == ["l1"]


def test_options_reach_their_loss() -> None:
    assert made("huber", delta=22.0).delta == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("weights", "options", "message"),
    [
        ({"hubber": 1.0}, {}, r"no loss 'hubber'\. Did you mean: huber"),
        ({"l1": 1.0}, {"hubber": {}}, r"no loss 'hubber'\. Did you mean: huber"),
        ({"huber": 1.0}, {"huber": {"dleta": 1.0}}, r"no option 'dleta'\. Did you mean: delta"),
        ({"l1": 1.0}, {"l1": {"delta": 1.0}}, r"no option 'delta'\. It has none"),
        ({"huber": 1.0}, {"huber": {"delta": "x"}}, "does not take these options"),
        ({"l1": -1.0}, {}, "weighs -1.0"),
        ({"l1": math.nan}, {}, "weighs nan"),
        ({"l1": "much"}, {}, "weighs 'much'"),
        ({QUANTIZED: 1.0}, {}, 'head = "bins"'),
    ],
)
def test_what_a_recipe_gets_wrong_is_said(
    weights: dict[str, Any], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        make_losses(weights, options, centres=None, class_weights=None)


@pytest.mark.parametrize(("name", "made_by"), sorted({**LOSSES, **DISCRIMINATORS}.items()))
def test_every_loss_and_discriminator_is_documented_with_its_options(
    name: str, made_by: type[torch.nn.Module]
) -> None:
    page = PAGE.read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
    everywhere = {"width", "norm", "spectral_norm"}
    parameters = inspect.signature(made_by).parameters.values()
    for option in {p.name for p in parameters if p.kind is p.KEYWORD_ONLY} - everywhere:
        assert f"`{option}" in row
