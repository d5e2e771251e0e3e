"""An evaluation goes to JSON and comes back whole."""

from __future__ import annotations

import json
import math

import pytest

from evaluation.conftest import same_scores
from photochrom.errors import InputError
from photochrom.evaluation.result import Difference, Interval, read_evaluation


def test_json_keeps_everything(colour_folder, run_evaluation):
    found = run_evaluation(["grey", "sepia"], colour_folder, metrics=("psnr", "ms_ssim")).evaluation
    text = json.dumps(found.as_json(), allow_nan=False)
    back = read_evaluation(text)
    assert json.dumps(back.as_json()) == text
    assert same_scores(found, back)
    assert back.models == found.models
    assert back.pictures == found.pictures
    assert back.differences[0] == found.differences[0]
    assert math.isnan(back.summaries["grey"]["ms_ssim"].value)  # 48 px are too few
    assert back.protocol.lines() == found.protocol.lines()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', "nonsense"])
def test_what_is_no_evaluation_is_refused(text):
    with pytest.raises(InputError, match="no evaluation"):
        read_evaluation(text)


def test_another_format_is_refused_in_words():
    with pytest.raises(InputError, match="format 99, and this version reads 1"):
        read_evaluation('{"format": 99}')


@pytest.mark.parametrize(
    ("low", "high", "differs"), [(0.1, 0.4, True), (-0.4, -0.1, True), (-0.1, 0.1, False)]
)
def test_models_differ_where_the_interval_excludes_zero(low, high, differs):
    assert Difference("psnr", "a", "b", Interval(0.0, low, high, 9)).differs is differs


def test_without_an_interval_nothing_differs():
    assert not Difference("psnr", "a", "b", Interval(5.0)).differs


def test_a_difference_may_be_asked_for_either_way_round(colour_folder, run_evaluation):
    found = run_evaluation(["grey", "sepia"], colour_folder).evaluation
    one, other = (
        found.difference("psnr", *pair) for pair in (("grey", "sepia"), ("sepia", "grey"))
    )
    assert one.interval.value == -other.interval.value
    assert (one.interval.low, one.interval.high) == (-other.interval.high, -other.interval.low)
    assert found.difference("psnr", "grey", "nobody") is None
