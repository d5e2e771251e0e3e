"""Hints reach every scale, and say nothing until they have been learned."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photochrom.generators.generator import Generator
from photochrom.generators.hint_planes import (
    HintPyramid,
    HintTint,
    gathered,
    scaled,
    with_hints_scaled,
)
from photochrom.generators.registry import make_generator

SMALL = {"widths": (24, 16, 16), "hidden": 16}


def one_hint(height: int, width: int, place: tuple[int, int], ab: tuple[float, float]) -> Tensor:
    hints = torch.zeros(1, 3, height, width)
    hints[0, :, place[0], place[1]] = torch.tensor([*ab, 1.0])
    return hints


def painter(*, hints: bool) -> Generator:
    torch.manual_seed(3)
    return make_generator("mobile_unet", 5, {**SMALL, "hints": hints}).eval()


def told(network: Generator) -> Generator:
    """The network with parts for hints that do something."""
    for name, parameter in network.named_parameters():
        if name.startswith("hint_"):
            torch.nn.init.normal_(parameter, std=0.5)
    return network


def test_a_cell_is_told_the_mean_of_its_hints_and_that_there_are_some() -> None:
    hints = one_hint(8, 8, (1, 2), (55.0, -22.0)) + one_hint(8, 8, (3, 3), (11.0, 22.0))
    cells = gathered(scaled(hints), 4)
    assert cells.shape == (1, 3, 2, 2)
    assert cells[0, :, 0, 0].tolist() == pytest.approx([0.3, 0.0, 1.0], abs=1e-4)
    assert cells[0, :, 1, 1].tolist() == [0.0, 0.0, 0.0]


def test_a_colour_without_its_mask_is_no_hint() -> None:
    hints = one_hint(8, 8, (1, 2), (55.0, -22.0))
    hints[:, 2] = 0
    assert not scaled(hints).any()


def test_parts_for_hints_add_nothing_at_first() -> None:
    hints = one_hint(32, 64, (5, 6), (40.0, 40.0))
    assert not HintTint()(hints).any()
    planes = HintPyramid((4, 8), (4, 32))(hints)
    assert [tuple(plane.shape) for plane in planes] == [(1, 4, 8, 16), (1, 8, 1, 2)]
    assert not any(plane.any() for plane in planes)


@torch.no_grad()
def test_a_generator_with_new_parts_for_hints_paints_as_the_one_without() -> None:
    lightness = torch.rand(2, 1, 45, 70) * 100
    plain, hinted = painter(hints=False), painter(hints=True)
    hinted.load_state_dict(hinted.state_dict() | plain.state_dict())
    hints = torch.rand(2, 3, 45, 70)
    assert torch.equal(hinted(lightness, hints), plain(lightness))
    assert not plain.takes_hints
    assert hinted.takes_hints


@torch.no_grad()
def test_no_hints_are_as_empty_planes_and_a_hint_changes_the_picture() -> None:
    network, lightness = told(painter(hints=True)), torch.rand(1, 1, 45, 70) * 100
    alone = network(lightness)
    assert torch.equal(alone, network(lightness, torch.zeros(1, 3, 45, 70)))
    hinted = network(lightness, one_hint(45, 70, (44, 69), (60.0, 0.0)))
    assert hinted.shape == alone.shape
    assert (hinted - alone).abs().max() > 1e-3


@torch.no_grad()
def test_hints_can_be_made_to_count_as_of_less_chroma() -> None:
    network, lightness = told(painter(hints=True)), torch.rand(1, 1, 45, 70) * 100
    half = painter(hints=True)
    half.load_state_dict(with_hints_scaled(network.state_dict(), 0.5))
    whole_hint = one_hint(45, 70, (20, 30), (60.0, -24.0))
    half_hint = one_hint(45, 70, (20, 30), (30.0, -12.0))
    assert torch.allclose(half(lightness, whole_hint), network(lightness, half_hint), atol=1e-4)
    plain = painter(hints=False).state_dict()
    assert all(torch.equal(plain[k], kept) for k, kept in with_hints_scaled(plain, 0.5).items())


def test_every_part_for_hints_learns() -> None:
    network = told(painter(hints=True)).train()
    hints = one_hint(64, 64, (9, 9), (60.0, 10.0)).expand(2, -1, -1, -1)
    network(torch.rand(2, 1, 64, 64) * 100, hints).square().mean().backward()
    for name, parameter in network.named_parameters():
        if name.startswith("hint_"):
            assert parameter.grad is not None, name
            assert parameter.grad.any(), name
