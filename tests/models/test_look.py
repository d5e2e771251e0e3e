"""Vividness is read from a model file's metadata, or has the usual curve."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from photochrom.errors import InputError, WeightsError
from photochrom.models.look import (
    DEFAULT_KEY,
    KNOTS_KEY,
    Look,
    VividnessCurve,
    curve_text,
    read_curve,
)


def test_a_file_that_says_nothing_has_the_usual_curve() -> None:
    curve = read_curve({})
    assert curve == VividnessCurve()
    assert curve.at(curve.default) == (Look().alpha, Look().temperature)


def test_a_file_says_its_own() -> None:
    said = {KNOTS_KEY: "[[0.4, 0.6], [0.1, 0.3]]", DEFAULT_KEY: "0.25"}
    curve = read_curve(said)
    assert curve.default == 0.25
    assert curve.at(0) == (0.4, 0.6)
    assert curve.at(1) == (0.1, 0.3)
    assert curve.at(0.5) == pytest.approx((0.25, 0.45))


def test_one_knot_is_a_curve() -> None:
    assert read_curve({KNOTS_KEY: "[[0.4, 0.6]]"}).at(0.7) == (0.4, 0.6)


def test_what_is_written_is_read() -> None:
    curve = VividnessCurve(((0.5, 0.6), (0.25, 0.5), (0.0, 0.25)), 0.75)
    assert read_curve(curve_text(curve)) == curve


def test_a_curve_through_a_look_has_it_in_the_middle() -> None:
    curve = VividnessCurve.through(Look(temperature=0.4, alpha=0.35))
    assert curve.at(curve.default) == (0.35, 0.4)


def test_more_vivid_takes_less_back_and_is_more_decided() -> None:
    for before, after in pairwise(VividnessCurve().at(step / 10) for step in range(11)):
        assert after[0] <= before[0]
        assert after[1] <= before[1]


@pytest.mark.parametrize("vividness", [-0.01, 1.01, float("nan")])
def test_no_vividness_lies_outside(vividness: float) -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        VividnessCurve().at(vividness)


@pytest.mark.parametrize(
    ("knots", "default"),
    [
        ("no JSON", "0.5"),
        ("7", "0.5"),
        ("[]", "0.5"),
        ("[[0.5]]", "0.5"),
        ("[[0.5, 0]]", "0.5"),
        ("[[1.5, 0.5]]", "0.5"),
        ("[[0.5, null]]", "0.5"),
        (json.dumps([[0.5, 0.5]]), "two"),
        (json.dumps([[0.5, 0.5]]), "2"),
    ],
)
def test_a_damaged_curve_is_refused(knots: str, default: str) -> None:
    with pytest.raises(WeightsError, match="vividness"):
        read_curve({KNOTS_KEY: knots, DEFAULT_KEY: default})
