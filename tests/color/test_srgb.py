"""The transfer curve: both directions agree, and every level finds itself again."""

from __future__ import annotations

import numpy as np
import pytest

from photochrom.color.srgb import code_table, levels_of, linear_table, linear_to_srgb, write_coded


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_every_level_comes_back(dtype):
    levels = np.arange(levels_of(dtype) + 1, dtype=dtype)
    coded = np.empty_like(levels)
    write_coded(linear_table(np.dtype(dtype)).copy(), coded)
    np.testing.assert_array_equal(coded, levels)


def test_the_curve_passes_through_published_points():
    # IEC 61966-2-1: 0.5 coded is 0.2140 linear; 18 % grey is coded 0.4614.
    assert linear_table(np.dtype(np.uint16))[32768] == pytest.approx(0.21404, abs=2e-5)
    assert linear_to_srgb(np.array([0.18], np.float32))[0] == pytest.approx(0.46136, abs=2e-5)


def test_eight_bit_codes_are_nearest_to_the_formula():
    light = np.random.default_rng(0).random(100_000, dtype=np.float32) ** 3
    exact = linear_to_srgb(light) * 255
    coded = np.empty(light.shape, np.uint8)
    write_coded(light, coded)
    assert np.abs(coded - exact).max() < 0.53


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_light_outside_the_range_is_cut_off(dtype):
    coded = np.empty(4, dtype)
    write_coded(np.array([-5, -1e-6, 1.00001, 7], np.float32), coded)
    assert coded.tolist() == [0, 0, levels_of(dtype), levels_of(dtype)]


def test_tables_cannot_be_written_to():
    for table in (linear_table(np.dtype(np.uint8)), code_table()):
        with pytest.raises(ValueError, match="read-only"):
            table[0] = 1


@pytest.mark.parametrize("dtype", [np.float32, np.int16, np.uint32, bool])
def test_other_depths_are_refused(dtype):
    with pytest.raises(TypeError, match="uint8 or uint16"):
        levels_of(dtype)
