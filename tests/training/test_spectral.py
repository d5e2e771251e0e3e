"""A spectrally normalized convolution against the singular values themselves."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from photochrom.generators.initialization import init_weights
from photochrom.training.spectral import SpectralConv2d


@pytest.fixture
def convolution() -> SpectralConv2d:
    torch.manual_seed(6)
    return SpectralConv2d(3, 8, 4, stride=2, padding=1)


def settle(convolution: SpectralConv2d) -> None:
    for _ in range(60):
        convolution.spectral_norm()


def test_the_norm_is_the_largest_singular_value(convolution: SpectralConv2d) -> None:
    settle(convolution)
    largest = torch.linalg.svdvals(convolution.weight.flatten(1))[0]
    assert convolution.spectral_norm().item() == pytest.approx(largest.item(), rel=1e-4)


def test_the_convolution_is_one_with_the_weight_over_its_norm(convolution: SpectralConv2d) -> None:
    settle(convolution)
    plain = nn.Conv2d(3, 8, 4, stride=2, padding=1)
    largest = torch.linalg.svdvals(convolution.weight.flatten(1))[0]
    plain.load_state_dict({"weight": convolution.weight / largest, "bias": convolution.bias})
    planes = torch.randn(1, 3, 8, 8)
    assert torch.allclose(convolution(planes), plain(planes), atol=1e-5)


def test_the_estimate_moves_in_training_only(convolution: SpectralConv2d) -> None:
    before = convolution.left.clone()
    convolution.eval().spectral_norm()
    assert torch.equal(convolution.left, before)
    convolution.train().spectral_norm()
    assert not torch.equal(convolution.left, before)


def test_scaling_the_weight_changes_nothing(convolution: SpectralConv2d) -> None:
    convolution.eval()
    planes = torch.randn(1, 3, 8, 8)
    nn.init.zeros_(convolution.bias)
    before = convolution(planes)
    with torch.no_grad():
        convolution.weight *= 7
    assert torch.allclose(convolution(planes), before, atol=1e-5)


def test_two_forward_passes_before_one_backward_pass(convolution: SpectralConv2d) -> None:
    """As a discriminator that is shown the real and the painted picture."""
    real, painted = torch.randn(2, 1, 3, 8, 8)
    (convolution(real).mean() - convolution(painted).square().mean()).backward()
    assert convolution.weight.grad is not None
    assert convolution.weight.grad.isfinite().all()


def test_initializations_reach_the_weight(convolution: SpectralConv2d) -> None:
    init_weights(convolution, "normal")
    assert convolution.weight.std().item() == pytest.approx(0.02, rel=0.2)
    assert not convolution.bias.any()
