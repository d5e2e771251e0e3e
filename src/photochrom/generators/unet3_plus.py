"""UNet 3+: every decoder stage sees every scale.

Huang, Lin, Tong et al. 2020, "UNet 3+: A Full-Scale Connected UNet for Medical Image Segmentation":
full-scale skip connections (section 2.1, eq. 1), a picture from each stage while it is trained
(2.2, deep supervision), and as an option a branch that says whether there is anything to paint at
all (2.3, classification-guided module): in colouring, whether the picture has any colour.
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
from photochrom.generators.supervised import Supervised

AB_OUTPUTS = 2


class FullScaleStage(nn.Module):
    """Decoder stage `stage`: all scales brought to its own, joined and refined (eq. 1).

    `channels` are those of the scales from full size down; each gives `taken` channels.
    """

    def __init__(self, stage: int, channels: Sequence[int], taken: int, norm: str) -> None:
        super().__init__()
        self.stage = stage
        self.bring = nn.ModuleList(ConvBlock(count, taken, norm, depth=1) for count in channels)
        joined = taken * len(channels)
        self.refine = ConvBlock(joined, joined, norm, depth=1)

    def forward(self, scales: Sequence[Tensor]) -> Tensor:
        brought = []
        for scale, (features, bring) in enumerate(zip(scales, self.bring, strict=True)):
            if scale < self.stage:
                features = F.max_pool2d(features, 2 ** (self.stage - scale))
            elif scale > self.stage:
                features = enlarge(features, 2 ** (scale - self.stage))
            brought.append(bring(features))
        refined: Tensor = self.refine(torch.cat(brought, dim=1))
        return refined


class UNet3Plus(Generator):
    """Lightness (B, 1, H, W), L* 0…100, of any size → raw planes (B, outputs, H, W).

    `widths` are the encoder's channels from full size down, `taken` those that each scale gives to
    each decoder stage. With `deep_supervision` it returns every stage's planes while it is trained,
    the full-size one's first. With `classification_guided`, for an ab head only (raw 0 is its
    grey), a picture that seems to have no colour is left grey in evaluation; in training the planes
    stay whole, for a product with 0 would teach them nothing.
    """

    paper: ClassVar[str] = "Huang et al. 2020"
    small: ClassVar[Mapping[str, Any]] = {"widths": (8, 12, 16), "taken": 8}

    def __init__(
        self,
        outputs: int,
        *,
        inputs: int = 1,
        widths: Sequence[int] = (64, 128, 256, 512, 1024),
        taken: int = 64,
        norm: str = "batch",
        deep_supervision: bool = True,
        classification_guided: bool = False,
    ) -> None:
        super().__init__()
        self.inputs = require_inputs(inputs)
        require_positive(taken=taken)
        widths = require_widths(widths, max(len(widths), 2))
        if classification_guided and outputs != AB_OUTPUTS:
            raise ValueError(
                f"classification_guided wants the head ab ({AB_OUTPUTS} outputs), where raw 0 is "
                f"grey; this one has {outputs}"
            )
        last = len(widths) - 1
        joined = taken * len(widths)
        self.multiple = 2**last
        self.downs = nn.ModuleList(
            ConvBlock(widths[scale - 1] if scale else inputs, widths[scale], norm)
            for scale in range(len(widths))
        )
        self.stages = nn.ModuleList(
            # above it the encoder's features, below it those that are decoded already
            FullScaleStage(
                stage,
                [*widths[: stage + 1], *[joined] * (last - stage - 1), widths[last]],
                taken,
                norm,
            )
            for stage in range(last)
        )
        painting = [joined] * last + [widths[last]] if deep_supervision else [joined]
        self.heads = nn.ModuleList(nn.Conv2d(count, outputs, 3, padding=1) for count in painting)
        self.guide = guide(widths[last]) if classification_guided else None

    def forward(self, lightness: Tensor) -> Tensor | Supervised:
        height, width = lightness.shape[-2:]
        scales = self.encode(pad_to_multiple(grey_planes(lightness, self.inputs), self.multiple))
        has_colour = None if self.guide is None else self.guide(scales[-1]).amax(dim=(1, 2, 3))
        for stage in range(len(scales) - 2, -1, -1):
            scales[stage] = self.stages[stage](scales)
        if self.training and (len(self.heads) > 1 or has_colour is not None):
            return Supervised(self.paint_all(scales, height, width), has_colour)
        painted: Tensor = self.heads[0](scales[0])[..., :height, :width]
        if has_colour is not None:
            painted = painted * (has_colour > 0).to(painted)[:, None, None, None]
        return painted

    def encode(self, grey: Tensor) -> list[Tensor]:
        """The encoder's features from full size down."""
        scales: list[Tensor] = []
        for layer in self.downs:
            scales.append(layer(F.max_pool2d(scales[-1], 2) if scales else grey))
        return scales

    def paint_all(self, scales: Sequence[Tensor], height: int, width: int) -> tuple[Tensor, ...]:
        """Each supervised stage's planes, enlarged to full size and cropped."""
        return tuple(
            enlarge(head(features), 2**stage)[..., :height, :width]
            if stage
            else head(features)[..., :height, :width]
            for stage, (head, features) in enumerate(zip(self.heads, scales, strict=False))
        )


def guide(channels: int) -> nn.Sequential:
    """The deepest features (B, C, h, w) → logits (B, 1, h, w); the largest is the picture's."""
    return nn.Sequential(nn.Dropout(0.5), nn.Conv2d(channels, 1, 1))
