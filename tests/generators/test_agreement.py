"""Agreement: places of one lightness come to one mean, edges keep two apart."""

from __future__ import annotations

import pytest
import torch

from onnx_parity import worst_difference
from photochrom.generators.agreement import Agreement
from photochrom.generators.registry import GENERATORS, make_generator

LIKENESS = 6.0


def halves() -> torch.Tensor:
    """Lightness (1, 1, 64, 64): the left half dark, the right half light."""
    lightness = torch.full((1, 1, 64, 64), 20.0)
    lightness[..., 32:] = 80.0
    return lightness


def test_an_edge_keeps_two_sides_apart() -> None:
    features = torch.zeros(1, 2, 16, 16)
    features[..., 8:] = 5.0
    agreed = Agreement(LIKENESS)(features, halves())
    assert torch.allclose(agreed, features, atol=1e-4)


def test_on_one_surface_a_single_place_is_outvoted() -> None:
    features = torch.zeros(1, 1, 16, 16)
    features[..., 5, 3] = 9.0
    agreed = Agreement(LIKENESS)(features, halves())
    assert agreed.max() < 1.0
    assert agreed[..., 5, 7] > 0
    assert agreed[..., 8:].max() < 1e-4  # across the edge
    assert agreed.sum() == pytest.approx(9.0, rel=0.1)


def test_what_is_alike_already_stays() -> None:
    features = torch.full((2, 3, 5, 7), 4.0)
    lightness = torch.rand(2, 1, 20, 28) * 100
    assert torch.allclose(Agreement(LIKENESS)(features, lightness), features)


@pytest.mark.parametrize("likeness", [0.0, -1.0, float("nan")])
def test_a_likeness_that_is_none_is_refused(likeness: float) -> None:
    with pytest.raises(ValueError, match="likeness is above 0"):
        Agreement(likeness)


@torch.no_grad()
def test_a_generator_agrees_where_it_paints_and_not_where_it_learns() -> None:
    torch.manual_seed(1)
    small = GENERATORS["mobile_unet"].small
    plain = make_generator("mobile_unet", 5, small).eval()
    agreeing = make_generator("mobile_unet", 5, {**small, "agreement": LIKENESS}).eval()
    agreeing.load_state_dict(plain.state_dict())
    lightness = torch.rand(1, 1, 70, 45) * 100
    assert not torch.allclose(agreeing(lightness), plain(lightness))
    for block in (plain, agreeing):
        block.train()
        block.encoder.eval()
    torch.manual_seed(2)
    learned = plain(lightness)
    torch.manual_seed(2)
    assert torch.equal(agreeing(lightness), learned)


def test_onnx_runtime_agrees_as_torch_does_at_any_size() -> None:
    options = {**GENERATORS["mobile_unet"].small, "agreement": LIKENESS}
    network = make_generator("mobile_unet", 5, options).eval()
    assert worst_difference(network) <= 1e-4
