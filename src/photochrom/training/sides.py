"""The two sides of a loss: what the generator painted, and the truth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
import torch.nn.functional as F
from torch import Tensor

from photochrom.generators.colour_space import lab_to_rgb
from photochrom.generators.heads import MOST_AB, BinsHead, Head, RgbHead


@dataclass(frozen=True)
class Truth:
    """The true colours, as far as the run's losses want them.

    `rgb` (B, 3, H, W) sRGB 0…1; `ab` (B, 2, h, w) a*, b* at the size that the generator paints;
    `index` (B, h, w), entries of the quantized-ab look-up table.
    """

    rgb: Tensor | None = None
    ab: Tensor | None = None
    index: Tensor | None = None

    def planes(self, head: Head) -> Tensor:
        """What a pixel loss or a discriminator compares with the head's planes, −1…1."""
        if isinstance(head, RgbHead):
            return wanted(self.rgb, "rgb") * 2 - 1
        return wanted(self.ab, "ab") / MOST_AB

    def to(self, device: torch.device) -> Truth:
        """The same on another device."""
        return Truth(*(None if t is None else t.to(device, non_blocking=True) for t in self.all()))

    def all(self) -> tuple[Tensor | None, ...]:
        """Every field, absent ones too, in order."""
        return self.rgb, self.ab, self.index

    def part(self, rows: slice) -> Truth:
        """Some of its pictures."""
        return Truth(*(None if tensor is None else tensor[rows] for tensor in self.all()))


@dataclass(frozen=True)
class Painted:
    """What the generator painted: its `raw` planes (B, outputs, h, w), and what follows from them.

    `lightness` (B, 1, H, W) is the one that painted a*, b* become a picture with: the true one,
    which the input is not where it was made as old film. `has_colour` (B,) are the logits of a
    generator that judges whether there is any colour, else None.
    """

    head: Head
    lightness: Tensor
    raw: Tensor
    has_colour: Tensor | None = None

    @property
    def logits(self) -> Tensor:
        """Of the distribution over bins (B, K, h, w)."""
        if not isinstance(self.head, BinsHead):
            raise ValueError(f"a head {self.head.name!r} has no logits")
        return self.raw

    @cached_property
    def planes(self) -> Tensor:
        """What a pixel loss or a discriminator sees, −1…1: (B, 3 or 2, h, w)."""
        return self.head.planes(self.raw)

    @cached_property
    def ab(self) -> Tensor:
        """a*, b* (B, 2, h, w)."""
        return self.head.ab(self.raw)

    @cached_property
    def rgb(self) -> Tensor:
        """The picture, sRGB (B, 3, H, W) 0…1; a*, b* are enlarged to the lightness's size."""
        if isinstance(self.head, RgbHead):
            return self.head.rgb(self.raw)
        ab, size = self.ab, self.lightness.shape[-2:]
        if ab.shape[-2:] != size:
            ab = F.interpolate(ab, size=size, mode="bilinear", align_corners=False)
        return lab_to_rgb(self.lightness, ab)


def wanted(tensor: Tensor | None, name: str) -> Tensor:
    """The tensor; a `ValueError` where the batch was made without it."""
    if tensor is None:
        raise ValueError(f"this loss compares {name}, which the batch was not asked for")
    return tensor
