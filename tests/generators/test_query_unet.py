"""The colour queries: what they look at, and where."""

from __future__ import annotations

import torch

from photochrom.generators.query_unet import QueryUNet, attend, split, waves


def test_a_query_takes_the_mean_of_what_it_finds_equal() -> None:
    values = torch.tensor([[1.0, 3.0], [10.0, 30.0]])[None]  # two channels of two tokens
    keys = torch.ones(1, 2, 2)
    found = attend(torch.rand(1, 3, 2), split(keys, 1), split(values, 1))
    assert torch.allclose(found, torch.tensor([2.0, 20.0]).expand(1, 3, 2))


def test_a_query_takes_what_its_key_fits() -> None:
    keys = torch.tensor([[100.0, -100.0], [0.0, 0.0]])[None]
    values = torch.tensor([[1.0, 3.0], [10.0, 30.0]])[None]
    queries = torch.tensor([[[5.0, 0.0], [-5.0, 0.0]]])
    found = attend(queries, split(keys, 1), split(values, 1))
    assert torch.allclose(found, torch.tensor([[[1.0, 10.0], [3.0, 30.0]]]))


def test_each_head_looks_for_itself() -> None:
    keys = torch.tensor([[100.0, -100.0], [-100.0, 100.0]])[None]  # one channel for each head
    values = torch.tensor([[1.0, 3.0], [10.0, 30.0]])[None]
    found = attend(torch.ones(1, 1, 2), split(keys, 2), split(values, 2))
    assert torch.allclose(found, torch.tensor([[[1.0, 30.0]]]))


def test_no_two_places_have_the_same_waves() -> None:
    places = waves(torch.zeros(1, 4, 24, 31))[0].flatten(1).t()
    distances = torch.cdist(places, places) + torch.eye(len(places))
    assert distances.min() > 0.01


def test_the_waves_are_of_the_picture_whatever_its_size() -> None:
    small, large = waves(torch.zeros(1, 4, 3, 3)), waves(torch.zeros(1, 4, 9, 9))
    assert torch.allclose(small[..., 1, 1], large[..., 4, 4], atol=1e-6)  # the middle


@torch.no_grad()
def test_the_colours_that_were_learned_decide_what_is_painted() -> None:
    torch.manual_seed(1)
    network = QueryUNet(2, queries=4, channels=8).eval()
    lightness = torch.rand(1, 1, 64, 64) * 100
    before = network(lightness)
    network.colours.add_(torch.randn_like(network.colours))
    assert not torch.allclose(before, network(lightness))
