"""Encoders: torchvision's names, folding, and words for weights that do not fit."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from photochrom.errors import WeightsError
from photochrom.generators.encoders import (
    BATCHNORM_EPS,
    MobileNetV2Encoder,
    fold_batchnorm,
    load_encoder,
)


def unfolded_block() -> nn.ModuleDict:
    """Convolution and norm under the names that torchvision gives the first layer."""
    torch.manual_seed(5)
    layer = nn.Sequential(nn.Conv2d(3, 8, 3, bias=False), nn.BatchNorm2d(8, eps=BATCHNORM_EPS))
    norm = layer[1]
    norm.running_mean.normal_()
    norm.running_var.uniform_(0.5, 2)
    nn.init.normal_(norm.weight)
    nn.init.normal_(norm.bias)
    return nn.ModuleDict({"features": nn.Sequential(layer)}).eval()


def test_folding_leaves_the_output_as_it_was() -> None:
    unfolded = unfolded_block()
    folded = fold_batchnorm(unfolded.state_dict())
    assert set(folded) == {"features.0.0.weight", "features.0.0.bias"}
    convolution = nn.Conv2d(3, 8, 3)
    convolution.load_state_dict({k.removeprefix("features.0.0."): v for k, v in folded.items()})
    rgb = torch.rand(1, 3, 9, 9)
    assert torch.allclose(convolution(rgb), unfolded["features"](rgb), atol=1e-5)


def with_norms(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """A folded state dict in torchvision's unfolded form, with norms that change nothing."""
    unfolded = {}
    for key, tensor in state.items():
        parent, position, kind = key.rsplit(".", 2)
        if kind == "weight":
            unfolded[key] = tensor
            continue
        norm = f"{parent}.{int(position) + 1}"
        ones = torch.ones_like(tensor)
        unfolded[f"{norm}.weight"] = ones * (1 + BATCHNORM_EPS) ** 0.5
        unfolded[f"{norm}.bias"] = tensor
        unfolded[f"{norm}.running_mean"] = torch.zeros_like(tensor)
        unfolded[f"{norm}.running_var"] = ones
        unfolded[f"{norm}.num_batches_tracked"] = torch.tensor(1)
    return unfolded


def test_torchvisions_unfolded_names_load(tmp_path: Path) -> None:
    torch.manual_seed(2)
    original, loaded = MobileNetV2Encoder().eval(), MobileNetV2Encoder().eval()
    state = with_norms(original.state_dict())
    state["features.18.0.weight"] = torch.zeros(1)  # the layer and classifier that we lack
    state["classifier.1.weight"] = torch.zeros(1)
    torch.save(state, tmp_path / "mobilenet_v2.pth")
    load_encoder(loaded, tmp_path / "mobilenet_v2.pth")
    rgb = torch.rand(1, 3, 64, 64)
    for ours, theirs in zip(loaded(rgb), original(rgb), strict=True):
        assert torch.allclose(ours, theirs, atol=1e-4)


def test_the_shared_pretrained_features_load(shared: Path) -> None:
    encoder = MobileNetV2Encoder()
    before = encoder.features[0][0].weight.clone()
    load_encoder(encoder, shared / "weights" / "mobilenet_v2_features_bnfolded.safetensors")
    assert not torch.equal(before, encoder.features[0][0].weight)


def test_scales_have_the_channels_they_say() -> None:
    scales = MobileNetV2Encoder()(torch.rand(1, 3, 64, 96))
    assert [tuple(s.shape[1:]) for s in scales] == [
        (24, 16, 24),
        (32, 8, 12),
        (96, 4, 6),
        (320, 2, 3),
    ]


def test_the_last_layer_is_the_1280_channels_that_the_classifier_read(
    tmp_path: Path, shared: Path
) -> None:
    path = shared / "weights" / "mobilenet_v2_features_bnfolded.safetensors"
    without, encoder = MobileNetV2Encoder().eval(), MobileNetV2Encoder(last_layer=True).eval()
    load_encoder(without, path)
    load_encoder(encoder, path)
    rgb = torch.rand(1, 3, 64, 96)
    scales = encoder(rgb)
    assert encoder.channels == (24, 32, 96, 1280)
    assert scales[-1].shape == (1, 1280, 2, 3)
    weights = load_file(path)
    last = torch.conv2d(without(rgb)[-1], weights["features.18.0.weight"])
    last += weights["features.18.0.bias"][:, None, None]
    assert torch.allclose(scales[-1], last.relu(), atol=1e-4)


def test_absent_weights_say_where_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"torchvision.*encoder=random"):
        load_encoder(MobileNetV2Encoder(), tmp_path / "none.safetensors")


@pytest.mark.parametrize("name", ["broken.safetensors", "broken.pth"])
def test_unreadable_weights_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x08\0\0\0\0\0\0\0 no weights")
    with pytest.raises(WeightsError, match=name) as caught:
        load_encoder(MobileNetV2Encoder(), tmp_path / name)
    assert "weights_only" not in str(caught.value)  # nobody is told to run what is in the file


@pytest.mark.parametrize("key", ["features.0.0.weight", "bn1.running_mean"])
def test_weights_of_another_network_are_refused(tmp_path: Path, key: str) -> None:
    torch.save({key: torch.zeros(3)}, tmp_path / "other.pth")
    with pytest.raises(WeightsError, match="MobileNetV2"):
        load_encoder(MobileNetV2Encoder(), tmp_path / "other.pth")


@pytest.mark.parametrize("content", [None, [1, 2]])
def test_a_file_without_tensors_by_name_is_refused(tmp_path: Path, content: object) -> None:
    path = tmp_path / "weights.pth"
    if content is None:
        path.touch()
    else:
        torch.save(content, path)
    with pytest.raises(WeightsError, match=r"weights\.pth"):
        load_encoder(MobileNetV2Encoder(), path)
