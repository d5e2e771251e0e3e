"""From a generator's raw planes to colour: the three kinds of last step.

`bins`  logits of a distribution over ab bins → its annealed mean (Zhang et al. 2016)
`ab`    two planes → a*, b* (Photo-Lab's 1→2)
`rgb`   three planes → sRGB (pix2pix's 3→3)
"""

from __future__ import annotations

from typing import ClassVar, TypeAlias

import torch
from torch import Tensor, nn

from photochrom.errors import InputError
from photochrom.generators.annealed_mean import AnnealedMean
from photochrom.generators.colour_space import rgb_to_lab

MOST_AB = 110.0  # a* and b* of sRGB lie within −108 … 99
HEADS = ("bins", "ab", "rgb")


class BinsHead(nn.Module):
    """Logits (B, K, h, w) over bins at `centres` (K, 2), learned with `class_weights` (K,)."""

    name: ClassVar[str] = "bins"
    temperature: Tensor
    alpha: Tensor

    def __init__(
        self,
        centres: Tensor,
        class_weights: Tensor,
        *,
        temperature: float = 0.5,
        alpha: float = 0.2,
    ) -> None:
        super().__init__()
        self.outputs = len(centres)
        self.mean = AnnealedMean(centres, class_weights)
        self.register_buffer("temperature", torch.tensor([temperature]), persistent=False)
        self.register_buffer("alpha", torch.tensor([alpha]), persistent=False)

    def ab(self, raw: Tensor) -> Tensor:
        """a*, b* (B, 2, h, w), with the head's own temperature and share of the class weights."""
        painted: Tensor = self.mean(raw, self.temperature, self.alpha)
        return painted

    def planes(self, raw: Tensor) -> Tensor:
        """a*, b* (B, 2, h, w) in −1…1."""
        return self.ab(raw) / MOST_AB


class AbHead(nn.Module):
    """Two raw planes (B, 2, h, w) → a*, b* within ±`MOST_AB`."""

    name: ClassVar[str] = "ab"
    outputs = 2

    def ab(self, raw: Tensor) -> Tensor:
        """a*, b* (B, 2, h, w)."""
        return self.planes(raw) * MOST_AB

    def planes(self, raw: Tensor) -> Tensor:
        """a*, b* (B, 2, h, w) in −1…1."""
        return raw.tanh()


class RgbHead(nn.Module):
    """Three raw planes (B, 3, H, W) → sRGB."""

    name: ClassVar[str] = "rgb"
    outputs = 3

    def rgb(self, raw: Tensor) -> Tensor:
        """R, G, B (B, 3, H, W) in 0…1."""
        return (self.planes(raw) + 1) / 2

    def ab(self, raw: Tensor) -> Tensor:
        """a*, b* (B, 2, H, W) of the painted sRGB."""
        return rgb_to_lab(self.rgb(raw))[1]

    def planes(self, raw: Tensor) -> Tensor:
        """R, G, B (B, 3, H, W) in −1…1."""
        return raw.tanh()


Head: TypeAlias = BinsHead | AbHead | RgbHead


def make_head(
    name: str, centres: Tensor | None = None, class_weights: Tensor | None = None
) -> Head:
    """The head called `name`; `bins` wants its bins' centres (K, 2) and class weights (K,).

    Raises `InputError` for an unknown name.
    """
    if name == "bins":
        if centres is None or class_weights is None:
            raise ValueError("the head over bins needs their centres and class weights")
        return BinsHead(centres, class_weights)
    if name == "ab":
        return AbHead()
    if name == "rgb":
        return RgbHead()
    raise InputError(f"There is no head {name!r}; known: {', '.join(HEADS)}.")
