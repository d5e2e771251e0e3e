"""A MobileNetV2 U-Net: small, quick on a CPU, colour at a quarter of the size.

The encoder is MobileNetV2's (Sandler et al. 2018), the shape a U-Net's (Ronneberger et al. 2015)
with skips added rather than concatenated, the global vector after Iizuka et al. 2016, hints after
Zhang et al. 2017.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch.nn.functional as F
from torch import Tensor, nn

from photochrom.generators.agreement import Agreement
from photochrom.generators.attention import AttentionBlock
from photochrom.generators.blocks import (
    GlobalVector,
    UpBlock,
    pad_to_multiple,
    require_inputs,
    require_positive,
    require_widths,
)
from photochrom.generators.encoders import ImageNetGrey, MobileNetV2Encoder
from photochrom.generators.generator import Generator, no_hints
from photochrom.generators.hint_planes import HintPyramid, HintTint

COARSEST_STRIDE = 32
OUTPUT_STRIDE = 4
STRIDES = (4, 8, 16, 32)


class MobileUNet(Generator):
    """Lightness (B, 1, H, W), L* 0…100, of any size → (B, outputs, ⌈H/4⌉, ⌈W/4⌉).

    `outputs` are the logits of as many ab bins, or 2 for plain a*, b*. `widths` are the channels of
    the decoder at strides 16, 8 and 4. The encoder sees three planes, as ImageNet's features need,
    whatever `inputs` says. With `hints` it is told colours as well; `attention` counts the blocks
    of it at stride 16. With an `agreement` in L* near places that are as light agree on what is
    painted; in training each speaks for itself. With the `last_layer` the decoder begins from what
    ImageNet's classifier read; `depths` count its refinements at strides 16, 8 and 4.
    """

    paper: ClassVar[str] = "Sandler et al. 2018"
    output_stride: ClassVar[int] = OUTPUT_STRIDE
    small: ClassVar[Mapping[str, Any]] = {"widths": (24, 16, 16), "hidden": 16}

    def __init__(
        self,
        outputs: int,
        *,
        inputs: int = 1,
        widths: Sequence[int] = (192, 128, 96),
        hidden: int = 256,
        hints: bool = False,
        attention: int = 0,
        agreement: float = 0.0,
        last_layer: bool = False,
        depths: Sequence[int] = (2, 2, 2),
    ) -> None:
        super().__init__()
        require_inputs(inputs)
        require_positive(hidden=hidden)
        widths, depths = require_widths(widths, 3), require_widths(depths, 3)
        self.grey = ImageNetGrey()
        self.encoder = MobileNetV2Encoder(last_layer=last_layer)
        at4, at8, at16, at32 = self.encoder.channels
        self.whole = GlobalVector(at32, hidden)
        self.up16 = UpBlock(at32, at16, widths[0], depth=depths[0])
        self.attention = nn.Sequential(*(AttentionBlock(widths[0]) for _ in range(attention)))
        self.up8 = UpBlock(widths[0], at8, widths[1], depth=depths[1])
        self.up4 = UpBlock(widths[1], at4, widths[2], depth=depths[2])
        self.agreement = Agreement(agreement) if agreement else None
        self.head = nn.Conv2d(widths[2], outputs, 1)
        self.takes_hints = hints
        if hints:
            self.hint_tint = HintTint()
            self.hint_pyramid = HintPyramid(self.encoder.channels, STRIDES)

    def forward(self, lightness: Tensor, hints: Tensor | None = None) -> Tensor:
        height, width = lightness.shape[-2:]
        lightness = pad_to_multiple(lightness, COARSEST_STRIDE)
        if self.takes_hints:
            at4, at8, at16, at32 = self.told(lightness, hints)
        else:
            at4, at8, at16, at32 = self.encoder(self.grey(lightness))
        features = self.up16(self.whole(at32), at16)
        features = self.up8(self.attention(features), at8)
        features = self.up4(features, at4)
        if self.agreement is not None and not self.training:
            features = self.agreement(features, lightness)
        # (n + 3) // 4, not −(−n // 4): an ONNX division of negative numbers rounds towards zero
        rows, columns = ((side + OUTPUT_STRIDE - 1) // OUTPUT_STRIDE for side in (height, width))
        painted: Tensor = self.head(features[..., :rows, :columns])
        return painted

    def told(self, lightness: Tensor, hints: Tensor | None) -> list[Tensor]:
        """The encoder's features of padded lightness, with what the hints say added."""
        if hints is None:
            hints = no_hints(lightness)
        rows, columns = (lightness.shape[axis] - hints.shape[axis] for axis in (2, 3))
        hints = F.pad(hints, (0, columns, 0, rows))
        scales = self.encoder(self.grey(lightness) + self.hint_tint(hints))
        return [scale + told for scale, told in zip(scales, self.hint_pyramid(hints), strict=True)]
