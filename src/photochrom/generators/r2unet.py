"""R2U-Net: a U-Net of recurrent residual blocks.

Alom, Hasan, Yakopcic, Taha & Asari 2018, "Recurrent Residual Convolutional Neural Network based on
U-Net (R2U-Net) for Medical Image Segmentation". A recurrent convolution (eq. 1, 2) looks `steps`
times again at its input plus what it made of it so far. As in the implementations in use, one
kernel serves for both of eq. 1's (feed-forward and recurrent), which keeps the U-Net's number of
parameters. Each step has a norm of its own (Cooijmans et al. 2016): the steps' statistics differ,
and a shared BatchNorm would average them for evaluation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from photochrom.generators.blocks import (
    ConvBlock,
    enlarge,
    grey_planes,
    pad_to_multiple,
    require_inputs,
    require_positive,
    require_widths,
)
from photochrom.generators.generator import Generator
from photochrom.generators.norms import make_norm


class RecurrentConv(nn.Module):
    """One 3×3 convolution, unfolded over `steps` more steps; (B, C, h, w) → the same."""

    def __init__(self, channels: int, steps: int, norm: str) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(channels, channels, 3, padding=1, bias=norm == "none")
        self.norms = nn.ModuleList(make_norm(norm, channels) for _ in range(steps + 1))

    def forward(self, features: Tensor) -> Tensor:
        state: Tensor = features
        for step, norm in enumerate(self.norms):
            seen = features + state if step else features
            state = F.relu(norm(self.convolution(seen)))
        return state


class RecurrentResidualBlock(nn.Module):
    """Projected to `channels`, plus two recurrent convolutions of that (figure 4d)."""

    def __init__(self, channels_in: int, channels: int, steps: int, norm: str) -> None:
        super().__init__()
        self.project = nn.Conv2d(channels_in, channels, 1)
        self.recurrent = nn.Sequential(
            RecurrentConv(channels, steps, norm), RecurrentConv(channels, steps, norm)
        )

    def forward(self, features: Tensor) -> Tensor:
        projected: Tensor = self.project(features)
        refined: Tensor = self.recurrent(projected)
        return projected + refined


class R2UNet(Generator):
    """Lightness (B, 1, H, W), L* 0…100, of any size → raw planes (B, outputs, H, W).

    `widths` are the channels from full size down, `steps` the paper's t.
    """

    paper: ClassVar[str] = "Alom et al. 2018"
    small: ClassVar[Mapping[str, Any]] = {"widths": (8, 12, 16)}

    def __init__(
        self,
        outputs: int,
        *,
        inputs: int = 1,
        widths: Sequence[int] = (64, 128, 256, 512, 1024),
        steps: int = 2,
        norm: str = "batch",
    ) -> None:
        super().__init__()
        require_positive(steps=steps)
        self.inputs = require_inputs(inputs)
        widths = require_widths(widths, max(len(widths), 2))
        self.multiple = 2 ** (len(widths) - 1)
        self.downs = nn.ModuleList(
            RecurrentResidualBlock(widths[row - 1] if row else inputs, widths[row], steps, norm)
            for row in range(len(widths))
        )
        rows = range(len(widths) - 2, -1, -1)
        self.lifts = nn.ModuleList(
            ConvBlock(widths[row + 1], widths[row], norm, depth=1) for row in rows
        )
        self.ups = nn.ModuleList(
            RecurrentResidualBlock(2 * widths[row], widths[row], steps, norm) for row in rows
        )
        self.paint = nn.Conv2d(widths[0], outputs, 1)

    def forward(self, lightness: Tensor) -> Tensor:
        height, width = lightness.shape[-2:]
        features = pad_to_multiple(grey_planes(lightness, self.inputs), self.multiple)
        skips: list[Tensor] = []
        for block in self.downs:
            features = block(F.max_pool2d(features, 2) if skips else features)
            skips.append(features)
        skips.pop()
        for lift, block in zip(self.lifts, self.ups, strict=True):
            features = block(torch.cat([skips.pop(), lift(enlarge(features))], dim=1))
        painted: Tensor = self.paint(features)
        return painted[..., :height, :width]
