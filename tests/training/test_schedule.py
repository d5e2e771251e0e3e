"""Budgets, stages and rates."""

from __future__ import annotations

import pytest

from photochrom.training.recipe import RunRecipe, Stage
from photochrom.training.schedule import FINAL_RATE, Budget, rate_factor, stage_at


def test_the_rate_warms_up_and_ends_low() -> None:
    assert rate_factor(0, 0.0, warmup_steps=100, decay="cosine") == 0.01
    assert rate_factor(99, 0.0, warmup_steps=100, decay="cosine") == 1.0
    assert abs(rate_factor(5000, 1.0, warmup_steps=100, decay="cosine") - FINAL_RATE) < 1e-9


@pytest.mark.parametrize(("spent", "factor"), [(0.0, 1.0), (0.5, 1.0), (0.75, 0.5), (1.0, 0.0)])
def test_a_linear_decay_takes_the_second_half(spent: float, factor: float) -> None:
    assert rate_factor(9, spent, warmup_steps=0, decay="linear") == factor


def test_without_decay_the_rate_stays() -> None:
    assert rate_factor(9, 1.0, warmup_steps=0, decay="none") == 1.0


def test_crops_and_batches_change_with_the_stages() -> None:
    run = RunRecipe(stages=(Stage(0.5, 96), Stage(1.0, 128, batch=12)), batch=48)
    stages = [stage_at(run, spent) for spent in (0.0, 0.49, 0.5, 1.0)]
    assert [stage.px for stage in stages] == [96, 96, 128, 128]
    assert [stage.batch for stage in stages] == [48, 48, 12, 12]


def test_the_budget_is_steps_or_epochs_or_minutes() -> None:
    steps = Budget.of(RunRecipe(steps=10), 100)
    assert steps.spent(step=5, samples=0, seconds=1e9) == 0.5
    epochs = Budget.of(RunRecipe(epochs=2, batch=10), 100)
    assert epochs.spent(step=0, samples=50, seconds=1e9) == 0.25
    minutes = Budget.of(RunRecipe(minutes=2), 100)
    assert minutes.spent(step=7, samples=0, seconds=60) == 0.5
    assert minutes.spent(step=7, samples=0, seconds=600) == 1.0
