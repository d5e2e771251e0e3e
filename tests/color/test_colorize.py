"""The way of a picture, with a network that paints what the test says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photochrom.color.colorize import (
    LONGEST_PER_SHORT,
    colorize,
    network_lightness,
    network_size,
)
from photochrom.color.lab import grey_to_lightness, rgb_to_lab, rgb_to_lightness


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
def test_the_network_sees_lightness_whatever_the_pixels(dtype, rng):
    grey = rng.integers(0, np.iinfo(dtype).max, (40, 60)).astype(dtype)
    np.testing.assert_array_equal(network_lightness(grey, 40, 60), grey_to_lightness(grey))
    rgb = rng.integers(0, np.iinfo(dtype).max, (40, 60, 3)).astype(dtype)
    np.testing.assert_array_equal(network_lightness(rgb, 40, 60), rgb_to_lightness(rgb))
    same = network_lightness(grey[..., None].repeat(3, axis=2), 10, 15)
    np.testing.assert_allclose(same, network_lightness(grey, 10, 15), atol=0.5)


def test_the_picture_has_its_own_size_and_the_painted_colour(rng):
    grey = rng.integers(90, 160, (123, 87), dtype=np.uint8)
    seen = []

    def paint(lightness):
        seen.append(lightness.copy())
        return np.full((lightness.shape[0] // 4, lightness.shape[1] // 4, 2), 11, np.float32)

    rgb = colorize(grey, paint, short_side_px=64)
    assert seen[0].shape == (90, 64)
    assert seen[0].dtype == np.float32
    assert rgb.shape == (123, 87, 3)
    assert np.abs(rgb_to_lab(rgb)[1] - 11).mean() < 0.3
    grey_again = colorize(grey, paint, short_side_px=64, strength=0)
    np.testing.assert_array_equal(grey_again, grey[..., None].repeat(3, axis=2))
