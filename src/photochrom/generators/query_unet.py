"""A pixel decoder beside learned colour queries, on MobileNetV2: DDColor made small.

Kang, Yang, Ouyang et al. 2023, "DDColor: Towards Photo-Realistic Image Colorization via Dual
Decoders", section 3: one decoder enlarges the picture's features, the other lets learned colour
queries look at them, coarse to fine; the product of both is a map for each query, and a 1×1
convolution makes planes of the maps. Small means here: MobileNetV2 (Sandler et al. 2018) for
ConvNeXt, one round of three attention blocks for three rounds, 64 queries for 100, and colour at a
quarter of the size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from photochrom.generators.blocks import (
    UpBlock,
    pad_to_multiple,
    require_inputs,
    require_widths,
)
from photochrom.generators.encoders import ImageNetGrey, MobileNetV2Encoder
from photochrom.generators.generator import Generator

COARSEST_STRIDE = 32
OUTPUT_STRIDE = 4
OCTAVES = 4  # of the positions' waves: half to four of them across the picture
MOST_HEADS = 4


class Attention(nn.Module):
    """Queries (B, Q, C) look at tokens (B, N, C), several heads (Vaswani et al. 2017, 3.2.2)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.heads = math.gcd(MOST_HEADS, channels)
        self.query = nn.Linear(channels, channels)
        self.key = nn.Linear(channels, channels)
        self.value = nn.Linear(channels, channels)
        self.join = nn.Linear(channels, channels)

    def forward(self, queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        looked = F.scaled_dot_product_attention(
            self.split(self.query(queries)),
            self.split(self.key(keys)),
            self.split(self.value(values)),
        )
        joined: Tensor = self.join(looked.transpose(1, 2).flatten(2))
        return joined

    def split(self, tokens: Tensor) -> Tensor:
        """(B, N, C) → (B, heads, N, C / heads)."""
        return torch.unflatten(tokens, 2, (self.heads, -1)).transpose(1, 2)


class ColourBlock(nn.Module):
    """One colour decoder block: look at the features, at each other, think (section 3.3, eq. 2–4).

    Norms come after each sum, as in the original.
    """

    def __init__(self, channels: int, features: int) -> None:
        super().__init__()
        self.bring = nn.Conv2d(features, channels, 1)
        self.position = nn.Linear(4 * OCTAVES, channels)
        self.level = nn.Parameter(torch.zeros(channels))
        self.look, self.exchange = Attention(channels), Attention(channels)
        self.think = nn.Sequential(
            nn.Linear(channels, 4 * channels),
            nn.ReLU(inplace=True),
            nn.Linear(4 * channels, channels),
        )
        self.norms = nn.ModuleList(nn.LayerNorm(channels) for _ in range(3))

    def forward(self, colours: Tensor, names: Tensor, features: Tensor) -> Tensor:
        """Colours and the queries' own embedding (B, Q, C), features (B, F, h, w) → (B, Q, C)."""
        tokens = self.bring(features).flatten(2).transpose(1, 2) + self.level
        places = self.position(waves(features))
        colours = self.norms[0](colours + self.look(colours + names, tokens + places, tokens))
        named = colours + names
        colours = self.norms[1](colours + self.exchange(named, named, colours))
        thought: Tensor = self.norms[2](colours + self.think(colours))
        return thought


class QueryUNet(Generator):
    """Lightness (B, 1, H, W), L* 0…100, of any size → (B, outputs, ⌈H/4⌉, ⌈W/4⌉).

    `widths` are the pixel decoder's channels at strides 16, 8 and 4, `queries` the learned colours,
    `channels` those of their embeddings. The encoder sees three planes, as ImageNet's features
    need, whatever `inputs` says.
    """

    paper: ClassVar[str] = "Kang et al. 2023"
    output_stride: ClassVar[int] = OUTPUT_STRIDE

    def __init__(
        self,
        outputs: int,
        *,
        inputs: int = 1,
        widths: Sequence[int] = (192, 128, 96),
        queries: int = 64,
        channels: int = 96,
    ) -> None:
        super().__init__()
        require_inputs(inputs)
        widths = require_widths(widths, 3)
        if queries < 1 or channels < 1:
            raise ValueError(f"queries and channels are 1 at least, not {queries} and {channels}")
        self.grey = ImageNetGrey()
        self.encoder = MobileNetV2Encoder()
        at4, at8, at16, at32 = self.encoder.channels
        self.up16 = UpBlock(at32, at16, widths[0])
        self.up8 = UpBlock(widths[0], at8, widths[1])
        self.up4 = UpBlock(widths[1], at4, widths[2])
        self.colours = nn.Parameter(torch.randn(queries, channels))
        self.names = nn.Parameter(torch.randn(queries, channels))
        self.blocks = nn.ModuleList(ColourBlock(channels, width) for width in widths)
        self.embed = nn.Conv2d(widths[2], channels, 1)
        self.scale = channels**-0.5
        self.paint = nn.Conv2d(queries + widths[2], outputs, 1)

    def forward(self, lightness: Tensor) -> Tensor:
        height, width = lightness.shape[-2:]
        rgb = self.grey(pad_to_multiple(lightness, COARSEST_STRIDE))
        at4, at8, at16, at32 = self.encoder(rgb)
        # ---- the pixel decoder
        up16 = self.up16(at32, at16)
        up8 = self.up8(up16, at8)
        up4 = self.up4(up8, at4)
        # ---- the colour decoder, coarse to fine
        colours = self.colours.expand(len(lightness), -1, -1)
        names = self.names.expand(len(lightness), -1, -1)
        for block, features in zip(self.blocks, (up16, up8, up4), strict=True):
            colours = block(colours, names, features)
        # ---- a map for each query (eq. 5), and planes of the maps
        pixels = self.embed(up4)
        maps = torch.unflatten(colours @ pixels.flatten(2) * self.scale, 2, pixels.shape[-2:])
        painted: Tensor = self.paint(torch.cat([maps, up4], dim=1))
        # (n + 3) // 4, not −(−n // 4): an ONNX division of negative numbers rounds towards zero
        rows, columns = ((side + OUTPUT_STRIDE - 1) // OUTPUT_STRIDE for side in (height, width))
        return painted[..., :rows, :columns]


def waves(features: Tensor) -> Tensor:
    """Sines and cosines of each place of (B, C, h, w): (h · w, 4 · OCTAVES), whatever its size."""
    octaves = math.pi * 2.0 ** torch.arange(OCTAVES, device=features.device)

    def along(side: int) -> Tensor:
        places = (torch.arange(side, device=features.device) + 0.5) / side
        angles = places[:, None] * octaves
        return torch.cat([angles.sin(), angles.cos()], dim=1)

    height, width = features.shape[-2:]
    down = along(height)[:, None, :].expand(-1, width, -1)
    across = along(width)[None, :, :].expand(height, -1, -1)
    return torch.cat([down, across], dim=2).flatten(0, 1).to(features.dtype)
