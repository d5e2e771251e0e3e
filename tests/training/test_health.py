"""When a run is stopped because nothing good can come of it any more, and when not."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pytest

from photochrom.training.health import CollapseAlarm
from photochrom.training.recipe import HealthRecipe

RECIPE = HealthRecipe(
    grace_steps=100, least_chroma_share=0.05, least_discriminator_loss=0.01, patience_steps=300
)


def first_alarm(
    told: Iterable[tuple[int, float | None, float | None]], alarm: CollapseAlarm | None = None
) -> tuple[int, str] | None:
    """The step and reason of the first alarm over (step, discriminator's loss, chroma share)."""
    alarm = alarm or CollapseAlarm(RECIPE)
    for step, loss, share in told:
        reason = alarm.check(step, {"l1": 1.0}, loss, share)
        if reason is not None:
            return step, reason
    return None


def test_a_healthy_run_goes_on() -> None:
    assert first_alarm((step, 0.7, 0.6) for step in range(0, 5000, 50)) is None


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_told_at_once_by_its_name(value: float) -> None:
    alarm = CollapseAlarm(RECIPE)
    reason = alarm.check(3, {"l1": 1.0, "perceptual": value}, None, None)
    assert reason is not None
    assert "perceptual" in reason and "l1" not in reason
    assert "step 3" in reason
    reason = alarm.check(4, {"l1": 1.0}, value, None)
    assert reason is not None and "discriminator" in reason


def test_grey_output_that_lasts_is_told() -> None:
    found = first_alarm((step, None, 0.01) for step in range(0, 5000, 50))
    assert found is not None
    step, reason = found
    assert step == RECIPE.grace_steps + RECIPE.patience_steps
    assert "grey" in reason and "5.0%" in reason and "step 100" in reason


def test_a_discriminator_that_has_won_for_long_is_told() -> None:
    found = first_alarm((step, 0.002 if step >= 1000 else 0.5, 0.5) for step in range(0, 5000, 50))
    assert found is not None
    step, reason = found
    assert step == 1000 + RECIPE.patience_steps
    assert "discriminator has won" in reason and "step 1000" in reason


def test_a_symptom_that_passes_is_forgotten() -> None:
    told = ((step, 0.5 if step % 200 == 0 else 0.001, 0.5) for step in range(0, 5000, 50))
    assert first_alarm(told) is None


def test_what_was_not_measured_neither_begins_nor_ends_a_symptom() -> None:
    told = ((step, None, 0.01 if step % 200 == 0 else None) for step in range(0, 5000, 50))
    found = first_alarm(told)
    assert found is not None
    assert found[0] == 600  # grey at 200, then looked at again at 400, 600


def test_in_the_first_steps_anything_goes() -> None:
    patient = HealthRecipe(grace_steps=10_000, patience_steps=0)
    told = ((step, 0.0, 0.0) for step in range(0, 10_000, 50))
    assert first_alarm(told, CollapseAlarm(patient)) is None


def test_a_run_that_was_killed_remembers_its_symptoms() -> None:
    alarm = CollapseAlarm(RECIPE)
    assert first_alarm(((step, None, 0.0) for step in range(0, 300, 50)), alarm) is None
    resumed = CollapseAlarm(RECIPE, alarm.since)
    found = first_alarm(((step, None, 0.0) for step in range(300, 900, 50)), resumed)
    assert found is not None and found[0] == 400
    assert alarm.since is not resumed.since


def test_the_alarm_can_be_switched_off() -> None:
    silent = CollapseAlarm(HealthRecipe(alarm=False))
    assert silent.check(9999, {"l1": math.nan}, 0.0, 0.0) is None
