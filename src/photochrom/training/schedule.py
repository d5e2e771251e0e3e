"""How far a run is, and what follows from it: the crop's size, the batch and the learning rate."""

from __future__ import annotations

import math
from dataclasses import dataclass

from photochrom.training.recipe import RunRecipe, Stage

FINAL_RATE = 0.01  # of the base rate, where the cosine ends


@dataclass(frozen=True)
class Budget:
    """What a run may spend: steps, or samples, or minutes (earlier sittings' counted in)."""

    minutes: float = 0.0
    steps: int = 0
    samples: int = 0

    @classmethod
    def of(cls, run: RunRecipe, photos: int) -> Budget:
        """The recipe's budget: `steps`, else `epochs` over so many photos, else `minutes`."""
        if run.steps:
            return cls(steps=run.steps)
        if run.epochs:
            return cls(samples=math.ceil(run.epochs * photos))
        return cls(minutes=run.minutes)

    def spent(self, *, step: int, samples: int, seconds: float) -> float:
        """The share of the budget that is spent, 0…1."""
        if self.steps:
            share = step / self.steps
        elif self.samples:
            share = samples / self.samples
        else:
            share = seconds / 60 / self.minutes
        return min(share, 1.0)


def stage_at(run: RunRecipe, spent: float) -> Stage:
    """The stage at that share of the budget, with the batch that it trains in."""
    stage = next((stage for stage in run.stages if spent < stage.until), run.stages[-1])
    return Stage(stage.until, stage.px, stage.batch or run.batch)


def rate_factor(step: int, spent: float, *, warmup_steps: int, decay: str) -> float:
    """Linear warm-up times the decay over the budget.

    `cosine` (Loshchilov & Hutter 2017), `linear` to zero over the second half (pix2pix's own), or
    `none`.
    """
    warmup = min(1.0, (step + 1) / max(warmup_steps, 1))
    spent = min(spent, 1.0)
    if decay == "cosine":
        return warmup * (FINAL_RATE + (1 - FINAL_RATE) * 0.5 * (1 + math.cos(math.pi * spent)))
    if decay == "linear":
        return warmup * min(1.0, 2 * (1 - spent))
    return warmup
