"""Pix2pix's U-Net: the generator of the landscape, sketch and Photo-Lab systems.

Isola, Zhu, Zhou & Efros 2017, "Image-to-Image Translation with Conditional Adversarial Networks",
section 6.1.1: C64-C128-C256-C512-C512-C512-C512-C512 down, CD512-CD512-CD512-C512-C256-C128-C64 up,
where C is a 4×4 convolution with stride 2, BatchNorm and ReLU (leaky, 0.2, on the way down) and D
has a dropout of 0.5 as well. The outermost convolution has no norm, nor has the innermost, whose
BatchNorm over a single pixel would be zero (the paper's errata).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from photochrom.generators.blocks import (
    grey_planes,
    pad_to_multiple,
    require_inputs,
    require_positive,
)
from photochrom.generators.generator import Generator
from photochrom.generators.norms import make_norm

MOST_TIMES_WIDER = 8  # than the outermost level: 512 channels at a width of 64
UPS_WITH_DROPOUT = 3


class UNet(Generator):
    """Lightness (B, 1, H, W), L* 0…100, of any size → raw planes (B, outputs, H, W).

    `depth` halvings, `width` channels after the first of them, doubled at each to eight times as
    many. 54.4 M parameters at the defaults with 3 → 3 planes.
    """

    paper: ClassVar[str] = "Isola et al. 2017"
    small: ClassVar[Mapping[str, Any]] = {"depth": 3, "width": 8}

    def __init__(
        self,
        outputs: int,
        *,
        inputs: int = 1,
        depth: int = 8,
        width: int = 64,
        norm: str = "batch",
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        require_positive(width=width)
        if depth < 2:
            raise ValueError(f"depth is 2 at least, not {depth}")
        self.inputs = require_inputs(inputs)
        self.depth = depth
        widths = [width * min(2**level, MOST_TIMES_WIDER) for level in range(depth)]
        last = depth - 1
        self.downs = nn.ModuleList(
            down(
                widths[level - 1] if level else inputs,
                widths[level],
                norm="none" if level in (0, last) else norm,
                activated=level > 0,
            )
            for level in range(depth)
        )
        self.ups = nn.ModuleList(
            up(
                widths[level] * (1 if level == last else 2),  # all but the innermost have a skip
                widths[level - 1],
                norm=norm,
                dropout=dropout if last - level < UPS_WITH_DROPOUT else 0.0,
            )
            for level in range(last, 0, -1)
        )
        self.paint = nn.Sequential(
            nn.ReLU(inplace=True), nn.ConvTranspose2d(2 * width, outputs, 4, 2, 1)
        )

    def forward(self, lightness: Tensor) -> Tensor:
        height, width = lightness.shape[-2:]
        features = pad_to_multiple(grey_planes(lightness, self.inputs), 2**self.depth)
        skips = []
        for layer in self.downs:
            features = layer(features)
            skips.append(features)
        features = skips.pop()
        for layer in self.ups:
            features = torch.cat([layer(features), skips.pop()], dim=1)
        painted: Tensor = self.paint(features)
        return painted[..., :height, :width]


def down(channels_in: int, channels: int, *, norm: str, activated: bool) -> nn.Sequential:
    """Halves the size: leaky ReLU (if `activated`), 4×4 convolution, norm."""
    convolution = nn.Conv2d(channels_in, channels, 4, 2, 1, bias=norm == "none")
    first = [nn.LeakyReLU(0.2, inplace=True)] if activated else []
    return nn.Sequential(*first, convolution, make_norm(norm, channels))


def up(channels_in: int, channels: int, *, norm: str, dropout: float) -> nn.Sequential:
    """Doubles the size: ReLU, transposed 4×4 convolution, norm, dropout."""
    convolution = nn.ConvTranspose2d(channels_in, channels, 4, 2, 1, bias=norm == "none")
    last = [nn.Dropout(dropout)] if dropout else []
    return nn.Sequential(nn.ReLU(inplace=True), convolution, make_norm(norm, channels), *last)
