"""Pix2pix's U-Net, layer by layer."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from photochrom.generators.cost import parameters
from photochrom.generators.unet import UNet


def test_with_three_planes_in_and_out_it_has_pix2pixs_54_million_parameters() -> None:
    assert round(parameters(UNet(3, inputs=3)) / 1e6, 3) == 54.415  # 54.4 in the paper's code


def test_the_outermost_and_innermost_convolutions_have_no_norm() -> None:
    normed = [any(isinstance(m, nn.BatchNorm2d) for m in down) for down in UNet(3).downs]
    assert normed == [False, *[True] * 6, False]


def test_the_first_three_steps_up_drop_half() -> None:
    dropped = [[m.p for m in up if isinstance(m, nn.Dropout)] for up in UNet(3).ups]
    assert dropped == [[0.5], [0.5], [0.5], [], [], [], []]


def test_the_widths_double_to_eight_times_the_first() -> None:
    widths = [down[-2].out_channels for down in UNet(3, depth=6, width=4).downs]
    assert widths == [4, 8, 16, 32, 32, 32]


@pytest.mark.parametrize("norm", ["batch", "instance", "group", "none"])
def test_one_picture_at_a_time_can_train(norm: str) -> None:
    network = UNet(3, depth=4, width=4, norm=norm)
    network(torch.rand(1, 1, 16, 16) * 100).sum().backward()
    assert all(torch.isfinite(p.grad).all() for p in network.parameters() if p.grad is not None)


def test_dropout_makes_training_random_and_leaves_painting_alone() -> None:
    network, lightness = UNet(3, depth=4, width=4), torch.rand(1, 1, 32, 32) * 100
    assert not torch.equal(network(lightness), network(lightness))
    network.eval()
    assert torch.equal(network(lightness), network(lightness))


def test_the_whole_picture_decides_each_pixel() -> None:
    torch.manual_seed(1)
    network = UNet(1, depth=5, width=8).eval()
    lightness = torch.full((1, 1, 32, 32), 50.0, requires_grad=True)
    network(lightness)[0, 0, 0, 0].backward()
    assert lightness.grad is not None
    assert lightness.grad[0, 0, 31, 31] != 0
