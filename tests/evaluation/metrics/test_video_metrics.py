"""CDC and the flow-warped error, on frames whose values are known."""

from __future__ import annotations

import builtins

import numpy as np
import pytest

from photochrom.errors import SetupError
from photochrom.evaluation.metrics.video import Flow, colour_histograms, divergence


def frame(rng, shift=0):
    """A textured picture, moved `shift` px to the right."""
    coarse = rng.integers(0, 256, (14, 22, 3)).astype(np.float32)
    fine = np.kron(coarse, np.ones((8, 8, 1), np.float32))
    for axis in (0, 1):  # smooth, as pictures are
        fine = sum(np.roll(fine, k, axis) for k in range(-3, 4)) / 7
    return np.roll(fine, shift, axis=1)[8:-8, 20:-20].astype(np.uint8)


def test_histograms_are_shares_of_levels():
    rgb = np.zeros((4, 4, 3), np.uint8)
    rgb[:2, :, 1] = 255
    histograms = colour_histograms(rgb)
    assert histograms.shape == (3, 256)
    assert histograms[0, 0] == 1
    assert histograms[1, 0] == histograms[1, 255] == 0.5


def test_divergence_agrees_with_scipy(rng):
    from scipy.spatial.distance import jensenshannon

    first, second = (colour_histograms(rng.integers(0, 256, (9, 9, 3), np.uint8)) for _ in "ab")
    expected = (jensenshannon(first, second, axis=1) ** 2).mean()
    assert divergence(first, second) == pytest.approx(expected)


def test_divergence_goes_from_zero_to_the_logarithm_of_two():
    black, white = (np.full((3, 3, 3), level, np.uint8) for level in (0, 255))
    assert divergence(*map(colour_histograms, (black, black))) == 0
    assert divergence(*map(colour_histograms, (black, white))) == pytest.approx(np.log(2))


def test_a_moving_picture_has_next_to_no_warped_error():
    before, now = (frame(np.random.default_rng(1), shift) for shift in (0, 4))
    flow = Flow(before, now)
    assert flow.visible.mean() > 0.5
    still = float(np.square((before.astype(float) - now) / 255).mean())
    assert flow.error(before, now) < still / 50


def test_colours_that_flicker_have_a_warped_error():
    before, now = (frame(np.random.default_rng(1), shift) for shift in (0, 4))
    flow = Flow(before, now)
    flickering = now.copy()
    flickering[..., 0] = np.clip(now[..., 0].astype(int) + 51, 0, 255)
    expected = (0.2**2) / 3  # one channel of three is off by a fifth, but where it clips
    assert flow.error(before, flickering) == pytest.approx(expected, rel=0.15)


def test_what_moves_out_of_the_picture_is_not_counted():
    before, now = (frame(np.random.default_rng(1), shift) for shift in (0, 6))
    flow = Flow(before, now)
    assert not flow.visible[:, :5].any()  # it was outside in the frame before


def test_without_opencv_the_missing_package_is_named(monkeypatch):
    real = builtins.__import__

    def absent(name, *args, **kwargs):
        if name == "cv2":
            raise ModuleNotFoundError("No module named 'cv2'", name="cv2")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", absent)
    frames = np.zeros((2, 16, 16, 3), np.uint8)
    with pytest.raises(SetupError, match=r"opencv-python-headless.*pip install"):
        Flow(*frames)
