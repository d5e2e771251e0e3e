"""A frame's Cb and Cr: colours the same in every matrix, range, depth and subsampling."""

from __future__ import annotations

import numpy as np
import pytest

from photochrom.color.frame import Coding, SmallFrame, paint_chroma, sited_luma
from photochrom.color.resize import enlarge
from photochrom.color.ycbcr import BT601, BT709, Matrix, chroma_of

BT2020 = Matrix(0.2627, 0.0593)


def frame(height=48, width=64):
    """Smooth luma 0…255 with an edge, and ab that turns at it."""
    rows, columns = np.mgrid[:height, :width]
    luma = 90 + 40 * np.sin(rows / 9) + 20 * np.cos(columns / 7)
    luma[:, width // 2 :] += 60
    ab = np.zeros((height // 8, width // 8, 2), np.float32)
    ab[:, : width // 16] = (25, 15)
    ab[:, width // 16 :] = (-20, -25)
    return luma.clip(0, 255).astype(np.float32), ab


def stored(luma, coding):
    black, white = coding.luma_levels
    return np.rint(luma * ((white - black) / 255) + black).astype(coding.dtype)


def painted(coding, luma, ab, enlarged=enlarge):
    levels = stored(luma, coding)
    small = SmallFrame(luma, chroma_of(luma, ab, matrix=coding.matrix))
    size = coding.chroma_size(*luma.shape)
    planes = np.zeros(size, coding.dtype), np.zeros(size, coding.dtype)
    paint_chroma(levels, small, coding, planes, enlarged)
    return levels, planes


def decoded(coding, levels, planes):
    """R′G′B′ 0…255 as a player makes it, chroma repeated."""
    scale, middle, _, _ = coding.chroma_levels
    luma = coding.levels(levels)
    cb, cr = (
        ((plane.astype(np.float32) - middle) / scale)
        .repeat(coding.down, 0)
        .repeat(coding.across, 1)[: luma.shape[0], : luma.shape[1]]
        for plane in planes
    )
    from_cb, from_cr = coding.matrix.green_from_chroma
    red = luma + coding.matrix.red_from_cr * cr
    green = luma - from_cb * cb - from_cr * cr
    return np.stack([red, green, luma + coding.matrix.blue_from_cb * cb], axis=-1)


REFERENCE = Coding(BT601, full_range=True, down=1, across=1)


@pytest.mark.parametrize("matrix", [BT709, BT2020])
@pytest.mark.parametrize("full_range", [True, False])
@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_colours_look_the_same_in_every_coding(matrix, full_range, bits):
    luma, ab = frame()
    reference = decoded(REFERENCE, *painted(REFERENCE, luma, ab))
    coding = Coding(matrix, full_range=full_range, bits=bits, down=1, across=1)
    made = decoded(coding, *painted(coding, luma, ab))
    # The same L*a*b* has a luma of its own in each matrix; hue and chroma are what is compared.
    first, second = (rgb - rgb.mean(axis=2, keepdims=True) for rgb in (reference, made))
    assert np.abs(first - second).mean() < 2.5
    assert np.abs(first).mean() > 12


@pytest.mark.parametrize("matrix", [BT601, BT709, BT2020])
def test_a_matrix_undoes_its_own_mixture(matrix):
    rgb = np.random.default_rng(1).uniform(0, 255, (50, 3)).astype(np.float32)
    luma = rgb @ matrix.luma_from_rgb
    cb, cr = (rgb[:, 2] - luma) / matrix.blue_from_cb, (rgb[:, 0] - luma) / matrix.red_from_cr
    from_cb, from_cr = matrix.green_from_chroma
    np.testing.assert_allclose(luma - from_cb * cb - from_cr * cr, rgb[:, 1], atol=1e-3)


@pytest.mark.parametrize(("down", "across"), [(2, 2), (1, 2), (1, 4), (4, 4), (2, 1)])
@pytest.mark.parametrize("size", [(48, 64), (47, 63), (45, 61)])
def test_every_subsampling_is_painted(down, across, size):
    luma, ab = frame(*size)
    coding = Coding(BT709, full_range=False, down=down, across=across)
    levels, (cb, cr) = painted(coding, luma, ab)
    assert cb.shape == cr.shape == coding.chroma_size(*size)
    assert np.array_equal(levels, stored(luma, coding))
    left, right = cr[:, : cr.shape[1] // 3], cr[:, -cr.shape[1] // 3 :]
    assert left.mean() > 135
    assert right.mean() < 125
    assert sited_luma(levels, coding).shape == cb.shape


def test_a_plane_of_one_level_is_sited_at_that_level():
    for bits, level in ((8, 235), (10, 940), (12, 3760)):
        coding = Coding(BT709, full_range=False, bits=bits)
        luma = np.full((7, 9), level, coding.dtype)
        np.testing.assert_allclose(sited_luma(luma, coding), 255, atol=0.01)


def test_chroma_lies_on_the_first_of_its_columns():
    luma = np.tile(np.arange(64, dtype=np.uint8) * 3, (8, 1))
    sited = sited_luma(luma, Coding(BT601, full_range=True))
    np.testing.assert_allclose(sited[:, 1:-1], luma[:4, 2:-2:2], atol=0.01)


def test_neutral_stays_neutral():
    luma, _ = frame()
    _, (cb, cr) = painted(Coding(BT709, full_range=False), luma, np.zeros((6, 8, 2), np.float32))
    assert {*np.unique(cb), *np.unique(cr)} == {128}


def test_red_green_and_blue_stay_within_the_screen():
    luma, ab = frame()
    luma[:20] = 4
    luma[-20:] = 251
    coding = Coding(BT709, full_range=True, down=1, across=1)
    rgb = decoded(coding, *painted(coding, luma, ab * 4))
    assert rgb.min() > -3
    assert rgb.max() < 258


def test_fields_are_painted_each_from_its_own_lines():
    luma, ab = frame()
    luma[1::2] = 255 - luma[1::2]
    coding = Coding(BT709, full_range=True)
    fields = Coding(BT709, full_range=True, interlaced=True)
    levels, planes = painted(fields, luma, ab)
    for field in (0, 1):
        small = SmallFrame(luma, chroma_of(luma, ab, matrix=BT709))
        alone = tuple(np.zeros((12, 32), np.uint8) for _ in planes)
        paint_chroma(np.ascontiguousarray(levels[field::2]), small, coding, alone)
        for own, plane in zip(alone, planes, strict=True):
            np.testing.assert_array_equal(plane[field::2], own)


def test_opencv_enlarges_as_numpy_does():
    pytest.importorskip("cv2")
    from photochrom.film.colouring import _enlarged

    luma, ab = frame()
    coding = Coding(BT709, full_range=False)
    for own, other in zip(
        painted(coding, luma, ab)[1], painted(coding, luma, ab, _enlarged)[1], strict=True
    ):
        assert np.abs(own.astype(int) - other).max() <= 1
