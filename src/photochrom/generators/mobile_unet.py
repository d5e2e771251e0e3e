"""A MobileNetV2 U-Net: small, quick on a CPU, colour at a quarter of the size.

The encoder is MobileNetV2's (Sandler et al. 2018), the shape a U-Net's (Ronneberger et al. 2015)
with skips added rather than concatenated, the global vector after Iizuka et al. 2016.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from photochrom.generators.blocks import GlobalVector, UpBlock, pad_to_multiple
from photochrom.generators.encoders import IMAGENET_MEAN, IMAGENET_STD, MobileNetV2Encoder

COARSEST_STRIDE = 32
OUTPUT_STRIDE = 4


class MobileUNet(nn.Module):
    """Lightness (B, 1, H, W), L* 0…100, of any size → (B, outputs, ⌈H/4⌉, ⌈W/4⌉).

    `outputs` are the logits of as many ab bins, or 2 for plain a*, b*. `widths` are the channels of
    the decoder at strides 16, 8 and 4.
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self, outputs: int, *, widths: tuple[int, int, int] = (192, 128, 96), hidden: int = 256
    ) -> None:
        super().__init__()
        if len(widths) != 3:
            raise ValueError(f"widths are three numbers of channels, not {list(widths)}")
        self.encoder = MobileNetV2Encoder()
        at4, at8, at16, at32 = self.encoder.channels
        self.whole = GlobalVector(at32, hidden)
        self.up16 = UpBlock(at32, at16, widths[0])
        self.up8 = UpBlock(widths[0], at8, widths[1])
        self.up4 = UpBlock(widths[1], at4, widths[2])
        self.head = nn.Conv2d(widths[2], outputs, 1)
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(IMAGENET_STD).view(1, 3, 1, 1), persistent=False)

    def forward(self, lightness: Tensor) -> Tensor:
        height, width = lightness.shape[-2:]
        grey = pad_to_multiple(lightness / 100.0, COARSEST_STRIDE)
        at4, at8, at16, at32 = self.encoder((grey - self.mean) / self.std)
        features = self.up16(self.whole(at32), at16)
        features = self.up8(features, at8)
        features = self.up4(features, at4)
        # (n + 3) // 4, not −(−n // 4): an ONNX division of negative numbers rounds towards zero
        rows, columns = ((side + OUTPUT_STRIDE - 1) // OUTPUT_STRIDE for side in (height, width))
        painted: Tensor = self.head(features[..., :rows, :columns])
        return painted
