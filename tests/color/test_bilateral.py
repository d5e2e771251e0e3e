"""Colour raised to the guide's size keeps what was painted and does not cross edges."""

from __future__ import annotations

import numpy as np
import pytest

from photochrom.color.bilateral import guide_size, raise_colour
from photochrom.color.resize import enlarge, shrink


def test_every_small_pixel_keeps_its_colour_on_average(rng):
    guide = enlarge(rng.random((20, 30), dtype=np.float32), 80, 120)
    ab = enlarge(rng.normal(0, 30, (8, 12, 2)).astype(np.float32), 20, 30)
    raised = raise_colour(ab, guide)
    kept = np.stack([shrink(plane, 20, 30) for plane in raised], axis=-1)
    bilinear = shrink(enlarge(ab, 80, 120), 20, 30)
    assert np.abs(kept - ab).mean() < 0.4 * np.abs(bilinear - ab).mean()


def test_one_colour_stays_one_colour(rng):
    guide = rng.random((33, 47), dtype=np.float32)
    raised = raise_colour(np.full((9, 12, 2), (12, -34), np.float32), guide)
    np.testing.assert_allclose(raised[0], 12, atol=1e-3)
    np.testing.assert_allclose(raised[1], -34, atol=1e-3)


def test_colours_do_not_mix_across_a_step_of_lightness():
    guide = np.repeat(np.where(np.arange(40) < 20, 0.3, 0.9)[None], 40, axis=0).astype(np.float32)
    ab = np.zeros((10, 10, 2), np.float32)
    ab[:, :5], ab[:, 5:] = (40, 0), (-20, 30)
    raised = np.moveaxis(raise_colour(ab, guide), 0, -1)
    np.testing.assert_allclose(raised[:, :20], np.broadcast_to((40, 0), (40, 20, 2)), atol=0.5)
    np.testing.assert_allclose(raised[:, 20:], np.broadcast_to((-20, 30), (40, 20, 2)), atol=0.5)


def test_a_guide_unlike_anything_near_still_has_a_colour():
    guide = np.full((8, 8), 0.2, np.float32)
    guide[4, 4] = 1.0
    raised = raise_colour(np.full((2, 2, 2), 10, np.float32), guide)
    assert np.isfinite(raised).all()
    np.testing.assert_allclose(raised, 10, atol=1e-3)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 10_000), (5, 3), (3000, 4000)])
def test_the_guide_is_never_larger_than_the_picture(height, width):
    guide_height, guide_width = guide_size((48, 64), height, width)
    assert guide_height == min(height, 192)
    assert guide_width == min(width, 256)


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (3, 2)])
def test_colour_larger_than_the_guide_is_shrunk_to_it(size, rng):
    ab = rng.normal(0, 20, (48, 64, 2)).astype(np.float32)
    raised = raise_colour(ab, np.full(size, 0.5, np.float32))
    assert raised.shape == (2, *size)
    np.testing.assert_allclose(raised.mean(axis=(1, 2)), ab.mean(axis=(0, 1)), atol=0.5)
