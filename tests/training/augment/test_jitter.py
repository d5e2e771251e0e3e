"""Brightness, contrast, saturation and hue as one affine map."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest

from photochrom.training.augment.jitter import GREY, jitter_matrix, jittered


def mapped(matrix: np.ndarray, colour: tuple[float, float, float]) -> np.ndarray:
    return np.asarray(matrix @ np.array([*colour, 1.0]))


def test_nothing_changed_is_the_same_picture(rng: np.random.Generator) -> None:
    assert jitter_matrix(1, 1, 1, 0, 99) == pytest.approx(np.eye(3, 4), abs=1e-5)
    rgb = rng.integers(0, 256, (16, 24, 3), dtype=np.uint8)
    assert np.array_equal(jittered(rgb, 0.0, rng), rgb)


def test_each_of_the_four_does_what_it_says() -> None:
    colour = (120.0, 60.0, 30.0)
    assert mapped(jitter_matrix(1.5, 1, 1, 0, 99), colour) == pytest.approx([180, 90, 45], abs=0.01)
    # Contrast 2 about a mean of 50 doubles the distance from it.
    assert mapped(jitter_matrix(1, 2, 1, 0, 50), colour) == pytest.approx([190, 70, 10], abs=0.01)
    grey = np.dot(GREY, colour)
    assert mapped(jitter_matrix(1, 1, 0, 0, 99), colour) == pytest.approx([grey] * 3, abs=0.01)
    turned = mapped(jitter_matrix(1, 1, 1, 0.5, 99), colour)
    assert np.dot(GREY, turned) == pytest.approx(grey, abs=0.01)
    hues = [colorsys.rgb_to_hsv(*(np.asarray(rgb) / 255))[0] for rgb in (colour, turned)]
    assert abs(hues[0] - hues[1]) > 0.03


def test_grey_stays_grey_whatever_the_hue_and_saturation() -> None:
    level = mapped(jitter_matrix(1, 1, 1.4, 1.1, 99), (80, 80, 80))
    assert level == pytest.approx([80, 80, 80], abs=0.01)


def test_jitter_is_another_each_time_and_as_strong_as_asked(rng: np.random.Generator) -> None:
    rgb = np.full((8, 8, 3), (120, 100, 90), np.uint8)
    changed = [jittered(rgb, 0.2, np.random.default_rng(seed))[0, 0] for seed in range(50)]
    spread = np.ptp(np.array(changed), axis=0)
    assert len({tuple(colour) for colour in changed}) > 40
    assert 20 < spread.max() < 110
