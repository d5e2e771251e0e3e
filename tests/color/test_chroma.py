"""Cb and Cr beside a luma that stays: the colours of the L* way, and nothing outside 0…255."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import luma_kept
from photochrom import Colorizer
from photochrom.color.chroma import ab_to_cbcr
from photochrom.color.difference import delta_e_2000
from photochrom.color.lab import rgb_to_lab
from photochrom.color.merge import merge
from photochrom.color.resize import enlarge
from photochrom.color.srgb import linear_table


def decoded(luma: np.ndarray, cb: np.ndarray, cr: np.ndarray) -> np.ndarray:
    """R, G, B as a JPEG decoder computes them (JFIF 1.02), not yet cut to 0…255."""
    y, blue, red = luma.astype(float), cb.astype(float) - 128, cr.astype(float) - 128
    green = y - 0.344136 * blue - 0.714136 * red
    return np.stack([y + 1.402 * red, green, y + 1.772 * blue], axis=-1)


@pytest.fixture
def luma(rng) -> np.ndarray:
    return np.round(enlarge(rng.uniform(20, 235, (6, 8)).astype(np.float32), 150, 210)).astype(
        np.uint8
    )


def test_grey_stays_grey(luma):
    cb, cr = ab_to_cbcr(luma, np.zeros((12, 16, 2), np.float32))
    assert cb.dtype == cr.dtype == np.uint8
    assert cb.shape == cr.shape == luma.shape
    assert (cb == 128).all()
    assert (cr == 128).all()


def test_the_colours_are_those_of_the_lightness_way(luma, rng):
    ab = enlarge(rng.normal(0, 15, (4, 5, 2)).astype(np.float32), 12, 16)
    rgb = np.rint(decoded(luma, *ab_to_cbcr(luma, ab))).clip(0, 255).astype(np.uint8)
    lightness_way = merge(luma, ab)
    difference = delta_e_2000(
        *(
            np.concatenate([x[..., None], y], axis=-1)
            for x, y in map(rgb_to_lab, (rgb, lightness_way))
        )
    )
    assert difference.mean() < 1


@given(st.integers(0, 255), st.floats(-120, 120, width=32), st.floats(-120, 120, width=32))
@settings(max_examples=60, deadline=None)
def test_any_colour_at_any_luma_stays_within_the_range(level, a, b):
    luma = np.full((6, 8), level, np.uint8)
    rgb = decoded(luma, *ab_to_cbcr(luma, np.full((3, 4, 2), (a, b), np.float32)))
    # Rounding Cb and Cr moves a channel by 0.9 at most.
    assert rgb.min() > -1
    assert rgb.max() < 256


@pytest.mark.parametrize("hue", range(0, 360, 30))
def test_cb_and_cr_give_way_together(hue):
    """Next to a dark and a bright pixel less chroma fits, and it is chroma of the same hue."""
    ab = np.full((1, 1, 2), (30 * np.cos(np.radians(hue)), 30 * np.sin(np.radians(hue))))
    luma = np.full((32, 64), 128, np.uint8)
    free = [plane[16, 32] - 128.0 for plane in ab_to_cbcr(luma, ab.astype(np.float32))]
    luma[16, 31], luma[15, 33] = 50, 206
    bound = [plane[16, 32] - 128.0 for plane in ab_to_cbcr(luma, ab.astype(np.float32))]
    assert 2 < np.hypot(*bound) < 0.8 * np.hypot(*free)
    turned = np.degrees(np.arctan2(*free) - np.arctan2(*bound))
    assert np.abs((turned + 180) % 360 - 180) < 8


def test_real_photographs_hardly_clip_and_match_the_lightness_way(shared):
    paths = sorted((shared / "bench" / "kodak").iterdir())
    colorizer = Colorizer(threads=1)
    rows = [luma_kept.measure(colorizer, luma_kept.grey_jpeg(path)) for path in paths]
    clipped, difference = np.mean(rows, axis=0)
    assert clipped <= 0.001
    assert difference <= 1.5


def test_another_tone_curve_gives_the_same_colours_of_the_same_light(rng):
    """A picture coded with gamma 1.8 and told so has the light, and so the colours, of its sRGB."""
    linear = enlarge(rng.uniform(0.05, 0.8, (6, 8)).astype(np.float32), 90, 120)
    gamma = (np.arange(256) / 255).astype(np.float32) ** np.float32(1.8)
    in_srgb = np.interp(linear, linear_table(np.dtype(np.uint8)), np.arange(256))
    in_gamma = np.interp(linear, gamma, np.arange(256))
    ab = enlarge(rng.normal(0, 15, (3, 4, 2)).astype(np.float32), 12, 16)

    def light(luma: np.ndarray, tone: np.ndarray | None, table: np.ndarray) -> np.ndarray:
        luma = np.rint(luma).astype(np.uint8)
        rgb = decoded(luma, *ab_to_cbcr(luma, ab, tone=tone)).clip(0, 255)
        return np.interp(rgb, np.arange(256), table)

    srgb_table = linear_table(np.dtype(np.uint8))
    first = light(in_srgb, None, srgb_table)
    second = light(in_gamma, gamma, gamma)
    assert np.abs(first - second).mean() < 0.01
    assert np.corrcoef(first.ravel(), second.ravel())[0, 1] > 0.999
    np.testing.assert_allclose(light(in_srgb, srgb_table, srgb_table), first, atol=0.02)


def test_strength_multiplies_chroma(luma):
    ab = np.full((12, 16, 2), (8, -6), np.float32)
    weak, strong = (
        np.hypot(*(plane.astype(float) - 128 for plane in ab_to_cbcr(luma, ab, strength=s)))
        for s in (0.5, 1.5)
    )
    assert strong.mean() / weak.mean() == pytest.approx(3, abs=0.15)
    assert all((p == 128).all() for p in ab_to_cbcr(luma, ab, strength=0))


def test_threads_do_not_change_a_pixel(rng):
    luma = rng.integers(0, 256, (300, 1000), dtype=np.uint8)
    ab = rng.normal(0, 30, (12, 40, 2)).astype(np.float32)
    one = ab_to_cbcr(luma, ab, threads=1)
    for threads in (2, 5):
        np.testing.assert_array_equal(ab_to_cbcr(luma, ab, threads=threads), one)


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (3, 2)])
def test_extreme_shapes_are_painted(size):
    cb, cr = ab_to_cbcr(np.full(size, 128, np.uint8), np.full((48, 64, 2), (0, 30), np.float32))
    assert cb.shape == cr.shape == size
    assert cb.max() < 115
    assert np.ptp(cb) <= 1


def test_wrong_arrays_are_refused():
    ab = np.zeros((2, 2, 2), np.float32)
    with pytest.raises(ValueError, match="uint8"):
        ab_to_cbcr(np.zeros((4, 4), np.uint16), ab)
    with pytest.raises(ValueError, match=r"luma \(h, w\)"):
        ab_to_cbcr(np.zeros((4, 4, 3), np.uint8), ab)
    with pytest.raises(ValueError, match="tone"):
        ab_to_cbcr(np.zeros((4, 4), np.uint8), ab, tone=np.zeros(10, np.float32))
