"""Bootstrap intervals hold the mean as often as they say, and pairs are compared as pairs."""

from __future__ import annotations

import numpy as np
import pytest

from photochrom.evaluation import intervals
from photochrom.evaluation.intervals import interval_of_means, mean_intervals, resampled_means


def test_an_interval_lies_around_its_mean_and_says_how_many(rng):
    column = rng.normal(10, 2, (400, 1))
    [interval] = mean_intervals(column)
    assert interval.value == pytest.approx(column.mean())
    half = 1.96 * column.std() / 20  # what the normal distribution says of 400 pictures
    assert interval.high - interval.value == pytest.approx(half, rel=0.15)
    assert interval.value - interval.low == pytest.approx(half, rel=0.15)
    assert interval.count == 400


def test_ninety_five_of_a_hundred_intervals_hold_the_true_mean(rng):
    held = 0
    for _ in range(200):
        [interval] = mean_intervals(rng.exponential(3, (60, 1)))
        held += interval.low <= 3 <= interval.high
    assert 0.89 <= held / 200 <= 0.99


def test_intervals_are_the_same_on_every_run_and_for_every_chunk(rng, monkeypatch):
    columns = rng.normal(size=(50, 3))
    before = resampled_means(columns)
    monkeypatch.setattr(intervals, "CHUNK_VALUES", 50 * 7)
    np.testing.assert_allclose(resampled_means(columns), before, rtol=1e-12)


def test_pictures_without_a_value_are_left_out(rng):
    column = rng.normal(5, 1, 80)
    gappy = np.concatenate([column, np.full(40, np.nan)])
    [interval] = mean_intervals(gappy[:, None])
    assert interval.value == pytest.approx(column.mean())
    assert interval.count == 80
    assert interval.low < interval.value < interval.high


def test_nothing_measured_is_not_available():
    [interval] = mean_intervals(np.full((5, 1), np.nan))
    assert np.isnan([interval.value, interval.low, interval.high]).all()
    assert interval.count == 0


def test_one_picture_has_a_mean_and_no_interval():
    [interval] = mean_intervals(np.array([[3.0]]))
    assert interval.value == 3
    assert np.isnan(interval.low)


def test_a_small_difference_on_every_picture_is_seen_in_pairs(rng):
    first = rng.normal(10, 5, 100)
    second = first + 0.2 + rng.normal(0, 0.1, 100)
    alone, other, paired = mean_intervals(np.stack([first, second, second - first], axis=1))
    assert alone.high > other.low  # the intervals overlap widely
    assert paired.low > 0  # and yet the second is larger


def test_a_value_of_means_has_an_interval_too(rng):
    columns = np.stack([rng.normal(3, 1, 200), rng.normal(5, 1, 200)], axis=1)
    found = interval_of_means(columns, lambda each: np.abs(each[..., 0] - each[..., 1]))
    assert found.value == pytest.approx(abs(columns[:, 0].mean() - columns[:, 1].mean()))
    assert 1.6 < found.low < found.value < found.high < 2.4
