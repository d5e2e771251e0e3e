"""Feature networks: their layers, their sizes, their weights."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from photochrom.errors import InputError, WeightsError
from photochrom.perception import weights_file
from photochrom.perception.blocks import vgg19_layers
from photochrom.perception.features import VGG19, FeatureNetwork, alexnet, squeezenet, vgg19

SHALLOW = ("relu1_1", "relu2_1")


@pytest.fixture
def rgb() -> torch.Tensor:
    return torch.rand(2, 3, 48, 64, generator=torch.Generator().manual_seed(1))


@pytest.fixture(scope="module")
def vgg_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random VGG-19 weights, up to relu2_1 only."""
    path = tmp_path_factory.mktemp("vgg") / "vgg19.safetensors"
    torch.manual_seed(2)
    save_file(FeatureNetwork(vgg19_layers(), VGG19, SHALLOW).state_dict(), path)
    return path


def test_alexnet_gives_five_layers(rgb: torch.Tensor) -> None:
    shapes = [tuple(seen.shape[1:]) for seen in alexnet()(rgb)]
    assert shapes == [(64, 11, 15), (192, 5, 7), (384, 2, 3), (256, 2, 3), (256, 2, 3)]


def test_squeezenet_gives_seven_layers(rgb: torch.Tensor) -> None:
    assert [seen.shape[1] for seen in squeezenet()(rgb)] == [64, 128, 256, 384, 384, 512, 512]


def test_chosen_layers_are_those_of_the_whole_network(rgb: torch.Tensor) -> None:
    network = squeezenet(["fire6", "fire3"])
    assert len(network.features) == 10, "nothing above the deepest chosen layer is computed"
    whole = squeezenet()(rgb)
    chosen = network(rgb)
    assert torch.equal(chosen[0], whole[1])
    assert torch.equal(chosen[1], whole[3])


def test_imagenet_features_tell_texture_from_noise(rgb: torch.Tensor) -> None:
    """Learned weights, not random ones: the deep layers answer sparsely."""
    answered = (alexnet()(rgb)[-1] > 0).float().mean().item()
    assert 0 < answered < 0.25


def test_vgg19_has_sixteen_layers_where_torchvision_has_them() -> None:
    stack = vgg19_layers()
    assert len(VGG19.layers) == 16
    assert all(isinstance(stack[place], torch.nn.ReLU) for place in VGG19.layers.values())
    assert VGG19.layers["relu5_4"] == 35


def test_vgg19_reads_a_file_that_ends_early(vgg_path: Path, rgb: torch.Tensor) -> None:
    seen = vgg19(vgg_path, SHALLOW, scale="imagenet")(rgb)
    assert [tuple(layer.shape[1:]) for layer in seen] == [(64, 48, 64), (128, 24, 32)]


def test_the_two_pixel_scales_of_vgg19_are_the_published_ones(vgg_path: Path) -> None:
    networks = {scale: vgg19(vgg_path, SHALLOW, scale=scale) for scale in ("imagenet", "oxford")}
    grey = torch.full((1, 3, 16, 16), 0.5)
    by_hand = {
        "imagenet": [(0.5 - 0.485) / 0.229, (0.5 - 0.456) / 0.224, (0.5 - 0.406) / 0.225],
        "oxford": [127.5 - 123.68, 127.5 - 116.78, 127.5 - 103.94],
    }
    for scale, network in networks.items():
        pixels = torch.tensor(by_hand[scale]).view(1, 3, 1, 1).expand(1, 3, 16, 16)
        assert torch.allclose(network(grey)[0], network.features[:2](pixels), atol=1e-4)


def test_oxfords_vgg19_sees_edges(shared: Path, rgb: torch.Tensor) -> None:
    path = shared / "weights/vgg19_relu3_1.safetensors"
    network = vgg19(path, ["relu1_1", "relu2_1", "relu3_1"], scale="oxford")
    flat, noisy = (network(picture)[2].std().item() for picture in (torch.full_like(rgb, 0.5), rgb))
    assert noisy > 1.5 * flat
    with pytest.raises(WeightsError, match="choose shallower layers"):
        vgg19(path, ["relu4_1"], scale="oxford")


def test_an_unknown_layer_names_the_near_ones() -> None:
    with pytest.raises(InputError, match=r"'fire33'.*fire3"):
        squeezenet(["fire33"])


def test_an_unknown_pixel_scale_is_refused(vgg_path: Path) -> None:
    with pytest.raises(InputError, match=r"'caffe'.*imagenet.*oxford"):
        vgg19(vgg_path, scale="caffe")


@pytest.mark.parametrize("content", [b"", b"no weights", b"PK\x03\x04 no zip"])
@pytest.mark.parametrize("suffix", [".safetensors", ".pth"])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"vgg19{suffix}"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match="cannot be read as weights") as caught:
        vgg19(path, scale="imagenet")
    assert "weights_only" not in str(caught.value)  # nobody is told to run what is in the file


def test_absent_and_foreign_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"not there.*vgg19-dcbb9e9d\.pth"):
        vgg19(tmp_path / "none.pth", scale="imagenet")
    listed = tmp_path / "list.pth"
    torch.save([1, 2], listed)
    with pytest.raises(WeightsError, match="holds a list"):
        vgg19(listed, scale="imagenet")
    narrow = tmp_path / "narrow.safetensors"
    save_file(
        {"features.0.weight": torch.ones(8, 3, 3, 3), "features.0.bias": torch.ones(8)}, narrow
    )
    with pytest.raises(WeightsError, match="another network's"):
        vgg19(narrow, ["relu1_1"], scale="imagenet")


def test_a_package_without_its_weights_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(weights_file, "WEIGHTS", tmp_path)
    with pytest.raises(WeightsError, match="install it again"):
        alexnet()


@pytest.mark.parametrize(
    ("name", "features", "heads"),
    [
        ("alexnet", "alexnet_features", "lpips_lin_v0.1_alex"),
        ("squeezenet1_1", "squeezenet1_1_features", "lpips_lin_v0.1_squeeze"),
    ],
)
def test_the_shipped_weights_are_the_published_ones(
    shared: Path, name: str, features: str, heads: str
) -> None:
    published = load_file(shared / "weights" / f"{features}.safetensors")
    linear = torch.load(
        shared / "weights" / f"{heads}.pth", map_location="cpu", weights_only=True
    ).values()
    published |= {f"heads.{n}.weight": weight.flatten() for n, weight in enumerate(linear)}
    shipped = weights_file.read_shipped(name)
    assert shipped.keys() == published.keys()
    assert all(torch.equal(shipped[key], published[key]) for key in shipped)
