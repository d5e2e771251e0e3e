"""Looking at a network while it trains: held-out losses, colour errors, a sheet of pictures."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from photochrom.color.difference import delta_e_2000
from photochrom.generators.colour_space import lab_to_rgb, rgb_to_lab
from photochrom.generators.heads import Head, RgbHead
from photochrom.training.batches import TensorBatch
from photochrom.training.sheet import tiles, write_sheet
from photochrom.training.sides import Painted, Truth

SHOWN = 12
AT_ONCE = 16
COMPARED_PX = 32  # ΔE2000 is taken at about so many points a side
ONLY_IN_TRAINING = ("has_colour",)  # losses of what a network says only while it is trained


class Examiner:
    """Measures and draws the same pictures every time.

    `batch` lies in main memory, its truth in the form that the head is compared with and in those
    that `losses` want. `weights` are the recipe's of the losses (1 each where there are none): a
    loss is told times its weight, as in training. `paints` is the recipe's.
    """

    def __init__(
        self,
        head: Head,
        losses: Mapping[str, nn.Module],
        batch: TensorBatch,
        *,
        weights: Mapping[str, float] | None = None,
        paints: str = "ab",
    ) -> None:
        self.head, self.batch, self.paints = head, batch, paints
        self.losses = {name: loss for name, loss in losses.items() if name not in ONLY_IN_TRAINING}
        self.weights = weights or dict.fromkeys(losses, 1.0)
        self.averaged: nn.Module | None = None

    @torch.no_grad()
    def examine(
        self, generator: nn.Module, state: Mapping[str, Tensor], sheet_path: Path
    ) -> dict[str, float]:
        """What `generator` with the weights `state` makes of the pictures, in numbers.

        `held_out_NAME` for each loss and `held_out`, their sum; `ab_error`, the mean distance in
        a*b*; `delta_e`, the mean ΔE2000; `chroma_share`, painted chroma over the real one; and
        `grey_ab_error` and `grey_delta_e`, those of the input left grey.

        Writes the first pictures to `sheet_path`: rows of input, ours and truth.
        """
        self.averaged = self.averaged or copy.deepcopy(generator)
        self.averaged.load_state_dict(state)
        self.averaged.eval()
        count = len(self.batch.lightness)
        sums: dict[str, float] = {}
        shown = []
        for start in range(0, count, AT_ONCE):
            look = self.look(self.averaged, slice(start, start + AT_ONCE))
            for name, value in (self.compared(look) | colour_errors(look)).items():
                sums[name] = sums.get(name, 0.0) + value * len(look.given) / count
            if start < SHOWN:
                shown.append(look.rows(SHOWN - start))
        write_sheet([np.concatenate(row) for row in zip(*shown, strict=True)], sheet_path)
        chroma = sums.pop("chroma")
        return sums | {"chroma_share": chroma / max(sums["grey_ab_error"], 1e-6)}

    def look(self, averaged: nn.Module, rows: slice) -> Look:
        """What the network makes of some of the pictures."""
        device = next(averaged.parameters()).device
        given = self.batch.lightness[rows].to(device)
        truth = self.batch.truth.part(rows).to(device)
        lightness = given if truth.rgb is None else rgb_to_lab(truth.rgb)[0]
        is_rgb = isinstance(self.head, RgbHead)
        painted = Painted(self.head, given if is_rgb else lightness, averaged(given).float())
        return Look(given, lightness, painted, truth, self.paints)

    def compared(self, look: Look) -> dict[str, float]:
        """Each loss, and their sum."""
        values = {
            f"held_out_{name}": self.weights[name] * float(loss(look.painted, look.truth))
            for name, loss in self.losses.items()
        }
        return values | {"held_out": sum(values.values())}


@dataclass(frozen=True)
class Look:
    """Pictures as given, L* (B, 1, H, W), with their true lightness, as painted, and in truth."""

    given: Tensor
    lightness: Tensor
    painted: Painted
    truth: Truth
    paints: str

    @cached_property
    def ours(self) -> tuple[Tensor, Tensor]:
        """L* (B, 1, H, W) and a*b* (B, 2, h, w) of the result: the photo's own lightness is kept
        unless lightness is painted too.
        """
        if self.paints == "rgb":
            return rgb_to_lab(self.painted.rgb)
        return self.lightness, self.painted.ab

    @cached_property
    def real(self) -> tuple[Tensor, Tensor]:
        """L* (B, 1, H, W) and a*b* (B, 2, h, w) of the truth."""
        if self.truth.ab is not None:
            return self.lightness, self.truth.ab
        if self.truth.rgb is None:
            raise ValueError("the batch holds neither the true a*b* nor the true rgb")
        return self.lightness, rgb_to_lab(self.truth.rgb)[1]

    @property
    def grey(self) -> tuple[Tensor, Tensor]:
        """What is there without a network: the photo's lightness, or the bare outline."""
        without = self.given if self.paints == "rgb" else self.lightness
        return without, torch.zeros_like(self.real[1])

    def rows(self, count: int) -> tuple[NDArray[np.uint8], ...]:
        """The first pictures as given, ours and real, each (B, h, w, 3)."""
        as_given = (self.given, torch.zeros_like(self.real[1]))
        return tuple(
            tiles(drawn(lightness[:count], ab[:count]))
            for lightness, ab in (as_given, self.ours, self.real)
        )


def colour_errors(look: Look) -> dict[str, float]:
    """Errors of the colours, and of grey; `chroma` is the mean of what was painted."""
    ours, real = look.ours[1], look.real[1]
    return {
        "ab_error": float((ours - real).norm(dim=1).mean()),
        "grey_ab_error": float(real.norm(dim=1).mean()),
        "delta_e": float(delta_e_2000(points(*look.ours), points(*look.real)).mean()),
        "grey_delta_e": float(delta_e_2000(points(*look.grey), points(*look.real)).mean()),
        "chroma": float(ours.norm(dim=1).mean()),
    }


def points(lightness: Tensor, ab: Tensor) -> NDArray[np.float32]:
    """L*a*b* (B, n, m, 3) at some points of the pictures, at the size of ab."""
    size = ab.shape[-2:]
    if lightness.shape[-2:] != size:
        lightness = F.interpolate(lightness, size=size, mode="area")
    step = max(1, min(size) // COMPARED_PX)
    lab = torch.cat([lightness, ab], dim=1)[..., ::step, ::step]
    return np.asarray(lab.permute(0, 2, 3, 1).cpu().numpy())


def drawn(lightness: Tensor, ab: Tensor) -> Tensor:
    """SRGB (B, 3, H, W) of L* (B, 1, H, W) and a*b* (B, 2, h, w), which is enlarged."""
    if ab.shape[-2:] != lightness.shape[-2:]:
        ab = F.interpolate(ab, size=lightness.shape[-2:], mode="bilinear", align_corners=False)
    return lab_to_rgb(lightness, ab)
