"""Losses that compare pixel by pixel: the planes that the head gives, with the true ones."""

from __future__ import annotations

from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from photochrom.errors import InputError
from photochrom.generators.colour_space import rgb_to_lab
from photochrom.generators.heads import MOST_AB
from photochrom.training.sides import Painted, Truth, wanted


class L1(nn.Module):
    """Mean |painted − true| over the planes, −1…1 (Isola et al. 2017, eq. 3)."""

    wants: ClassVar[frozenset[str]] = frozenset()

    def forward(self, painted: Painted, truth: Truth) -> Tensor:
        return F.l1_loss(*planes_of(painted, truth))


class Huber(nn.Module):
    """Squares below `delta`, straight above it (Zhang et al. 2017, user-guided, eq. 2).

    `delta` is in a*, b* units as there, 1 by default; of an rgb head's planes, in 110ths.
    """

    wants: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *, delta: float = 1.0) -> None:
        super().__init__()
        if delta <= 0:
            raise InputError(f"The huber loss's delta is above 0, not {delta}")
        self.delta = delta / MOST_AB

    def forward(self, painted: Painted, truth: Truth) -> Tensor:
        return F.huber_loss(*planes_of(painted, truth), delta=self.delta)


class ColourWeightedL1(nn.Module):
    """L1 in which a pixel weighs 1 + C*/`chroma`, C* being its true chroma.

    Most pixels are nearly grey and would outvote the rest; Zhang et al. 2016, section 2.2, weigh by
    rarity for that reason. Rarity needs the colours' statistics, chroma does not, and strong
    colours are the rare ones.
    """

    wants: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *, chroma: float = 20.0) -> None:
        """`chroma`, in a*, b* units, counts twice; 20 is about a photograph's mean."""
        super().__init__()
        if chroma <= 0:
            raise InputError(f"The colour-weighted loss's chroma is above 0, not {chroma}")
        self.chroma = chroma

    def forward(self, painted: Painted, truth: Truth) -> Tensor:
        planes, true_planes = planes_of(painted, truth)
        weights = 1 + true_chroma(truth) / self.chroma
        return ((planes - true_planes).abs() * weights).mean()


class TotalVariation(nn.Module):
    """Mean |step| to the right and down in the painted planes (Rudin et al. 1992, anisotropic).

    It keeps colour even; the truth has no say.
    """

    wants: ClassVar[frozenset[str]] = frozenset()

    def forward(self, painted: Painted, truth: Truth) -> Tensor:  # noqa: ARG002 - every loss's form
        planes = painted.planes
        down = (planes[..., 1:, :] - planes[..., :-1, :]).abs().sum()
        right = (planes[..., 1:] - planes[..., :-1]).abs().sum()
        return (down + right) / planes.numel()


def planes_of(painted: Painted, truth: Truth) -> tuple[Tensor, Tensor]:
    """Painted and true planes, −1…1; a `ValueError` where their sizes differ."""
    planes, true_planes = painted.planes, truth.planes(painted.head)
    if planes.shape != true_planes.shape:
        raise ValueError(f"painted {tuple(planes.shape)}, but truth {tuple(true_planes.shape)}")
    return planes, true_planes


def true_chroma(truth: Truth) -> Tensor:
    """C* (B, 1, h, w) of the truth, from its a*, b* or else from its rgb."""
    ab = rgb_to_lab(wanted(truth.rgb, "rgb"))[1] if truth.ab is None else truth.ab
    chroma: Tensor = torch.linalg.vector_norm(ab, dim=1, keepdim=True)
    return chroma
