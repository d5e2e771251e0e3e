"""Pixel losses against values computed by hand."""

from __future__ import annotations

import pytest
import torch

from photochrom.errors import InputError
from photochrom.training.losses.pixels import L1, ColourWeightedL1, Huber, TotalVariation
from photochrom.training.sides import Truth
from training.losses.sides_of import painted_ab, painted_rgb, truth_of


def plane(*values: float) -> torch.Tensor:
    """One row of pixels whose a* are the values and whose b* are 0: (1, 2, 1, n)."""
    a = torch.tensor(values).view(1, 1, 1, -1)
    return torch.cat([a, torch.zeros_like(a)], dim=1)


def test_l1_is_the_mean_difference_of_the_scaled_planes() -> None:
    painted, truth = painted_ab(plane(11.0, 0.0)), Truth(ab=plane(0.0, 55.0))
    # a*: |11 − 0|/110 and |0 − 55|/110; b*: equal
    assert L1()(painted, truth).item() == pytest.approx((0.1 + 0.5 + 0 + 0) / 4)


def test_l1_of_an_rgb_head_compares_rgb_in_minus_one_to_one() -> None:
    painted = painted_rgb(torch.full((1, 3, 2, 2), 0.5))
    truth = Truth(rgb=torch.full((1, 3, 2, 2), 0.75))
    assert L1()(painted, truth).item() == pytest.approx(0.5)  # pix2pix's scale


def test_huber_is_square_below_one_unit_and_straight_above() -> None:
    painted, truth = painted_ab(plane(0.5, 10.0)), Truth(ab=plane(0.0, 0.0))
    # Zhang et al. 2017, eq. 2 in units of 1/110 with δ = 1: 0.5²/2 and 10 − 0.5; b* twice 0
    by_hand = (0.125 + 9.5) / 4 / 110**2
    assert Huber()(painted, truth).item() == pytest.approx(by_hand, rel=1e-4)


def test_hubers_delta_is_in_ab_units() -> None:
    painted, truth = painted_ab(plane(10.0)), Truth(ab=plane(0.0))
    by_hand = 10**2 / 2 / 2 / 110**2  # still square at 10, over two planes
    assert Huber(delta=20.0)(painted, truth).item() == pytest.approx(by_hand, rel=1e-4)


def test_colour_weighted_l1_counts_a_pixel_of_chroma_20_twice() -> None:
    painted = painted_ab(plane(11.0, 9.0))
    truth = Truth(ab=plane(0.0, 20.0))  # weights 1 and 2
    by_hand = (1 * 11 + 2 * 11) / 110 / 4
    assert ColourWeightedL1()(painted, truth).item() == pytest.approx(by_hand, rel=1e-5)
    by_hand = (1 * 11 + 3 * 11) / 110 / 4
    assert ColourWeightedL1(chroma=10.0)(painted, truth).item() == pytest.approx(by_hand, rel=1e-5)


def test_colour_weighted_l1_takes_the_chroma_of_an_rgb_truth() -> None:
    red = torch.tensor([0.8, 0.2, 0.2]).view(1, 3, 1, 1).expand(1, 3, 4, 4)
    whole = truth_of(red)
    from_rgb = ColourWeightedL1()(painted_rgb(red * 0.9), Truth(rgb=whole.rgb))
    from_ab = ColourWeightedL1()(painted_rgb(red * 0.9), whole)
    assert from_rgb.item() == pytest.approx(from_ab.item())
    assert from_rgb > 3 * L1()(painted_rgb(red * 0.9), whole), "C* of that red is about 52"


def test_total_variation_is_the_mean_step_to_the_right_and_down() -> None:
    a = torch.tensor([[0.0, 11.0], [33.0, 0.0]]).view(1, 1, 2, 2)
    painted = painted_ab(torch.cat([a, torch.zeros_like(a)], dim=1))
    by_hand = (11 + 33 + 33 + 11) / 110 / 8  # rows, columns; 8 values in two planes
    assert TotalVariation()(painted, Truth()).item() == pytest.approx(by_hand, rel=1e-5)


def test_total_variation_of_one_pixel_is_nothing() -> None:
    assert TotalVariation()(painted_ab(plane(30.0)), Truth()).item() == 0


@pytest.mark.parametrize("loss", [L1(), Huber(), ColourWeightedL1()])
def test_sides_of_different_sizes_are_refused(loss: torch.nn.Module) -> None:
    with pytest.raises(ValueError, match=r"\(1, 2, 1, 2\), but truth \(1, 2, 1, 1\)"):
        loss(painted_ab(plane(1.0, 2.0)), Truth(ab=plane(1.0)))


def test_a_truth_that_was_not_made_is_named() -> None:
    with pytest.raises(ValueError, match="compares ab"):
        L1()(painted_ab(plane(1.0)), Truth())


@pytest.mark.parametrize("value", [0.0, -1.0])
def test_scales_that_are_not_above_zero_are_refused(value: float) -> None:
    with pytest.raises(InputError, match="above 0"):
        Huber(delta=value)
    with pytest.raises(InputError, match="above 0"):
        ColourWeightedL1(chroma=value)
