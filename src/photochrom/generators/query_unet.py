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
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from photochrom.generators.blocks import (
    UpBlock,
    pad_to_multiple,
    require_inputs,
    require_positive,
    require_widths,
)
from photochrom.generators.encoders import ImageNetGrey, MobileNetV2Encoder
from photochrom.generators.generator import Generator

COARSEST_STRIDE = 32
OUTPUT_STRIDE = 4
OCTAVES = 4  # of the positions' waves: half to four of them across the picture
MOST_HEADS = 4


class Exchange(nn.Module):
    """Queries (B, Q, C) look at each other: self-attention (Vaswani et al. 2017, 3.2.2)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.heads = math.gcd(MOST_HEADS, channels)
        self.query, self.key, self.value, self.join = (
            nn.Linear(channels, channels) for _ in range(4)
        )

    def forward(self, colours: Tensor, names: Tensor) -> Tensor:
        named = colours + names
        keys, values = (
            split(tokens.transpose(1, 2), self.heads)
            for tokens in (self.key(named), self.value(colours))
        )
        joined: Tensor = self.join(attend(self.query(named), keys, values))
        return joined


class Look(nn.Module):
    """Queries (B, Q, C) look at features (B, F, h, w), and at where they lie: cross-attention."""

    def __init__(self, channels: int, features: int) -> None:
        super().__init__()
        self.heads = math.gcd(MOST_HEADS, channels)
        self.query, self.join = nn.Linear(channels, channels), nn.Linear(channels, channels)
        self.key, self.value = nn.Conv2d(features, channels, 1), nn.Conv2d(features, channels, 1)
        self.place = nn.Conv2d(4 * OCTAVES, channels, 1, bias=False)

    def forward(self, queries: Tensor, features: Tensor) -> Tensor:
        placed = self.key(features) + self.place(waves(features))
        keys, values = (
            split(planes.flatten(2), self.heads) for planes in (placed, self.value(features))
        )
        joined: Tensor = self.join(attend(self.query(queries), keys, values))
        return joined


def split(tokens: Tensor, heads: int) -> Tensor:
    """(B, C, N) → (B, heads, C / heads, N)."""
    return torch.unflatten(tokens, 1, (heads, -1))


def attend(queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """Softmax of queries (B, Q, C) times keys, times values (B, heads, C / heads, N): (B, Q, C)."""
    heads, width = keys.shape[1:3]
    asking = torch.unflatten(queries, 2, (heads, width)).transpose(1, 2)
    shares = (asking @ keys * width**-0.5).softmax(dim=-1)
    looked: Tensor = shares @ values.transpose(2, 3)
    return looked.transpose(1, 2).flatten(2)


class ColourBlock(nn.Module):
    """One colour decoder block: look at the features, at each other, think.

    Norms come after each sum, as in the original.
    """

    def __init__(self, channels: int, features: int) -> None:
        super().__init__()
        self.look, self.exchange = Look(channels, features), Exchange(channels)
        self.think = nn.Sequential(
            nn.Linear(channels, 4 * channels),
            nn.ReLU(inplace=True),
            nn.Linear(4 * channels, channels),
        )
        self.norms = nn.ModuleList(nn.LayerNorm(channels) for _ in range(3))

    def forward(self, colours: Tensor, names: Tensor, features: Tensor) -> Tensor:
        """Colours and the queries' own embedding (B, Q, C), features (B, F, h, w) → (B, Q, C)."""
        colours = self.norms[0](colours + self.look(colours + names, features))
        colours = self.norms[1](colours + self.exchange(colours, names))
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
    small: ClassVar[Mapping[str, Any]] = {"widths": (24, 16, 16), "queries": 8, "channels": 16}

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
        require_positive(queries=queries, channels=channels)
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
        colours = self.colours.expand(lightness.shape[0], -1, -1)
        names = self.names.expand(lightness.shape[0], -1, -1)
        for block, features in zip(self.blocks, (up16, up8, up4), strict=True):
            colours = block(colours, names, features)
        # ---- a map for each query, and planes of the maps
        pixels = self.embed(up4)
        maps = torch.unflatten(colours @ pixels.flatten(2), 2, pixels.shape[-2:])
        painted: Tensor = self.paint(torch.cat([maps, up4], dim=1))
        # (n + 3) // 4, not −(−n // 4): an ONNX division of negative numbers rounds towards zero
        rows, columns = ((side + OUTPUT_STRIDE - 1) // OUTPUT_STRIDE for side in (height, width))
        return painted[..., :rows, :columns]


def waves(features: Tensor) -> Tensor:
    """Sines and cosines of each place of (B, C, h, w): (1, 4 · OCTAVES, h, w) at any size."""
    octaves = math.pi * 2.0 ** torch.arange(OCTAVES, device=features.device)

    def along(side: int) -> Tensor:
        places = (torch.arange(side, device=features.device) + 0.5) / side
        angles = octaves[:, None] * places
        return torch.cat([angles.sin(), angles.cos()]).to(features.dtype)

    height, width = features.shape[-2:]
    down = along(height)[:, :, None].expand(-1, -1, width)
    across = along(width)[:, None, :].expand(-1, height, -1)
    return torch.cat([down, across])[None]
