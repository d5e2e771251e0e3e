"""Area means are exact, and interpolation is scikit-image's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.transform import resize as oracle_resize

from photochrom.color.resize import enlarge, enlarge_rows, resize, shrink

sides = st.integers(1, 40)


def exact_area_mean(plane: np.ndarray, height: int, width: int) -> np.ndarray:
    """Each row repeated `height` times, so that every run of them is whole."""
    tall = plane.astype(float).repeat(height, axis=0)
    rows = tall.reshape(height, len(plane), *plane.shape[1:]).mean(axis=1)
    wide = rows.repeat(width, axis=1)
    return wide.reshape(height, width, plane.shape[1], *plane.shape[2:]).mean(axis=2)


@given(st.data(), sides, sides)
def test_shrinking_is_the_exact_area_mean(data, tall, wide):
    height, width = data.draw(st.integers(1, tall)), data.draw(st.integers(1, wide))
    dtype = data.draw(st.sampled_from([np.uint8, np.uint16, np.float32]))
    channels = data.draw(st.sampled_from([(), (2,), (3,)]))
    plane = np.random.default_rng(tall * wide).uniform(0, 255, (tall, wide, *channels))
    plane = plane.astype(dtype)
    np.testing.assert_allclose(
        shrink(plane, height, width), exact_area_mean(plane, height, width), atol=1e-3
    )


@given(st.data(), sides, sides)
def test_enlarging_is_bilinear_with_centred_pixels(data, short, narrow):
    height, width = data.draw(st.integers(short, 90)), data.draw(st.integers(narrow, 90))
    channels = data.draw(st.sampled_from([(), (2,)]))
    plane = np.random.default_rng(short * narrow).random((short, narrow, *channels), np.float32)
    oracle = oracle_resize(
        plane, (height, width), order=1, mode="edge", anti_aliasing=False, preserve_range=True
    )
    np.testing.assert_allclose(enlarge(plane, height, width), oracle, atol=1e-5)


@pytest.mark.parametrize("rows", [slice(0, 1), slice(17, 40), slice(99, 100), slice(0, 100)])
def test_rows_of_an_enlarged_plane_are_those_of_the_whole(rows, rng):
    plane = rng.random((7, 9, 2), dtype=np.float32)
    whole = enlarge(plane, 100, 31)
    np.testing.assert_allclose(enlarge_rows(plane, rows, 100, 31), whole[rows], atol=1e-6)


def test_the_mean_of_twelve_megapixels_is_kept_to_float_precision():
    plane = np.random.default_rng(1).integers(0, 256, (3001, 4003), dtype=np.uint8)
    assert shrink(plane, 192, 256).mean() == pytest.approx(plane.mean(), rel=1e-6)


@pytest.mark.parametrize("size", [(1, 30), (30, 1), (60, 3), (2, 90), (7, 11)])
def test_resizing_treats_each_side_by_its_own_need(size, rng):
    plane = rng.random((7, 11), dtype=np.float32)
    resized = resize(plane, *size)
    assert resized.shape == size
    assert resized.dtype == np.float32
    assert plane.min() - 1e-6 <= resized.min() <= resized.max() <= plane.max() + 1e-6


def test_a_plane_that_keeps_its_size_keeps_its_values(rng):
    plane = rng.integers(0, 65536, (6, 5), dtype=np.uint16)
    for same in (shrink(plane, 6, 5), resize(plane, 6, 5)):
        np.testing.assert_array_equal(same, plane)


def test_sizes_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="shrink cannot make"):
        shrink(np.zeros((4, 4)), 5, 4)
    with pytest.raises(ValueError, match="cannot resize"):
        resize(np.zeros((0, 4)), 5, 4)
    with pytest.raises(ValueError, match="cannot resize"):
        enlarge(np.zeros((4, 4), np.float32), 5, 0)
