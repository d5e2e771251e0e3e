"""What a checkpoint says of the photos that its run held out: for scripts that choose."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from photochrom.color.difference import colourfulness, delta_e_2000
from photochrom.color.lab import lab_to_rgb
from photochrom.export import open_origin, usual_look, with_agreement
from photochrom.generators.colour_space import rgb_to_lab
from photochrom.generators.painter import Painter
from photochrom.training.data.examples import open_examples
from photochrom.training.networks import painter_of

CACHE = Path("runs/cache")
SEED = 7


class Held(NamedTuple):
    """One held-out photo: the generator's planes (1, K, h, w), and its true L*a*b* (h, w, 3)."""

    raw: Tensor
    truth: NDArray[np.float32]

    def score(self, ab: Tensor) -> tuple[float, float]:
        """Mean ΔE2000 and colourfulness of painted a*, b* (1, 2, h, w)."""
        painted = ab[0].permute(1, 2, 0).numpy()
        lab = np.dstack([self.truth[..., 0], painted])
        rgb = lab_to_rgb(lab[..., 0], np.ascontiguousarray(painted))
        return float(delta_e_2000(lab, self.truth).mean()), colourfulness(rgb)

    @property
    def grey(self) -> float:
        """The mean ΔE2000 of plain grey."""
        return float(delta_e_2000(self.truth * np.float32([1, 0, 0]), self.truth).mean())

    @property
    def real(self) -> float:
        """The true colourfulness."""
        return self.score(torch.from_numpy(self.truth[..., 1:].copy()).permute(2, 0, 1)[None])[1]


@torch.no_grad()
def held_out(
    run: Path, paths: list[str], limit: int, *, agreement: float = 0.0
) -> Iterator[tuple[Painter, Held]]:
    """Up to `limit` photos that a run on these data held out, at the size that its model paints."""
    origin = open_origin(run)
    if agreement:
        origin = with_agreement(origin, agreement)
    recipe = origin.checkpoint.recipe
    data = dataclasses.replace(recipe.data, paths=tuple(paths))
    examples = open_examples(data, CACHE, on_progress=lambda *_: None)
    painter, side = painter_of(origin.checkpoint), usual_look(origin.checkpoint).short_side_px
    picks = np.random.default_rng(SEED).permutation(examples.validation_count)[:limit]
    for i in picks:
        rgb = torch.from_numpy(examples.validation(int(i)).rgb.copy()).permute(2, 0, 1)[None] / 255
        scale = side / min(rgb.shape[2:])
        rgb = F.interpolate(rgb, scale_factor=scale, mode="bilinear", antialias=True).clamp(0, 1)
        raw = painter.generator(rgb_to_lab(rgb)[0])
        small = F.interpolate(rgb, size=raw.shape[2:], mode="area")
        truth = torch.cat(rgb_to_lab(small), dim=1)[0].permute(1, 2, 0).numpy()
        yield painter, Held(raw, truth)
