"""R2U-Net: what recurs, and what a step costs."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from photochrom.generators.cost import parameters
from photochrom.generators.r2unet import R2UNet, RecurrentConv, RecurrentResidualBlock


@torch.no_grad()
def passing_on(module: nn.Module) -> None:
    """Make a convolution hand on what it is given."""
    if isinstance(module, nn.Conv2d):
        nn.init.dirac_(module.weight)
        if module.bias is not None:
            module.bias.zero_()


@pytest.mark.parametrize(("steps", "times"), [(1, 2), (2, 3), (3, 4)])
def test_a_recurrent_convolution_adds_its_input_at_each_step(steps: int, times: int) -> None:
    layer = RecurrentConv(2, steps, "none").apply(passing_on)
    features = torch.rand(1, 2, 5, 5)
    # f, then f + f, then f + 2f …
    assert torch.allclose(layer(features), times * features)


def test_a_block_is_its_input_plus_two_recurrent_convolutions_of_it() -> None:
    block = RecurrentResidualBlock(2, 2, 2, "none").apply(passing_on)
    features = torch.rand(1, 2, 5, 5)
    assert torch.allclose(block(features), (1 + 3 * 3) * features)


def test_more_steps_cost_no_kernels_only_norms_of_their_own() -> None:
    two, three = (R2UNet(3, widths=(4, 6, 8), steps=steps) for steps in (2, 3))
    channels = 4 + 6 + 8 + 6 + 4  # of the blocks, each with two recurrent convolutions
    assert parameters(three) - parameters(two) == channels * 2 * 2  # a scale and a shift each


def test_it_has_a_u_nets_39_million_parameters() -> None:
    assert round(parameters(R2UNet(1)) / 1e6, 1) == 39.1
