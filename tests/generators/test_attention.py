"""Attention: nothing at first, any size, and every place hears of every other."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from onnx_parity import worst_difference
from photochrom.generators.attention import AttentionBlock
from photochrom.generators.registry import GENERATORS, make_generator


def told(network: nn.Module) -> nn.Module:
    """The network with attention that does something."""
    torch.manual_seed(5)
    for block in network.modules():
        if isinstance(block, AttentionBlock):
            for last in (block.gathered, block.narrow):
                nn.init.normal_(last.weight, std=0.2)
    return network.eval()


def test_it_adds_nothing_at_first() -> None:
    features = torch.rand(2, 64, 3, 5)
    assert torch.equal(AttentionBlock(64)(features), features)


@torch.no_grad()
def test_every_place_hears_of_every_other() -> None:
    block = told(AttentionBlock(64))
    features = torch.rand(1, 64, 6, 9)
    other = features.clone()
    other[..., 0, 0] = torch.rand(64)
    changed = (block(other) - block(features)).abs().amax(dim=1)
    assert (changed > 1e-6).all()


@torch.no_grad()
def test_places_are_told_apart_by_what_is_around_them() -> None:
    block = told(AttentionBlock(64))
    turned = block(torch.rand(1, 64, 1, 1).expand(1, 64, 4, 4))
    assert not torch.allclose(turned[..., 0, 0], turned[..., 1, 1])


def test_channels_that_no_heads_divide_are_refused() -> None:
    with pytest.raises(ValueError, match="multiple of 32 channels, not 40"):
        AttentionBlock(40)


def test_onnx_runtime_attends_as_torch_does_at_any_size() -> None:
    options = {**GENERATORS["mobile_unet"].small, "widths": (64, 16, 16), "attention": 2}
    network = told(make_generator("mobile_unet", 5, options))
    assert worst_difference(network) <= 1e-4
