"""The stacks of layers of three ImageNet networks, with torchvision's names and no torchvision."""

from __future__ import annotations

import torch
from torch import Tensor, nn

VGG19_WIDTHS = ((64, 2), (128, 2), (256, 4), (512, 4), (512, 4))  # channels, convolutions a block


class Fire(nn.Module):
    """SqueezeNet's block: 1×1 down, then 1×1 and 3×3 side by side (Iandola et al. 2016, fig. 1)."""

    def __init__(self, channels_in: int, squeezed: int, expanded: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(channels_in, squeezed, 1)
        self.expand1x1 = nn.Conv2d(squeezed, expanded, 1)
        self.expand3x3 = nn.Conv2d(squeezed, expanded, 3, padding=1)

    def forward(self, features: Tensor) -> Tensor:
        squeezed = self.squeeze(features).relu_()
        return torch.cat([self.expand1x1(squeezed), self.expand3x3(squeezed)], dim=1).relu_()


def alexnet_layers() -> list[nn.Module]:
    """AlexNet's five convolutions, one column (Krizhevsky 2014)."""
    return [
        *_convolution(3, 64, kernel=11, stride=4, padding=2),
        nn.MaxPool2d(3, stride=2),
        *_convolution(64, 192, kernel=5, padding=2),
        nn.MaxPool2d(3, stride=2),
        *_convolution(192, 384),
        *_convolution(384, 256),
        *_convolution(256, 256),
    ]


def squeezenet_layers() -> list[nn.Module]:
    """SqueezeNet 1.1 up to its last Fire block (Iandola et al. 2016)."""
    return [
        *_convolution(3, 64, stride=2, padding=0),
        nn.MaxPool2d(3, stride=2, ceil_mode=True),
        Fire(64, 16, 64),
        Fire(128, 16, 64),
        nn.MaxPool2d(3, stride=2, ceil_mode=True),
        Fire(128, 32, 128),
        Fire(256, 32, 128),
        nn.MaxPool2d(3, stride=2, ceil_mode=True),
        Fire(256, 48, 192),
        Fire(384, 48, 192),
        Fire(384, 64, 256),
        Fire(512, 64, 256),
    ]


def vgg19_layers() -> list[nn.Module]:
    """VGG-19's sixteen convolutions (Simonyan & Zisserman 2015, table 1, column E)."""
    layers: list[nn.Module] = []
    channels_in = 3
    for channels, convolutions in VGG19_WIDTHS:
        for _ in range(convolutions):
            layers += _convolution(channels_in, channels)
            channels_in = channels
        layers.append(nn.MaxPool2d(2))
    return layers


def _convolution(
    channels_in: int, channels: int, *, kernel: int = 3, stride: int = 1, padding: int = 1
) -> list[nn.Module]:
    return [
        nn.Conv2d(channels_in, channels, kernel, stride, padding),
        nn.ReLU(inplace=True),  # what a convolution gives is needed by nobody else
    ]
