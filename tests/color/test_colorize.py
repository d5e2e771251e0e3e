"""The way of a picture, with a network that paints what the test says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photochrom.color.colorize import LONGEST_PER_SHORT, colorize, network_size
from photochrom.color.lab import grey_to_lightness, rgb_to_lab
from photochrom.color.merge import merge


@given(st.integers(1, 20_000), st.integers(1, 20_000), st.integers(16, 512))
def test_the_network_size_has_the_short_side_and_the_shape(height, width, short):
    size = network_size(height, width, short)
    assert min(size) == short
    assert max(size) <= LONGEST_PER_SHORT * short
    if max(height, width) <= LONGEST_PER_SHORT * min(height, width):
        assert abs(size[0] / size[1] - height / width) <= 1.01 * max(size) / short / short
    assert (size[0] >= size[1]) == (height >= width) or size[0] == size[1]


@pytest.mark.parametrize("wrong", [(0, 5, 192), (5, 0, 192), (5, 5, 0)])
def test_no_picture_has_no_size(wrong):
    with pytest.raises(ValueError, match="no size"):
        network_size(*wrong)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_network_sees_lightness_whatever_the_depth(dtype, rng):
    grey = rng.integers(0, np.iinfo(dtype).max, (40, 60)).astype(dtype)
    seen = colorize(grey, lambda lightness: lightness, short_side_px=40)
    np.testing.assert_array_equal(seen, grey_to_lightness(grey))


def test_the_network_paints_at_its_own_size_and_merge_at_the_pictures(rng):
    grey = rng.integers(90, 160, (123, 87), dtype=np.uint8)
    seen = []

    def paint(lightness):
        seen.append(lightness.copy())
        return np.full((lightness.shape[0] // 4, lightness.shape[1] // 4, 2), 11, np.float32)

    rgb = merge(grey, colorize(grey, paint, short_side_px=64))
    assert seen[0].shape == (90, 64)
    assert seen[0].dtype == np.float32
    assert rgb.shape == (123, 87, 3)
    assert np.abs(rgb_to_lab(rgb)[1] - 11).mean() < 0.3
