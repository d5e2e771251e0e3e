"""Losses through feature networks: by hand, and their options."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from photochrom.errors import InputError, WeightsError
from photochrom.perception.features import squeezenet
from photochrom.perception.lpips import LPIPS
from photochrom.training.losses.perceptual import LearnedDistance, Perceptual
from training.losses.sides_of import painted_ab, painted_rgb, truth_of


@pytest.fixture
def pictures() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(4)
    rgb = torch.rand(2, 3, 40, 40, generator=generator) * 0.98 + 0.01
    return rgb, rgb.mean(dim=1, keepdim=True).expand_as(rgb)


@pytest.fixture
def vgg_path(tmp_path: Path) -> Path:
    """VGG-19 up to relu1_1 that passes red, green and blue through as they are, in its scale."""
    weight = torch.zeros(64, 3, 3, 3)
    weight[0, 0, 1, 1] = weight[1, 1, 1, 1] = weight[2, 2, 1, 1] = 1.0
    save_file(
        {"features.0.weight": weight, "features.0.bias": torch.full((64,), 200.0)},
        tmp_path / "vgg.safetensors",
    )
    return tmp_path / "vgg.safetensors"


@pytest.mark.parametrize("distance", ["l1", "squared"])
def test_the_perceptual_loss_equals_a_value_computed_by_hand(
    distance: str, vgg_path: Path, pictures: tuple[torch.Tensor, torch.Tensor]
) -> None:
    loss = Perceptual(
        features="vgg19",
        layers=["relu1_1"],
        weights=str(vgg_path),
        scale="oxford",
        distance=distance,
    )
    rgb, grey = pictures
    apart = (rgb - grey) * 255  # oxford's scale, three of 64 channels differ
    by_hand = (apart.abs() if distance == "l1" else apart.square()).sum() / (2 * 64 * 40 * 40)
    assert loss(painted_rgb(grey), truth_of(rgb)).item() == pytest.approx(by_hand.item(), rel=1e-3)


def test_the_perceptual_loss_sums_its_layers(pictures: tuple[torch.Tensor, torch.Tensor]) -> None:
    rgb, grey = pictures
    seen, true = squeezenet(["relu1", "fire3"])(grey), squeezenet(["relu1", "fire3"])(rgb)
    by_layer = [(a - b).abs().mean().item() for a, b in zip(seen, true, strict=True)]
    loss = Perceptual(features="squeeze", layers=["relu1", "fire3"])
    assert loss(painted_rgb(grey), truth_of(rgb)).item() == pytest.approx(sum(by_layer), rel=1e-3)


@pytest.mark.parametrize("features", ["alex", "squeeze"])
def test_the_true_picture_costs_nothing(
    features: str, pictures: tuple[torch.Tensor, torch.Tensor]
) -> None:
    rgb, grey = pictures
    loss = Perceptual(features=features)
    assert loss(painted_rgb(rgb), truth_of(rgb)).item() == pytest.approx(0, abs=1e-4)
    assert loss(painted_rgb(grey), truth_of(rgb)).item() > 0.1


@pytest.mark.parametrize("network", ["alex", "squeeze"])
def test_the_learned_distance_is_the_mean_lpips(
    network: str, pictures: tuple[torch.Tensor, torch.Tensor]
) -> None:
    rgb, grey = pictures
    by_measure = LPIPS(network)(grey, rgb).mean().item()
    loss = LearnedDistance(network=network)
    assert loss(painted_rgb(grey), truth_of(rgb)).item() == pytest.approx(by_measure, rel=1e-3)


def test_small_painted_colours_are_seen_at_the_pictures_size(
    pictures: tuple[torch.Tensor, torch.Tensor],
) -> None:
    rgb, _ = pictures
    quarter = torch.zeros(2, 2, 10, 10, requires_grad=True)
    small = painted_ab(quarter)
    painted = type(small)(small.head, torch.full((2, 1, 40, 40), 50.0), small.raw)
    Perceptual()(painted, truth_of(rgb, stride=4)).backward()
    assert quarter.grad is not None
    assert quarter.grad.abs().sum() > 0


def test_options_that_do_not_go_together_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'vgg'.*alex, squeeze, vgg19"):
        Perceptual(features="vgg")
    with pytest.raises(InputError, match="l1 or squared, not 'l2'"):
        Perceptual(distance="l2")
    with pytest.raises(InputError, match="need their file and its pixel scale"):
        Perceptual(features="vgg19", weights="vgg.pth")
    with pytest.raises(InputError, match="leave out weights"):
        Perceptual(features="alex", weights="vgg.pth")
    with pytest.raises(WeightsError, match="not there"):
        Perceptual(features="vgg19", weights=str(tmp_path / "none.pth"), scale="imagenet")
