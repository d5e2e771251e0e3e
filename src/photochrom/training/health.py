"""Runs that nothing good can come of any more, told by their symptoms."""

from __future__ import annotations

import math
from collections.abc import Mapping

from photochrom.training.recipe import HealthRecipe

GREY = "grey"
WON = "discriminator"


class CollapseAlarm:
    """Watches a run's numbers; what it remembers is saved and put back with the run.

    `since` holds the step at which each symptom began, for as long as it lasts.
    """

    def __init__(self, recipe: HealthRecipe, since: Mapping[str, int] | None = None) -> None:
        self.recipe = recipe
        self.since = dict(since or {})

    def check(
        self,
        step: int,
        losses: Mapping[str, float],
        discriminator_loss: float | None,
        chroma_share: float | None,
    ) -> str | None:
        """Why the run should end at `step`, in words; None while all is well.

        `losses` are the generator's by name, `discriminator_loss` the plain sum of its two sides,
        `chroma_share` the mean chroma of what it paints of held-out pictures over the real one.
        None stands for what was not measured at this step.
        """
        if not self.recipe.alarm:
            return None
        named = dict(losses)
        if discriminator_loss is not None:
            named["the discriminator's loss"] = discriminator_loss
        broken = [name for name, value in named.items() if not math.isfinite(value)]
        if broken:
            return (
                f"not a number at step {step}: {', '.join(broken)}. Lower the learning rates "
                "(optimizer.decoder_rate, encoder_rate) or set run.precision = '32-true'"
            )
        return self._grey(step, chroma_share) or self._won(step, discriminator_loss)

    def _grey(self, step: int, chroma_share: float | None) -> str | None:
        least = self.recipe.least_chroma_share
        if chroma_share is None or not self._lasts(GREY, step, chroma_share < least):
            return None
        return (
            f"grey output: since step {self.since[GREY]} what it paints has less than "
            f"{least:.1%} of real chroma. Raise the weight of an adversarial or a rebalanced "
            "loss, or lower the learning rates"
        )

    def _won(self, step: int, loss: float | None) -> str | None:
        least = self.recipe.least_discriminator_loss
        if loss is None or not self._lasts(WON, step, loss < least):
            return None
        return (
            f"the discriminator has won: since step {self.since[WON]} its loss is below "
            f"{least:g}, and the generator learns nothing from it. Lower discriminator.rate, set "
            "discriminator.label_smoothing or r1, or train on more pictures"
        )

    def _lasts(self, symptom: str, step: int, is_seen: bool) -> bool:
        """Whether the symptom is seen and has been for `patience_steps`."""
        if not is_seen or step < self.recipe.grace_steps:
            self.since.pop(symptom, None)
            return False
        return step - self.since.setdefault(symptom, step) >= self.recipe.patience_steps
