"""Encoders with torchvision's state-dict names, so that ImageNet weights load; no torchvision.

MobileNetV2 is here, the ResNets in `resnet_encoder`.
"""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path

import torch
from torch import Tensor, nn

from photochrom.errors import InputError, WeightsError
from photochrom.generators.blocks import depthwise3x3
from photochrom.tensor_file import read_tensors

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
BATCHNORM_EPS = 1e-5

# Sandler et al. 2018, table 2: expansion, output channels, repeats, stride of the first
INVERTED_RESIDUALS = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
# stride, index in `features` after which its scale is complete, channels
SCALES = ((2, 1, 16), (4, 3, 24), (8, 6, 32), (16, 13, 96), (32, 17, 320))
LAST_LAYER = (32, 18, 1280)  # a 1×1 convolution more


class ImageNetGrey(nn.Module):
    """L* (B, 1, H, W) 0…100 → the grey RGB (B, 3, H, W) as ImageNet's networks were given it."""

    mean: Tensor
    std: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(IMAGENET_STD).view(1, 3, 1, 1), persistent=False)

    def forward(self, lightness: Tensor) -> Tensor:
        return (lightness / 100.0 - self.mean) / self.std


class Encoder(nn.Module):
    """(B, 3, H, W) normalized RGB → features at growing strides, with `channels` channels."""

    title: str  # as a message names it
    channels: tuple[int, ...]

    @abstractmethod
    def fitted(self, state: dict[str, Tensor]) -> dict[str, Tensor]:
        """Torchvision's state dict as this encoder's: folded, without the classifier."""


class InvertedResidual(nn.Module):
    """MobileNetV2's block with BatchNorm folded away and ReLU for ReLU6.

    ReLU6's backward pass is ten times slower on CPUs; pretrained features survive the change.
    """

    def __init__(self, channels_in: int, channels: int, expansion: int, stride: int) -> None:
        super().__init__()
        hidden = channels_in * expansion
        expand = [nn.Sequential(nn.Conv2d(channels_in, hidden, 1), nn.ReLU(inplace=True))]
        self.conv = nn.Sequential(
            *(expand if expansion > 1 else []),
            nn.Sequential(depthwise3x3(hidden, stride=stride), nn.ReLU(inplace=True)),
            nn.Conv2d(hidden, channels, 1),
        )
        self.is_residual = stride == 1 and channels_in == channels

    def forward(self, features: Tensor) -> Tensor:
        convolved: Tensor = self.conv(features)
        return features + convolved if self.is_residual else convolved


class MobileNetV2Encoder(Encoder):
    """MobileNetV2 1.0 up to its 320 channels at stride 32 (Sandler et al. 2018).

    (B, 3, H, W) normalized RGB → features at strides 4, 8, 16 and 32, with `channels` channels; or
    from stride 2 on. With the `last_layer` those at stride 32 are the 1280 that its classifier of
    objects read. H and W are multiples of 32.
    """

    title = "MobileNetV2 1.0"

    def __init__(self, *, finest_stride: int = 4, last_layer: bool = False) -> None:
        """`finest_stride` is 2 or 4."""
        super().__init__()
        wanted = [scale for scale in SCALES if scale[0] >= finest_stride]
        self.has_last_layer = last_layer
        if last_layer:
            wanted[-1] = LAST_LAYER
        self.taps = tuple(tap for _, tap, _ in wanted)
        self.channels = tuple(channels for _, _, channels in wanted)
        layers: list[nn.Module] = [
            nn.Sequential(nn.Conv2d(3, 32, 3, stride=2, padding=1), nn.ReLU(inplace=True))
        ]
        channels_in = 32
        for expansion, channels, repeats, stride in INVERTED_RESIDUALS:
            for repeat in range(repeats):
                block_stride = stride if repeat == 0 else 1
                layers.append(InvertedResidual(channels_in, channels, expansion, block_stride))
                channels_in = channels
        if last_layer:
            last = nn.Conv2d(channels_in, self.channels[-1], 1)
            layers.append(nn.Sequential(last, nn.ReLU(inplace=True)))
        self.features = nn.Sequential(*layers)

    def forward(self, rgb: Tensor) -> list[Tensor]:
        scales = []
        features = rgb
        for index, layer in enumerate(self.features):
            features = layer(features)
            if index in self.taps:
                scales.append(features)
        return scales

    def fitted(self, state: dict[str, Tensor]) -> dict[str, Tensor]:
        left_out = "classifier.", *([] if self.has_last_layer else ["features.18."])
        return {
            key: tensor
            for key, tensor in fold_batchnorm(state).items()
            if not key.startswith(tuple(left_out))
        }


def fold_batchnorm(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Torchvision's MobileNetV2 state dict with every BatchNorm folded into its convolution.

    A dict that is folded already comes back as it is (Jacob et al. 2018, section 3.2).
    """
    norms = [key.removesuffix(".running_mean") for key in state if key.endswith(".running_mean")]
    if not norms:
        return dict(state)
    folded = {}
    for norm in norms:
        parent, _, position = norm.rpartition(".")
        if not position.isdecimal() or f"{parent}.{int(position) - 1}.weight" not in state:
            return dict(state)  # another network's norms: loading says what does not fit
        convolution = f"{parent}.{int(position) - 1}"  # torchvision puts it just before its norm
        variance = state[f"{norm}.running_var"] + BATCHNORM_EPS
        scale = state[f"{norm}.weight"] / variance.sqrt()
        folded[f"{convolution}.weight"] = (
            state[f"{convolution}.weight"] * scale[:, None, None, None]
        )
        folded[f"{convolution}.bias"] = (
            state[f"{norm}.bias"] - state[f"{norm}.running_mean"] * scale
        )
    return folded


def require_file(path: Path) -> None:
    """Raise the `WeightsError` that says where to get the weights, unless they are at `path`."""
    if not path.is_file():
        raise WeightsError(
            f"The encoder's pretrained weights are not at {path}. Get torchvision's "
            "mobilenet_v2-b0353104.pth (for mobile_unet, mobile_full_unet, query_unet), "
            "resnet18-f37072fd.pth, resnet34-b627a593.pth or resnet50-0676ba61.pth (linknet, "
            "resnet_unet) from download.pytorch.org/models and name it with "
            "--set generator.encoder=PATH, or train from scratch with "
            "--set generator.encoder=random"
        )


def load_encoder(encoder: Encoder, path: Path) -> None:
    """Fill the encoder with ImageNet weights, in torchvision's form or as `fitted` gives them.

    The classifier is left out; any other missing or unknown name is a `WeightsError`.
    """
    require_file(path)
    state = encoder.fitted(read_tensors(path))
    try:
        encoder.load_state_dict(state, strict=True)
    except RuntimeError as error:
        raise WeightsError(f"{path} does not hold {encoder.title}: {error}") from error


def load_pretrained(generator: nn.Module, path: Path) -> None:
    """Fill the generator's encoder with ImageNet weights; its kind says how.

    Raises `InputError` where the generator has no encoder that could be filled, `WeightsError`
    where the file is absent, unreadable or another encoder's.
    """
    encoder = getattr(generator, "encoder", None)
    if not isinstance(encoder, Encoder):
        raise InputError(
            f"{type(generator).__name__} has no encoder that takes pretrained weights, so {path} "
            "is of no use to it. Say --set generator.encoder=random, or choose linknet, "
            "mobile_unet, mobile_full_unet, query_unet or resnet_unet"
        )
    load_encoder(encoder, path)
