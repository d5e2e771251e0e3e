"""Both sides of the adversarial losses against values computed by hand."""

from __future__ import annotations

import math

import pytest
import torch

from photochrom.errors import InputError
from photochrom.training.losses.adversarial import COSTS, AdversarialLoss, r1_penalty

REAL = torch.tensor([[2.0, -1.0]])
FAKE = torch.tensor([[0.5, -3.0]])


def softplus(x: float) -> float:
    return math.log(1 + math.exp(x))


def test_bce_is_the_cross_entropy_of_both_sides_summed() -> None:
    loss = AdversarialLoss("bce")
    by_hand = (softplus(-2.0) + softplus(1.0)) / 2 + (softplus(0.5) + softplus(-3.0)) / 2
    assert loss.of_discriminator(REAL, FAKE).item() == pytest.approx(by_hand)
    by_hand = (softplus(-0.5) + softplus(3.0)) / 2
    assert loss.of_generator(FAKE).item() == pytest.approx(by_hand)


def test_an_undecided_discriminator_costs_twice_the_logarithm_of_two() -> None:
    even = torch.zeros(1, 1, 30, 30)
    assert AdversarialLoss().of_discriminator(even, even).item() == pytest.approx(2 * math.log(2))


def test_least_squares_pulls_real_to_one_and_fake_to_zero() -> None:
    loss = AdversarialLoss("least_squares")
    by_hand = (1.0 + 4.0) / 2 + (0.25 + 9.0) / 2
    assert loss.of_discriminator(REAL, FAKE).item() == pytest.approx(by_hand)
    assert loss.of_generator(FAKE).item() == pytest.approx((0.25 + 16.0) / 2)


def test_hinge_wants_a_margin_of_one_on_either_side() -> None:
    loss = AdversarialLoss("hinge")
    by_hand = (0.0 + 2.0) / 2 + (1.5 + 0.0) / 2
    assert loss.of_discriminator(REAL, FAKE).item() == pytest.approx(by_hand)
    assert loss.of_generator(FAKE).item() == pytest.approx(-(0.5 - 3.0) / 2)


def test_label_smoothing_is_one_sided_and_spares_the_generator() -> None:
    smooth, plain = AdversarialLoss("bce", label_smoothing=0.1), AdversarialLoss("bce")
    nothing = torch.full((1, 2), -50.0)  # the fake side costs nothing
    by_hand = (0.9 * softplus(-2.0) + 0.1 * softplus(2.0)) / 2
    by_hand += (0.9 * softplus(1.0) + 0.1 * softplus(-1.0)) / 2
    assert smooth.of_discriminator(REAL, nothing).item() == pytest.approx(by_hand, rel=1e-5)
    assert smooth.of_generator(FAKE) == plain.of_generator(FAKE)


@pytest.mark.parametrize("kind", sorted(COSTS))
def test_several_scales_count_alike_however_large(kind: str) -> None:
    loss = AdversarialLoss(kind)
    large, small = torch.full((1, 1, 9, 9), 0.3), torch.full((1, 1, 2, 2), -0.4)
    both = loss.of_discriminator([large, small], [small, large])
    alone = (loss.of_discriminator(large, small) + loss.of_discriminator(small, large)) / 2
    assert both.item() == pytest.approx(alone.item())
    generator = (loss.of_generator(large) + loss.of_generator(small)) / 2
    assert loss.of_generator([large, small]).item() == pytest.approx(generator.item())


@pytest.mark.parametrize("kind", sorted(COSTS))
def test_a_step_down_moves_logits_to_the_right_sides(kind: str) -> None:
    real, fake = torch.zeros(3, requires_grad=True), torch.zeros(3, requires_grad=True)
    AdversarialLoss(kind).of_discriminator(real, fake + 0.5).backward()
    assert (real.grad < 0).all(), "real logits rise"
    assert (fake.grad > 0).all(), "painted logits fall"
    fake.grad = None
    AdversarialLoss(kind).of_generator(fake).backward()
    assert (fake.grad < 0).all(), "the generator raises its own"


@pytest.mark.parametrize("logit", [-400.0, 400.0])
def test_extreme_logits_stay_finite(logit: float) -> None:
    sure = torch.tensor([logit])
    assert AdversarialLoss("bce").of_discriminator(sure, sure).isfinite()


def test_r1_is_the_mean_squared_gradient_of_a_pictures_verdict() -> None:
    slopes = torch.tensor([3.0, 4.0]).view(1, 2, 1, 1)
    planes = torch.randn(5, 2, 1, 1, requires_grad=True)
    logits = (planes * slopes).sum(dim=1, keepdim=True)  # D(x) = 3a + 4b: |gradient|² = 25
    assert r1_penalty(logits, planes).item() == pytest.approx(25.0)


def test_r1_does_not_grow_with_the_number_of_logits() -> None:
    planes = torch.randn(2, 1, 1, 1, requires_grad=True)
    one = r1_penalty(2 * planes, planes)
    many = r1_penalty((2 * planes).expand(2, 1, 7, 7), planes)
    scales = r1_penalty([2 * planes, (2 * planes).expand(2, 1, 3, 3)], planes)
    assert one.item() == pytest.approx(4.0)
    assert many.item() == pytest.approx(4.0)
    assert scales.item() == pytest.approx(4.0)


def test_r1_can_be_descended() -> None:
    slope = torch.tensor(3.0, requires_grad=True)
    planes = torch.randn(2, 1, 4, 4, requires_grad=True)
    penalty = r1_penalty((slope * planes).sum(dim=(1, 2, 3)), planes)
    penalty.backward()
    assert penalty.item() == pytest.approx(9 * 16)
    assert slope.grad.item() == pytest.approx(2 * 3 * 16)


def test_unknown_kinds_and_impossible_labels_are_refused() -> None:
    with pytest.raises(InputError, match=r"'least_square'.*least_squares"):
        AdversarialLoss("least_square")
    with pytest.raises(InputError, match=r"0 … 0\.5, not at 0\.7"):
        AdversarialLoss("bce", label_smoothing=0.7)
    with pytest.raises(InputError, match="no labels to smooth"):
        AdversarialLoss("hinge", label_smoothing=0.1)


@pytest.mark.parametrize("kind", sorted(COSTS))
def test_logits_of_half_precision_are_judged_in_float32(kind: str) -> None:
    logits = torch.linspace(-3, 3, 101, dtype=torch.bfloat16)
    loss = AdversarialLoss(kind)
    for found, exact in (
        (loss.of_generator(logits), loss.of_generator(logits.float())),
        (loss.of_discriminator(logits, logits), loss.of_discriminator(*[logits.float()] * 2)),
    ):
        assert found.dtype == torch.float32
        assert found == exact
