"""A plane through a Gaussian."""

from __future__ import annotations

import numpy as np
import pytest

from photochrom.color.gaussian import blurred


def test_a_blur_keeps_the_mean_and_smooths(rng: np.random.Generator) -> None:
    plane = rng.random((32, 48), dtype=np.float32)
    smooth = blurred(plane, 1.0)
    assert abs(smooth.mean() - plane.mean()) < 0.01
    assert smooth.std() < 0.5 * plane.std()
    assert smooth.dtype == np.float32


def test_a_point_becomes_a_gaussian_of_that_width() -> None:
    plane = np.zeros((41, 41), np.float32)
    plane[20, 20] = 1
    spot = blurred(plane, 2.0)
    offsets = np.arange(41) - 20
    variance = (spot.sum(axis=0) * offsets**2).sum() / spot.sum()
    assert spot.sum() == pytest.approx(1, abs=1e-5)
    assert variance**0.5 == pytest.approx(2.0, rel=0.06)  # its tails are cut at 2.5 deviations
    assert np.allclose(spot, spot.T, atol=1e-7)


def test_a_flat_plane_stays_flat_to_its_edges() -> None:
    assert np.allclose(blurred(np.full((9, 7), 0.3, np.float32), 3.0), 0.3, atol=1e-6)


def test_no_width_changes_nothing(rng: np.random.Generator) -> None:
    plane = rng.random((8, 8), dtype=np.float32)
    assert np.array_equal(blurred(plane, 0.0), plane)
