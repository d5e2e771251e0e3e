"""A U-Net on a ResNet encoder: transfer learning from ImageNet.

The encoder is He et al. 2016, "Deep Residual Learning for Image Recognition", with torchvision's
names, so that its weights load; the decoder is Ronneberger et al. 2015's: enlarge, concatenate the
skip, two convolutions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from photochrom.generators.blocks import (
    ConvBlock,
    enlarge,
    pad_to_multiple,
    require_inputs,
    require_widths,
)
from photochrom.generators.encoders import ImageNetGrey
from photochrom.generators.generator import Generator
from photochrom.generators.resnet_encoder import ResNetEncoder

COARSEST_STRIDE = 32


class ResNetUNet(Generator):
    """Lightness (B, 1, H, W), L* 0…100, of any size → raw planes (B, outputs, H, W).

    `depth` is the ResNet's: 18, 34 or 50; `encoder_norm` "batch", "frozen" (BatchNorm that stays
    as loaded) or "group"; `widths` the decoder's channels at strides 16, 8, 4, 2 and 1, `norm` its
    norm. The encoder sees three planes, as ImageNet's features need, whatever `inputs` says.
    """

    paper: ClassVar[str] = "He et al. 2016"
    small: ClassVar[Mapping[str, Any]] = {"depth": 18, "widths": (32, 24, 16, 12, 8)}

    def __init__(
        self,
        outputs: int,
        *,
        inputs: int = 1,
        depth: int = 34,
        encoder_norm: str = "batch",
        widths: Sequence[int] = (256, 128, 64, 32, 16),
        norm: str = "batch",
    ) -> None:
        super().__init__()
        require_inputs(inputs)
        widths = require_widths(widths, 5)
        self.grey = ImageNetGrey()
        self.encoder = ResNetEncoder(depth, encoder_norm)
        *skips, deepest = self.encoder.channels
        self.ups = nn.ModuleList(
            ConvBlock(deep + skip, channels, norm)
            for deep, skip, channels in zip(
                (deepest, *widths[:-1]), (*reversed(skips), 0), widths, strict=True
            )
        )
        self.paint = nn.Conv2d(widths[-1], outputs, 3, padding=1)

    def forward(self, lightness: Tensor) -> Tensor:
        height, width = lightness.shape[-2:]
        *skips, features = self.encoder(self.grey(pad_to_multiple(lightness, COARSEST_STRIDE)))
        for block in self.ups:
            enlarged = enlarge(features)  # full size, the last, has no skip
            features = block(torch.cat([enlarged, skips.pop()], dim=1) if skips else enlarged)
        painted: Tensor = self.paint(features)
        return painted[..., :height, :width]
