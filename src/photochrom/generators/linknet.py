"""LinkNet: a ResNet whose stages are linked to a thin decoder by addition.

Chaurasia & Culurciello 2017, "LinkNet: Exploiting Encoder Representations for Efficient Semantic
Segmentation", figures 1 to 3 and table 1. The encoder takes ImageNet weights.
"""

from __future__ import annotations

from typing import ClassVar

from torch import Tensor, nn

from photochrom.generators.blocks import pad_to_multiple, require_inputs
from photochrom.generators.encoders import ImageNetGrey
from photochrom.generators.generator import Generator
from photochrom.generators.norms import make_norm
from photochrom.generators.resnet_encoder import ResNetEncoder

COARSEST_STRIDE = 32
LAST_WIDTH = 32  # table 1, the final block


class LinkNet(Generator):
    """Lightness (B, 1, H, W), L* 0…100, of any size → raw planes (B, outputs, H, W).

    `depth` is the ResNet's: 18 (the paper's), 34 or 50; `encoder_norm` "batch", "frozen" or
    "group". The encoder sees three planes, as ImageNet's features need, whatever `inputs` says.
    """

    paper: ClassVar[str] = "Chaurasia & Culurciello 2017"

    def __init__(
        self,
        outputs: int,
        *,
        inputs: int = 1,
        depth: int = 18,
        encoder_norm: str = "batch",
        norm: str = "batch",
    ) -> None:
        super().__init__()
        require_inputs(inputs)
        self.grey = ImageNetGrey()
        self.encoder = ResNetEncoder(depth, encoder_norm)
        start, at4, at8, at16, at32 = self.encoder.channels
        self.up16 = decoder_block(at32, at16, 2, norm)
        self.up8 = decoder_block(at16, at8, 2, norm)
        self.up4 = decoder_block(at8, at4, 2, norm)
        self.same4 = decoder_block(at4, start, 1, norm)
        self.up2 = enlarging(start, LAST_WIDTH, 2, norm)
        self.refine = normalized(nn.Conv2d(LAST_WIDTH, LAST_WIDTH, 3, padding=1, bias=False), norm)
        self.paint = nn.ConvTranspose2d(LAST_WIDTH, outputs, 2, stride=2)

    def forward(self, lightness: Tensor) -> Tensor:
        height, width = lightness.shape[-2:]
        rgb = self.grey(pad_to_multiple(lightness, COARSEST_STRIDE))
        at2, at4, at8, at16, at32 = self.encoder(rgb)
        features = self.up16(at32) + at16
        features = self.up8(features) + at8
        features = self.up4(features) + at4
        features = self.same4(features) + self.encoder.maxpool(at2)
        painted: Tensor = self.paint(self.refine(self.up2(features)))
        return painted[..., :height, :width]


def normalized(convolution: nn.Conv2d | nn.ConvTranspose2d, norm: str) -> nn.Sequential:
    """The convolution, its norm, ReLU."""
    return nn.Sequential(
        convolution, make_norm(norm, convolution.out_channels), nn.ReLU(inplace=True)
    )


def enlarging(channels_in: int, channels: int, stride: int, norm: str) -> nn.Sequential:
    """The paper's full convolution: (B, C_in, h, w) → (B, C, stride · h, stride · w)."""
    return normalized(
        nn.ConvTranspose2d(
            channels_in, channels, 3, stride, 1, output_padding=stride - 1, bias=False
        ),
        norm,
    )


def decoder_block(channels_in: int, channels: int, stride: int, norm: str) -> nn.Sequential:
    """A quarter of the channels by 1×1, enlarged, and to `channels` by 1×1 (figure 3)."""
    thin = channels_in // 4
    return nn.Sequential(
        normalized(nn.Conv2d(channels_in, thin, 1, bias=False), norm),
        enlarging(thin, thin, stride, norm),
        normalized(nn.Conv2d(thin, channels, 1, bias=False), norm),
    )
