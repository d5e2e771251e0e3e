"""Losses of a picture's colour as a whole, against the NumPy measure and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from photochrom.color.difference import colourfulness as measured_colourfulness
from photochrom.errors import InputError
from photochrom.training.losses.colour import Colourfulness, HasColour, colourfulness
from photochrom.training.sides import Painted, Truth
from training.losses.sides_of import painted_ab, painted_rgb, truth_of


def test_colourfulness_is_the_measures(rng: np.random.Generator) -> None:
    pictures = rng.integers(0, 256, (3, 20, 30, 3), dtype=np.uint8)
    planes = torch.from_numpy(pictures).permute(0, 3, 1, 2) / 255
    by_measure = [measured_colourfulness(picture) for picture in pictures]
    assert colourfulness(planes).tolist() == pytest.approx(by_measure, rel=1e-5)


def test_the_loss_of_one_colour_equals_a_value_computed_by_hand() -> None:
    orange = torch.tensor([0.8, 0.5, 0.2]).view(1, 3, 1, 1).expand(1, 3, 5, 5)
    # rg = 0.3 · 255 = 76.5, yb = (0.65 − 0.2) · 255 = 114.75, no spread: 0.3 · |(76.5, 114.75)|
    by_hand = 1 - 0.3 * math.hypot(76.5, 114.75) / 100
    assert Colourfulness()(painted_rgb(orange), Truth()).item() == pytest.approx(by_hand, rel=1e-5)


def test_a_grey_picture_costs_one_and_has_a_finite_gradient() -> None:
    grey = torch.full((1, 3, 6, 6), 0.4, requires_grad=True)
    loss = 1 - colourfulness(grey).mean() / 100
    loss.backward()
    assert loss.item() == 1
    assert grey.grad is not None
    assert grey.grad.isfinite().all()


def test_descending_the_loss_makes_a_pale_picture_more_colourful() -> None:
    ab = torch.tensor([4.0, 2.0]).view(1, 2, 1, 1).repeat(1, 1, 4, 4).requires_grad_()
    painted = painted_ab(ab)
    Colourfulness()(painted, Truth()).backward()
    assert ab.grad is not None
    more = painted_ab(ab.detach() - 1000 * ab.grad)
    assert colourfulness(more.rgb).item() > 1.1 * colourfulness(painted.rgb).item()


def says(*logits: float) -> Painted:
    count = len(logits)
    painted = painted_ab(torch.zeros(count, 2, 2, 2))
    return Painted(painted.head, painted.lightness, painted.raw, torch.tensor(logits))


def test_has_colour_is_the_cross_entropy_of_what_the_branch_says() -> None:
    ab = torch.zeros(2, 2, 2, 2)
    ab[0] = 20.0  # the first has colour, the second has none
    by_hand = (math.log(1 + math.exp(-2.0)) + math.log(1 + math.exp(-1.0))) / 2
    assert HasColour()(says(2.0, -1.0), Truth(ab=ab)).item() == pytest.approx(by_hand, rel=1e-5)


def test_has_colour_judges_by_the_mean_chroma() -> None:
    ab = torch.zeros(1, 2, 2, 2)
    ab[0, 0, 0, 0] = 24.0  # mean C* 6
    truth = Truth(ab=ab)
    assert HasColour()(says(3.0), truth) < HasColour()(says(-3.0), truth)
    strict = HasColour(least_chroma=7.0)
    assert strict(says(3.0), truth) > strict(says(-3.0), truth)


def test_has_colour_looks_at_an_rgb_truth_too() -> None:
    red = truth_of(torch.tensor([0.8, 0.2, 0.2]).view(1, 3, 1, 1).expand(1, 3, 2, 2))
    assert HasColour()(says(3.0), Truth(rgb=red.rgb)) < 0.1


def test_has_colour_without_such_a_generator_says_which_has_one() -> None:
    with pytest.raises(InputError, match="unet3_plus"):
        HasColour()(painted_ab(torch.zeros(1, 2, 2, 2)), Truth(ab=torch.zeros(1, 2, 2, 2)))
