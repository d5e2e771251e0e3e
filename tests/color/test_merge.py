"""The merged picture has the source's own lightness, and the painted colour."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photochrom.color.lab import grey_to_lightness, lightness_table, rgb_to_lab
from photochrom.color.merge import merge, small_lightness
from photochrom.color.resize import enlarge


@pytest.fixture
def ab(rng) -> np.ndarray:
    """Moderate, smooth colour (12, 16, 2)."""
    return enlarge(rng.normal(0, 25, (4, 5, 2)).astype(np.float32), 12, 16)


@pytest.fixture
def grey(rng) -> np.ndarray:
    """A smooth picture with all levels, and a little grain."""
    smooth = enlarge(rng.uniform(0, 255, (6, 8)).astype(np.float32), 150, 210)
    return np.clip(smooth + rng.normal(0, 3, smooth.shape), 0, 255).astype(np.uint8)


def test_merge_keeps_the_lightness(grey, ab):
    rgb = merge(grey, ab)
    assert rgb.shape == (*grey.shape, 3)
    assert rgb.dtype == np.uint8
    difference = rgb_to_lab(rgb)[0] - grey_to_lightness(grey)
    # Half a level in each channel is 0.25 L* at most, in the shadows.
    assert np.abs(difference).max() < 0.3
    assert np.abs(difference).mean() < 0.08


def test_sixteen_bits_keep_their_precision(grey, ab, rng):
    deep = (grey.astype(np.uint16) * 257 + rng.integers(-120, 120, grey.shape)).clip(0, 65535)
    deep = deep.astype(np.uint16)
    rgb = merge(deep, ab)
    assert rgb.dtype == np.uint16
    difference = rgb_to_lab(rgb)[0] - grey_to_lightness(deep)
    assert np.abs(difference).max() < 0.004


def test_all_65536_levels_survive_a_grey_merge():
    deep = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    rgb = merge(deep, np.zeros((4, 4, 2), np.float32))
    for channel in np.moveaxis(rgb, -1, 0):
        assert np.abs(channel.astype(int) - deep).max() <= 1
        assert len(np.unique(channel)) > 65_400


def test_all_256_levels_come_back_without_colour():
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    rgb = merge(grey, np.zeros((4, 4, 2), np.float32))
    np.testing.assert_array_equal(rgb, grey[..., None].repeat(3, axis=2))


def test_strength_multiplies_chroma(grey):
    # Where sRGB holds all the colours asked for, and deep enough that rounding is not seen.
    grey = (np.maximum(grey // 2, 60) + np.uint8(20)).astype(np.uint16) * 257
    ab = np.full((12, 16, 2), (6, 8), np.float32)
    for strength in (0, 0.5, 1, 1.5):
        _, painted = rgb_to_lab(merge(grey, ab, strength=strength))
        wanted = np.array([6, 8]) * strength
        np.testing.assert_allclose(painted, np.broadcast_to(wanted, painted.shape), atol=0.03)


def test_lightness_and_its_grey_give_the_same_picture(grey, ab):
    from_grey = merge(grey, ab)
    from_lightness = merge(grey_to_lightness(grey), ab)
    assert from_lightness.dtype == np.uint8
    # The guides differ a little: coded values are averaged in one, lightness in the other.
    assert np.abs(from_grey.astype(int) - from_lightness).mean() < 0.5


def test_threads_do_not_change_a_pixel(rng, ab):
    grey = rng.integers(0, 256, (300, 1000), dtype=np.uint8)
    one = merge(grey, ab, threads=1)
    for threads in (2, 7):
        np.testing.assert_array_equal(merge(grey, ab, threads=threads), one)


def test_merging_leaves_its_inputs_alone(grey, ab):
    before = grey.copy(), ab.copy()
    merge(grey, ab, strength=2)
    np.testing.assert_array_equal(grey, before[0])
    np.testing.assert_array_equal(ab, before[1])


@given(st.integers(1, 70), st.integers(1, 70), st.integers(1, 20), st.integers(1, 20))
@settings(max_examples=40, deadline=None)
def test_any_sizes_go_together(height, width, small_height, small_width):
    rng = np.random.default_rng(height * width)
    grey = rng.integers(0, 256, (height, width), dtype=np.uint8)
    ab = rng.normal(0, 40, (small_height, small_width, 2)).astype(np.float32)
    rgb = merge(grey, ab)
    assert np.abs(rgb_to_lab(rgb)[0] - grey_to_lightness(grey)).max() < 0.35


@pytest.mark.parametrize("size", [(1, 1), (1, 10_000), (10_000, 1)])
def test_extreme_shapes_are_merged(size):
    rgb = merge(np.full(size, 128, np.uint8), np.full((48, 64, 2), 15, np.float32))
    assert rgb.shape == (*size, 3)
    _, ab = rgb_to_lab(rgb)
    assert np.abs(ab - 15).max() < 0.6


def test_extra_memory_stays_small():
    grey = np.random.default_rng(0).integers(0, 256, (2000, 3000), dtype=np.uint8)
    ab = np.full((48, 64, 2), 12, np.float32)
    merge(grey[:100], ab)  # tables are made once
    tracemalloc.start()
    rgb = merge(grey, ab, threads=2)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak - rgb.nbytes < 30e6


def test_small_lightness_averages_coded_values():
    checks = np.array([[0, 255], [255, 0]], np.uint8)
    mean = small_lightness(checks, 1, 1)[0, 0]
    middle = lightness_table(np.dtype(np.uint8))[127:129].mean()
    assert mean == pytest.approx(middle, abs=1e-3)


def test_wrong_arrays_are_refused():
    ab = np.zeros((2, 2, 2), np.float32)
    with pytest.raises(ValueError, match=r"lightness \(H, W\)"):
        merge(np.zeros((2, 2, 3), np.uint8), ab)
    with pytest.raises(ValueError, match=r"ab \(h, w, 2\)"):
        merge(np.zeros((2, 2), np.uint8), ab[..., 0])
    with pytest.raises(TypeError, match="int32"):
        merge(np.zeros((2, 2), np.int32), ab)
