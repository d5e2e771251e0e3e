"""ResNet encoders: torchvision's names and shapes, its weights, and norms that stay."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from photochrom.errors import InputError, WeightsError
from photochrom.generators.cost import parameters
from photochrom.generators.encoders import load_encoder, load_pretrained
from photochrom.generators.norms import FrozenBatchNorm2d
from photochrom.generators.registry import GENERATORS, make_generator
from photochrom.generators.resnet_encoder import ResNetEncoder

# torchvision's published counts, less the classifier's 512 (2048) × 1000 weights and 1000 biases
PUBLISHED = {
    18: 11_689_512 - 512 * 1000 - 1000,
    34: 21_797_672 - 512 * 1000 - 1000,
    50: 25_557_032 - 2048 * 1000 - 1000,
}


def trained(depth: int) -> ResNetEncoder:
    """An encoder whose norms are not those of a new one."""
    torch.manual_seed(3)
    encoder = ResNetEncoder(depth)
    for module in encoder.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.0)
            nn.init.uniform_(module.bias, -0.2, 0.2)
            assert module.running_mean is not None and module.running_var is not None
            module.running_mean.uniform_(-0.2, 0.2)
            module.running_var.uniform_(0.5, 1.5)
    return encoder.eval()


def as_torchvision(encoder: ResNetEncoder) -> dict[str, Tensor]:
    """The state dict with the classifier that torchvision's has too."""
    classifier = {"fc.weight": torch.zeros(1000, 512), "fc.bias": torch.zeros(1000)}
    return {**encoder.state_dict(), **classifier}


@pytest.mark.parametrize("depth", PUBLISHED)
def test_it_has_as_many_parameters_as_torchvisions(depth: int) -> None:
    assert parameters(ResNetEncoder(depth)) == PUBLISHED[depth]


def test_the_names_are_torchvisions() -> None:
    names = set(ResNetEncoder(18).state_dict())
    assert {
        "conv1.weight",
        "bn1.running_mean",
        "layer1.0.conv1.weight",
        "layer1.1.bn2.num_batches_tracked",
        "layer2.0.downsample.0.weight",
        "layer2.0.downsample.1.running_var",
        "layer4.1.conv2.weight",
    } <= names
    assert not [name for name in names if name.startswith("layer1.0.downsample")]
    assert len(names) == 120  # of resnet18, less fc.weight and fc.bias
    assert "layer1.0.downsample.0.weight" in ResNetEncoder(50).state_dict()


@pytest.mark.parametrize("depth", PUBLISHED)
@torch.no_grad()
def test_scales_have_the_channels_and_strides_they_say(depth: int) -> None:
    encoder = ResNetEncoder(depth).eval()
    scales = encoder(torch.rand(1, 3, 64, 96))
    assert [features.shape[1] for features in scales] == list(encoder.channels)
    assert [64 // features.shape[2] for features in scales] == [2, 4, 8, 16, 32]


@pytest.mark.parametrize("ending", ["pth", "safetensors"])
@pytest.mark.parametrize("norm", ["batch", "frozen"])
@torch.no_grad()
def test_torchvisions_weights_load(tmp_path: Path, ending: str, norm: str) -> None:
    original, path = trained(18), tmp_path / f"resnet18.{ending}"
    (torch.save if ending == "pth" else save_file)(as_torchvision(original), path)
    loaded = ResNetEncoder(18, norm).eval()
    load_encoder(loaded, path)
    rgb = torch.rand(1, 3, 64, 64)
    for ours, theirs in zip(loaded(rgb), original(rgb), strict=True):
        assert torch.allclose(ours, theirs, atol=1e-5)


@torch.no_grad()
def test_frozen_norms_do_not_move_while_the_rest_trains() -> None:
    encoder = ResNetEncoder(18, "frozen")
    before = copy.deepcopy(encoder.state_dict())
    rgb = torch.rand(2, 3, 64, 64)
    trained_on = encoder.train()(rgb)[-1]
    assert torch.equal(trained_on, encoder.eval()(rgb)[-1])
    assert all(torch.equal(before[name], tensor) for name, tensor in encoder.state_dict().items())
    learning = {name for name, _ in encoder.named_parameters()}
    assert not [name for name in learning if "bn" in name or "downsample.1" in name]
    assert any(isinstance(module, FrozenBatchNorm2d) for module in encoder.modules())


@pytest.mark.parametrize("name", ["linknet", "resnet_unet"])
def test_a_generators_encoder_is_filled_by_its_kind(name: str, tmp_path: Path) -> None:
    save_file(as_torchvision(trained(18)), tmp_path / "resnet18.safetensors")
    network = make_generator(name, 3, {"depth": 18})
    load_pretrained(network, tmp_path / "resnet18.safetensors")
    assert torch.equal(network.get_buffer("encoder.bn1.running_mean"), trained(18).bn1.running_mean)


def test_weights_of_another_depth_are_refused(tmp_path: Path) -> None:
    torch.save(as_torchvision(trained(18)), tmp_path / "resnet18.pth")
    with pytest.raises(WeightsError, match=r"resnet18\.pth does not hold ResNet-34"):
        load_encoder(ResNetEncoder(34), tmp_path / "resnet18.pth")


def test_batchnorms_weights_are_no_groupnorms(tmp_path: Path) -> None:
    torch.save(as_torchvision(trained(18)), tmp_path / "resnet18.pth")
    with pytest.raises(WeightsError, match="running_mean"):
        load_encoder(ResNetEncoder(18, "group"), tmp_path / "resnet18.pth")


def test_pretrained_weights_are_refused_where_there_is_no_encoder(tmp_path: Path) -> None:
    takers = {"linknet", "mobile_full_unet", "mobile_unet", "query_unet", "resnet_unet"}
    for name in GENERATORS:
        has_encoder = hasattr(make_generator(name, 2, GENERATORS[name].small), "encoder")
        assert has_encoder == (name in takers)
    network = make_generator("unet", 3, {"depth": 3, "width": 4})
    with pytest.raises(InputError, match=r"UNet has no encoder.*encoder=random.*resnet_unet"):
        load_pretrained(network, tmp_path / "resnet18.pth")
