"""The scenery system's own generator: a U-Net of blocks through which several streams of sums run.

The block, with f1 … f5 and g each a 3×3 convolution, ReLU and BatchNorm:

    y1 = x + f1(x)    y2 = x + f2(y1)    y3 = y2 + f3(y2)    y4 = y2 + f4(y3)
    y5 = f5(y4)       x + y5 + g(x)

where x is projected by a 1×1 convolution if the channels differ. Four convolutions with stride 2,
each followed by a block, go down; four times enlarge ×2, combine with the skip, block, go up. The
sizes in the original's figure do not fit together as they are drawn, so this is what we settled:
skips are taken before each stride-2 convolution, the input itself for the last; they are combined
by concatenation; the widths are 64-128-256-512; the last convolution gives the output planes, whose
tanh is the rgb head's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from photochrom.generators.blocks import (
    enlarge,
    grey_planes,
    pad_to_multiple,
    require_inputs,
    require_widths,
)
from photochrom.generators.generator import Generator
from photochrom.generators.norms import make_norm


class StreamBlock(nn.Module):
    """The block above; (B, C_in, h, w) → (B, C, h, w)."""

    def __init__(self, channels_in: int, channels: int, norm: str) -> None:
        super().__init__()
        same = channels_in == channels
        self.project = nn.Identity() if same else nn.Conv2d(channels_in, channels, 1)
        self.f1, self.f2, self.f3, self.f4, self.f5, self.g = (
            conv_relu_norm(channels, norm) for _ in range(6)
        )

    def forward(self, features: Tensor) -> Tensor:
        x = self.project(features)
        y1 = x + self.f1(x)
        y2 = x + self.f2(y1)
        y3 = y2 + self.f3(y2)
        y4 = y2 + self.f4(y3)
        y5 = self.f5(y4)
        streams: Tensor = x + y5 + self.g(x)
        return streams


class StreamUNet(Generator):
    """Lightness (B, 1, H, W), L* 0…100, of any size → raw planes (B, outputs, H, W).

    `widths` are the channels after each stride-2 convolution.
    """

    paper: ClassVar[str] = "scenery system"
    small: ClassVar[Mapping[str, Any]] = {"widths": (8, 12)}

    def __init__(
        self,
        outputs: int,
        *,
        inputs: int = 1,
        widths: Sequence[int] = (64, 128, 256, 512),
        norm: str = "batch",
    ) -> None:
        super().__init__()
        self.inputs = require_inputs(inputs)
        widths = require_widths(widths, max(len(widths), 1))
        self.multiple = 2 ** len(widths)
        before = (inputs, *widths[:-1])  # the channels of each skip
        self.downs = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(channels_in, channels, 3, stride=2, padding=1),
                StreamBlock(channels, channels, norm),
            )
            for channels_in, channels in zip(before, widths, strict=True)
        )
        after = (widths[0], *widths[:-1])  # the channels of each step up
        self.ups = nn.ModuleList(
            StreamBlock(deep + skip, channels, norm)
            for deep, skip, channels in reversed(list(zip(widths, before, after, strict=True)))
        )
        self.paint = nn.Conv2d(widths[0], outputs, 3, padding=1)

    def forward(self, lightness: Tensor) -> Tensor:
        height, width = lightness.shape[-2:]
        features = pad_to_multiple(grey_planes(lightness, self.inputs), self.multiple)
        skips = []
        for layer in self.downs:
            skips.append(features)
            features = layer(features)
        for block in self.ups:
            features = block(torch.cat([enlarge(features), skips.pop()], dim=1))
        painted: Tensor = self.paint(features)
        return painted[..., :height, :width]


def conv_relu_norm(channels: int, norm: str) -> nn.Sequential:
    """3×3 convolution, ReLU, norm: the original's order."""
    return nn.Sequential(
        nn.Conv2d(channels, channels, 3, padding=1),
        nn.ReLU(inplace=True),
        make_norm(norm, channels),
    )
