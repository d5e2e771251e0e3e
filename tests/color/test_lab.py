"""CIELAB against scikit-image, over the whole cube of colours."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from skimage.color import lab2rgb, rgb2lab

from photochrom.color.lab import (
    grey_to_lightness,
    lab_to_rgb,
    lightness_table,
    rgb_to_lab,
    rgb_to_lightness,
)

pictures = st.one_of(
    arrays(dtype, array_shapes(min_dims=2, max_dims=2, max_side=8).map(lambda s: (*s, 3)))
    for dtype in (np.uint8, np.uint16)
)


def whole_cube(step: int) -> np.ndarray:
    """Every `step`-th 8-bit colour along each axis, both ends of it included, as a picture."""
    axis = np.unique(np.append(np.arange(0, 256, step), 255)).astype(np.uint8)
    return np.stack(np.meshgrid(axis, axis, axis), axis=-1).reshape(len(axis), -1, 3)


def test_the_whole_cube_agrees_with_scikit_image():
    rgb = whole_cube(5)
    lightness, ab = rgb_to_lab(rgb)
    oracle = rgb2lab(rgb)
    np.testing.assert_allclose(lightness, oracle[..., 0], atol=1e-4)
    # Its white point is rounded to five digits, ours is the sum of the primaries.
    np.testing.assert_allclose(ab, oracle[..., 1:], atol=0.01)


@given(pictures)
def test_any_picture_agrees_with_scikit_image(rgb):
    lightness, ab = rgb_to_lab(rgb)
    oracle = rgb2lab(rgb)
    np.testing.assert_allclose(lightness, oracle[..., 0], atol=1e-3)
    np.testing.assert_allclose(ab, oracle[..., 1:], atol=0.02)
    np.testing.assert_allclose(rgb_to_lightness(rgb), lightness, atol=1e-4)


@given(pictures)
def test_pictures_survive_the_round_trip(rgb):
    there_and_back = lab_to_rgb(*rgb_to_lab(rgb), dtype=rgb.dtype)
    assert there_and_back.dtype == rgb.dtype
    most = 0 if rgb.dtype == np.uint8 else 1
    assert np.abs(there_and_back.astype(int) - rgb).max() <= most


def test_all_16_777_216_eight_bit_colours_survive_the_round_trip():
    level = np.arange(256, dtype=np.uint8)
    for first in range(0, 256, 16):
        slab = np.stack(np.meshgrid(level[first : first + 16], level, level), axis=-1)
        rgb = slab.reshape(256, -1, 3)
        np.testing.assert_array_equal(lab_to_rgb(*rgb_to_lab(rgb)), rgb)


def test_colours_inside_the_gamut_become_what_scikit_image_makes_of_them():
    rgb = whole_cube(17)
    lightness, ab = rgb_to_lab(rgb)
    ab *= np.float32(0.8)
    oracle = lab2rgb(np.concatenate([lightness[..., None], ab], axis=-1)) * 65535
    ours = lab_to_rgb(lightness, ab, dtype=np.uint16)
    inside = (oracle > 600).all(axis=-1) & (oracle < 64900).all(axis=-1)
    assert inside.mean() > 0.5
    # 16-bit levels; the white points differ in the fifth digit.
    assert np.abs(ours[inside] - oracle[inside]).max() < 12


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_neutral_greys_have_no_colour_at_all(dtype):
    grey = np.linspace(0, np.iinfo(dtype).max, 256).astype(dtype)[None]
    lightness, ab = rgb_to_lab(np.repeat(grey[..., None], 3, axis=-1))
    assert np.abs(ab).max() < 1e-4
    np.testing.assert_allclose(lightness, grey_to_lightness(grey), atol=1e-4)
    assert lightness[0, 0] == pytest.approx(0, abs=1e-5)
    assert lightness[0, -1] == pytest.approx(100, abs=1e-4)


@given(st.integers(0, 255))
@settings(max_examples=30)
def test_lightness_without_colour_becomes_grey(level):
    lightness = lightness_table(np.dtype(np.uint8))[level].reshape(1, 1)
    rgb = lab_to_rgb(lightness, np.zeros((1, 1, 2), np.float32))
    assert rgb.tolist() == [[[level] * 3]]


def test_lightness_beyond_its_range_is_cut_off():
    rgb = lab_to_rgb(np.array([[-20, 130]], np.float32), np.zeros((1, 2, 2), np.float32))
    assert rgb.tolist() == [[[0, 0, 0], [255, 255, 255]]]


def test_conversions_keep_their_inputs():
    rgb = whole_cube(51)
    lightness, ab = rgb_to_lab(rgb)
    copies = rgb.copy(), lightness.copy(), ab.copy()
    lab_to_rgb(lightness, ab * 3)
    for before, after in zip(copies, (rgb, lightness, ab), strict=True):
        np.testing.assert_array_equal(before, after)


def test_wrong_arrays_are_refused_by_name():
    with pytest.raises(TypeError, match="float64"):
        rgb_to_lab(np.zeros((2, 2, 3)))
    with pytest.raises(ValueError, match=r"\(H, W, 3\)"):
        rgb_to_lightness(np.zeros((2, 2), np.uint8))
    with pytest.raises(ValueError, match=r"\(H, W\)"):
        grey_to_lightness(np.zeros((2, 2, 3), np.uint8))
    with pytest.raises(ValueError, match=r"ab \(H, W, 2\)"):
        lab_to_rgb(np.zeros((2, 2), np.float32), np.zeros((2, 3, 2), np.float32))
    with pytest.raises(TypeError, match="int8"):
        lab_to_rgb(np.zeros((2, 2), np.float32), np.zeros((2, 2, 2), np.float32), dtype=np.int8)
