"""How far a run is, and what follows from it: the crop's size and the learning rate."""

from __future__ import annotations

import math
from dataclasses import dataclass

from photochrom.training.recipe import RunRecipe

FINAL_RATE = 0.01  # of the base rate, where the cosine ends


@dataclass(frozen=True)
class Budget:
    """What a run may spend: steps, or minutes (those of earlier sittings counted in)."""

    minutes: float
    steps: int

    @classmethod
    def of(cls, run: RunRecipe, photos: int) -> Budget:
        """The recipe's budget: `steps`, else `epochs` over so many photos, else `minutes`."""
        steps = run.steps or math.ceil(run.epochs * photos / run.batch)
        return cls(run.minutes, steps)

    def spent(self, step: int, seconds: float) -> float:
        """The share of the budget that is spent, 0…1."""
        share = step / self.steps if self.steps else seconds / 60 / self.minutes
        return min(share, 1.0)


def crop_px(run: RunRecipe, spent: float) -> int:
    """The crop's size at that share of the budget."""
    for stage in run.stages:
        if spent < stage.until:
            return stage.px
    return run.stages[-1].px


def rate_factor(step: int, spent: float, warmup_steps: int) -> float:
    """Linear warm-up times cosine decay over the budget (Loshchilov & Hutter 2017)."""
    warmup = min(1.0, (step + 1) / max(warmup_steps, 1))
    cosine = 0.5 * (1 + math.cos(math.pi * min(spent, 1.0)))
    return warmup * (FINAL_RATE + (1 - FINAL_RATE) * cosine)
