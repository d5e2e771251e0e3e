"""A MobileNetV2 U-Net that paints at full size: for drawings, where lightness is painted too.

The encoder is MobileNetV2's (Sandler et al. 2018), the shape a U-Net's (Ronneberger et al. 2015)
with skips added rather than concatenated, the global vector after Iizuka et al. 2016. Beside
pix2pix's U-Net of 54 M parameters it has 2.3 M, and ImageNet's features to begin with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from torch import Tensor, nn

from photochrom.generators.blocks import (
    GlobalVector,
    UpBlock,
    grey_planes,
    pad_to_multiple,
    require_inputs,
    require_positive,
    require_widths,
)
from photochrom.generators.encoders import ImageNetGrey, MobileNetV2Encoder
from photochrom.generators.generator import Generator

COARSEST_STRIDE = 32


class MobileFullUNet(Generator):
    """Lightness (B, 1, H, W), L* 0…100, of any size → (B, outputs, H, W).

    `widths` are the channels of the decoder at strides 16, 8, 4, 2 and 1. The encoder sees three
    planes, as ImageNet's features need, whatever `inputs` says; the last step sees `inputs`.
    """

    paper: ClassVar[str] = "Sandler et al. 2018"
    small: ClassVar[Mapping[str, Any]] = {"widths": (24, 16, 16, 8, 8), "hidden": 16}

    def __init__(
        self,
        outputs: int,
        *,
        inputs: int = 1,
        widths: Sequence[int] = (192, 128, 96, 48, 24),
        hidden: int = 256,
    ) -> None:
        super().__init__()
        self.inputs = require_inputs(inputs)
        require_positive(hidden=hidden)
        widths = require_widths(widths, 5)
        self.grey = ImageNetGrey()
        self.encoder = MobileNetV2Encoder(finest_stride=2)
        *skips, at32 = self.encoder.channels
        self.whole = GlobalVector(at32, hidden)
        self.ups = nn.ModuleList(
            UpBlock(deep, skip, width)
            for deep, skip, width in zip(
                (at32, *widths), (*reversed(skips), inputs), widths, strict=False
            )
        )
        self.head = nn.Conv2d(widths[-1], outputs, 3, padding=1)

    def forward(self, lightness: Tensor) -> Tensor:
        height, width = lightness.shape[-2:]
        padded = pad_to_multiple(lightness, COARSEST_STRIDE)
        *skips, at32 = self.encoder(self.grey(padded))
        features = self.whole(at32)
        for up, skip in zip(
            self.ups, (*reversed(skips), grey_planes(padded, self.inputs)), strict=True
        ):
            features = up(features, skip)
        painted: Tensor = self.head(features)
        return painted[..., :height, :width]
