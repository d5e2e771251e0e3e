"""Alternatives differ as wholes where a model is unsure, and agree where it is sure."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from photochrom.color.alternatives import alternatives
from photochrom.color.difference import delta_e_2000
from photochrom.color.distribution import Bins, mean_colour, normalized

RED, BLUE, GREEN, GREY = (50.0, 30.0), (10.0, -50.0), (-40.0, 40.0), (0.0, 0.0)
SKY, COAT = np.s_[:12, :], np.s_[12:, :15]


@pytest.fixture
def bins() -> Bins:
    axis = np.arange(-60, 61, 10, dtype=np.float32)
    centres = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    return Bins(centres, np.zeros(len(centres), np.float32))


def around(bins: Bins, modes: dict[tuple[float, float], float]) -> np.ndarray:
    """The log shares (K,) of a few colours, each with its probability."""
    shares = sum(
        share * np.exp(-((bins.centres - mode) ** 2).sum(axis=1) / (2 * 8.0**2))
        for mode, share in modes.items()
    )
    return np.log(shares + 1e-9).astype(np.float32)


def picture(bins: Bins, rng: np.random.Generator) -> np.ndarray:
    """Log shares (K, 24, 30): a sure sky, a coat that is red, blue or green, a grey wall."""
    scores = np.empty((len(bins.centres), 24, 30), np.float32)
    scores[:] = around(bins, {GREY: 0.7, RED: 0.1})[:, None, None]
    scores[:, *SKY] = around(bins, {BLUE: 1.0})[:, None, None]
    scores[:, *COAT] = around(bins, {RED: 0.5, BLUE: 0.3, GREEN: 0.2})[:, None, None]
    return normalized(scores + rng.normal(0, 0.3, scores.shape).astype(np.float32))


def lab(log_shares: np.ndarray, bins: Bins) -> np.ndarray:
    ab = mean_colour(normalized(log_shares * 2), bins)
    return np.dstack([np.full(ab.shape[:2], 60, np.float32), ab])


def test_the_first_is_the_ordinary_one(bins, rng) -> None:
    likely = picture(bins, rng)
    assert alternatives(likely, bins, 1)[0] is likely


def test_they_are_the_same_ones_however_many_are_wanted(bins, rng) -> None:
    likely = picture(bins, rng)
    few, many = alternatives(likely, bins, 2), alternatives(likely, bins, 5)
    assert len(many) == 5
    assert np.array_equal(few[1], many[1])


def test_they_differ_where_it_is_unsure_and_agree_where_it_is_sure(bins, rng) -> None:
    pictures = [lab(one, bins) for one in alternatives(picture(bins, rng), bins, 3)]
    for first, second in combinations(pictures, 2):
        apart = delta_e_2000(first, second)
        assert apart[COAT].mean() > 10
        assert apart[SKY].mean() < 1


def test_a_thing_changes_as_a_whole(bins, rng) -> None:
    for one in alternatives(picture(bins, rng), bins, 4):
        coat = lab(one, bins)[14:-2, 2:-2][:, :11]
        assert delta_e_2000(coat, coat.mean(axis=(0, 1))).mean() < 4


def test_each_stays_a_distribution(bins, rng) -> None:
    for one in alternatives(picture(bins, rng), bins, 4):
        assert np.allclose(np.exp(one).sum(axis=0), 1, atol=1e-4)


def test_where_all_is_sure_all_are_alike(bins) -> None:
    sure = normalized(np.tile(around(bins, {BLUE: 1.0})[:, None, None], (1, 8, 9)))
    pictures = [lab(one, bins) for one in alternatives(sure, bins, 4)]
    assert len(pictures) == 4
    assert all(delta_e_2000(pictures[0], other).max() < 1 for other in pictures[1:])


@pytest.mark.parametrize("size", [(1, 1), (1, 20), (3, 2)])
def test_a_tiny_picture_has_them_too(bins, rng, size) -> None:
    scores = rng.normal(0, 1, (len(bins.centres), *size)).astype(np.float32)
    assert len(alternatives(normalized(scores), bins, 4)) == 4


def test_a_model_of_more_saturation_has_the_same_ways(bins, rng) -> None:
    likely = picture(bins, rng)
    vivid = Bins(bins.centres * np.float32(1.6), bins.log_weights)
    assert vivid.step == pytest.approx(16)
    for usual, more in zip(
        alternatives(likely, bins, 4), alternatives(likely, vivid, 4), strict=True
    ):
        assert np.allclose(usual, more, atol=1e-3)
