"""Colour enlarged along edges: it bleeds far less than bilinear, makes no halo, loses nothing."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from skimage import data

import bleeding
from photochrom.color.guided import enlarge_ab
from photochrom.color.lab import rgb_to_lab
from photochrom.color.resize import enlarge, shrink


def test_two_colours_bleed_at_least_three_times_less_than_bilinear():
    bilinear, ours, *_, places = bleeding.compare(*bleeding.two_colours())
    assert places > 1000
    assert bilinear > 0.2
    assert ours < bilinear / 10


@pytest.mark.parametrize("name", ["astronaut", "coffee"])
def test_a_photograph_bleeds_at_least_three_times_less_than_bilinear(name):
    bilinear, ours, error_bilinear, error_ours, places = bleeding.compare(
        *rgb_to_lab(getattr(data, name)())
    )
    assert places > 1000
    assert ours < bilinear / 3
    assert error_ours < 0.9 * error_bilinear


def test_kodaks_photographs_bleed_three_times_less_and_err_less(shared):
    paths = sorted((shared / "bench" / "kodak").glob("*"))[::4]
    sums = np.zeros(4)
    for path in paths:
        lab = rgb_to_lab(np.asarray(Image.open(path).convert("RGB")))
        bilinear, ours, error_bilinear, error_ours, places = bleeding.compare(*lab)
        sums += bilinear * places, ours * places, error_bilinear, error_ours
    assert sums[1] < sums[0] / 3
    assert sums[3] < 0.9 * sums[2]


def test_flat_and_grainy_lightness_leave_smooth_colour_smooth(rng):
    lightness = (50 + rng.normal(0, 1.5, (300, 400))).astype(np.float32)
    ab = np.stack(np.meshgrid(np.linspace(-20, 20, 40), np.linspace(-10, 30, 30)), axis=-1)
    ab = ab.astype(np.float32)
    difference = enlarge_ab(lightness, ab) - enlarge(ab, 300, 400)
    inner = difference[20:-20, 20:-20]
    assert np.abs(inner).max() < 1.5


def test_no_colour_beyond_what_was_painted_appears_at_an_edge():
    lightness, ab = bleeding.two_colours()
    # A highlight and a shadow far outside what the small guide has seen.
    lightness[100:103, 50:53], lightness[300:303, 500:503] = 99, 1
    enlarged = enlarge_ab(lightness, bleeding.small_colour(ab))
    # The two colours are 15 and 95 apart; a twentieth beyond either is not seen.
    assert enlarged[..., 0].max() < 25 + 1.5
    assert enlarged[..., 1].max() < 55 + 5
    assert enlarged[..., 0].min() > 10 - 1.5
    assert enlarged[..., 1].min() > -40 - 5


def test_a_thin_stroke_keeps_most_of_its_colour():
    """A red line one small pixel wide on grey: a blur would leave less than half at its middle."""
    lightness = np.full((240, 320), 75, np.float32)
    lightness[:, 152:160] = 40
    ab = np.zeros((240, 320, 2), np.float32)
    ab[:, 152:160] = (60, 40)
    enlarged = enlarge_ab(lightness, shrink(ab, 30, 40))
    assert enlarged[120, 156, 0] > 50
    assert np.abs(enlarged[120, :145]).max() < 4
    assert np.abs(enlarged[120, 168:]).max() < 4


def test_the_mean_colour_is_kept(rng):
    lightness, ab = rgb_to_lab(data.coffee())
    small = shrink(ab, 40, 60)
    enlarged = enlarge_ab(lightness, small)
    np.testing.assert_allclose(enlarged.mean(axis=(0, 1)), ab.mean(axis=(0, 1)), atol=0.3)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (7, 5), (41, 40)])
def test_pictures_of_any_size_get_colour_of_theirs(size, rng):
    lightness = rng.uniform(0, 100, size).astype(np.float32)
    enlarged = enlarge_ab(lightness, np.full((48, 64, 2), 9, np.float32))
    assert enlarged.shape == (*size, 2)
    np.testing.assert_allclose(enlarged, 9, atol=0.01)
