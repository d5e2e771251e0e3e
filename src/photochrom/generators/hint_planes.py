"""How a generator is told colours: hints as planes beside the lightness (Zhang et al. 2017)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from photochrom.generators.heads import MOST_AB

HINT_CHANNELS = 3  # a*, b* and a mask, 1 where they hold
NEVER_ZERO = 1e-6
FIRST_WEIGHT = re.compile(r"hint_(tint\.mix|pyramid\.scales\.\d+\.0)\.weight")  # of convolutions


class HintTint(nn.Module):
    """Hints as a tint of the encoder's input: features learned from colour photos know colour.

    Hints (B, 3, H, W): a*, b*, mask → (B, 3, H, W) to add to normalized RGB. Zero at first.
    """

    def __init__(self) -> None:
        super().__init__()
        self.mix = nn.Conv2d(HINT_CHANNELS, 3, 3, padding=1, bias=False)
        nn.init.zeros_(self.mix.weight)

    def forward(self, hints: Tensor) -> Tensor:
        tint: Tensor = self.mix(scaled(hints))
        return tint


class HintPyramid(nn.Module):
    """Hints at every scale of a decoder, so that one point reaches a whole object.

    Hints (B, 3, H, W) → for each of `strides` planes (B, channels, H / stride, W / stride) to add
    to the features there; each cell is told the mean of the hints in it, and whether there is any.
    Zero at first: a generator that was trained without hints paints as before.
    """

    def __init__(self, channels: Sequence[int], strides: Sequence[int], hidden: int = 32) -> None:
        super().__init__()
        self.strides = tuple(strides)
        self.scales = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(HINT_CHANNELS, hidden, 3, padding=1),
                nn.ReLU(inplace=True),
                nn.Conv2d(hidden, width, 1, bias=False),
            )
            for width in channels
        )
        for scale in self.scales:
            nn.init.zeros_(scale[-1].weight)  # type: ignore[index]

    def forward(self, hints: Tensor) -> list[Tensor]:
        planes = scaled(hints)
        return [
            scale(gathered(planes, stride))
            for scale, stride in zip(self.scales, self.strides, strict=True)
        ]


def scaled(hints: Tensor) -> Tensor:
    """a*, b*, mask (B, 3, H, W) → a*, b* in −1…1 where there is a hint, 0 elsewhere, and mask."""
    mask = hints[:, 2:]
    return torch.cat([hints[:, :2] * (mask / MOST_AB), mask], dim=1)


def with_hints_scaled(weights: Mapping[str, Tensor], factor: float) -> dict[str, Tensor]:
    """A generator's weights by name, changed so that hints count as of `factor` times their chroma.

    Those of a generator without hints come back as they are.
    """
    scale = torch.tensor([factor, factor, 1.0])[:, None, None]  # a*, b*, mask
    return {
        name: weight * scale if FIRST_WEIGHT.fullmatch(name) else weight
        for name, weight in weights.items()
    }


def gathered(planes: Tensor, stride: int) -> Tensor:
    """The mean of the hints in each cell of stride × stride pixels, and 1 where there is one."""
    pooled = F.avg_pool2d(planes, stride)
    share = pooled[:, 2:]
    is_told = (share * stride**2).clamp(max=1.0)
    return torch.cat([pooled[:, :2] / (share + NEVER_ZERO) * is_told, is_told], dim=1)
