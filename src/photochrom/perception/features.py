"""Frozen features of AlexNet, SqueezeNet 1.1 and VGG-19: what their layers say of a picture."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from photochrom.errors import InputError, WeightsError
from photochrom.perception.blocks import alexnet_layers, squeezenet_layers, vgg19_layers
from photochrom.perception.weights_file import fill, read_shipped
from photochrom.tensor_file import read_tensors

IMAGENET_MEAN = (0.485, 0.456, 0.406)  # of R, G, B 0…1; LPIPS's scaling layer is the same
IMAGENET_STD = (0.229, 0.224, 0.225)
OXFORD_MEAN = (123.68 / 255, 116.78 / 255, 103.94 / 255)
OXFORD_STD = (1 / 255, 1 / 255, 1 / 255)
SCALES = {"imagenet": (IMAGENET_MEAN, IMAGENET_STD), "oxford": (OXFORD_MEAN, OXFORD_STD)}


@dataclass(frozen=True)
class Anatomy:
    """Where a network's layers end: name → position in `features`; and the least it can see."""

    layers: dict[str, int]
    smallest_px: int


ALEXNET = Anatomy({"relu1": 1, "relu2": 4, "relu3": 7, "relu4": 9, "relu5": 11}, smallest_px=31)
SQUEEZENET = Anatomy(
    {"relu1": 1, "fire3": 4, "fire5": 7, "fire6": 9, "fire7": 10, "fire8": 11, "fire9": 12},
    smallest_px=17,
)
VGG19 = Anatomy(
    {"relu1_1": 1, "relu1_2": 3, "relu2_1": 6, "relu2_2": 8}
    | {f"relu3_{k + 1}": 11 + 2 * k for k in range(4)}
    | {f"relu4_{k + 1}": 20 + 2 * k for k in range(4)}
    | {f"relu5_{k + 1}": 29 + 2 * k for k in range(4)},
    smallest_px=16,
)


class FeatureNetwork(nn.Module):
    """A network up to the deepest of the chosen layers.

    (B, 3, H, W) sRGB 0…1 → one (B, C, h, w) a chosen layer, shallowest first. Raises `InputError`
    for pictures below `smallest_px`.
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        stack: list[nn.Module],
        anatomy: Anatomy,
        layers: Sequence[str] = (),
        *,
        scale: str = "imagenet",
    ) -> None:
        """`layers` of the anatomy, all by default; `scale` is what its weights want of pixels."""
        super().__init__()
        self.taps = sorted(_position(name, anatomy) for name in layers or anatomy.layers)
        self.features = nn.Sequential(*stack[: self.taps[-1] + 1])
        self.smallest_px = anatomy.smallest_px
        mean, std = SCALES[scale]
        self.register_buffer("mean", torch.tensor(mean).view(3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(std).view(3, 1, 1), persistent=False)

    def forward(self, rgb: Tensor) -> list[Tensor]:
        if rgb.ndim != 4 or rgb.shape[1] != 3:
            raise ValueError(f"rgb (B, 3, H, W) is needed, not {tuple(rgb.shape)}")
        height, width = rgb.shape[2:]
        if min(height, width) < self.smallest_px:
            raise InputError(
                f"The features of {width}×{height} px are wanted, but the network needs at least "
                f"{self.smallest_px} px a side: take larger crops or pictures"
            )
        features = (rgb - self.mean) / self.std
        seen = []
        for index, layer in enumerate(self.features):
            features = layer(features)
            if index in self.taps:
                seen.append(features)
        return seen


def _position(name: str, anatomy: Anatomy) -> int:
    if name not in anatomy.layers:
        near = difflib.get_close_matches(name, anatomy.layers) or anatomy.layers
        raise InputError(f"The network has no layer {name!r}. Did you mean: {', '.join(near)}?")
    return anatomy.layers[name]


def alexnet(layers: Sequence[str] = ()) -> FeatureNetwork:
    """AlexNet with the shipped ImageNet weights."""
    with torch.device("meta"):  # random weights would be made in vain, and move the generator
        stack = alexnet_layers()
    network = FeatureNetwork(stack, ALEXNET, layers)
    return _frozen(network, read_shipped("alexnet"), "The shipped AlexNet")


def squeezenet(layers: Sequence[str] = ()) -> FeatureNetwork:
    """SqueezeNet 1.1 with the shipped ImageNet weights."""
    with torch.device("meta"):
        stack = squeezenet_layers()
    network = FeatureNetwork(stack, SQUEEZENET, layers)
    return _frozen(network, read_shipped("squeezenet1_1"), "The shipped SqueezeNet")


def vgg19(path: Path, layers: Sequence[str] = (), *, scale: str) -> FeatureNetwork:
    """VGG-19 with the weights at `path`, which may end at the deepest chosen layer.

    `scale` is how those weights were trained: "imagenet" (mean and deviation of ImageNet, as
    torchvision's vgg19) or "oxford" (0…255 minus a mean, the original of Oxford). Nothing in a
    file tells, and the wrong one gives useless features. Raises `WeightsError` and `InputError`.
    """
    if scale not in SCALES:
        raise InputError(
            f"VGG-19's pixel scale {scale!r} is unknown. Say imagenet for torchvision's weights, "
            "oxford for the original ones."
        )
    with torch.device("meta"):
        stack = vgg19_layers()
    network = FeatureNetwork(stack, VGG19, layers, scale=scale)
    try:
        return _frozen(network, read_tensors(path), str(path))
    except WeightsError as error:
        raise WeightsError(
            f"{error} VGG-19 is not shipped: get torchvision's vgg19-dcbb9e9d.pth from "
            "download.pytorch.org/models (scale imagenet), or choose shallower layers."
        ) from error


def _frozen(network: FeatureNetwork, tensors: dict[str, Tensor], origin: str) -> FeatureNetwork:
    fill(network, tensors, origin=origin)
    network.requires_grad_(False)
    # 1–2.4 × as fast on a CPU; torch's stubs do not know the keyword
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network
