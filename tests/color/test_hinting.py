"""A hint is met at its pixel, fills what it lies on, and ends at its edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photochrom.color.hinting import lay_hints
from photochrom.color.hints import Hint
from photochrom.color.lab import rgb_to_lab
from photochrom.color.merge import merge
from photochrom.color.spread import Spots, hint_planes, spots_of, within_gamut

MOST_OFF = 5.0
LEVELS = st.tuples(*[st.integers(0, 255)] * 3)


def scene(height: int = 120, width: int = 160) -> np.ndarray:
    """Grey: sky, ground, and a coat between them; with grain."""
    grey = np.full((height, width), 200.0)
    grey[height // 2 :] = 130
    grey[height // 4 : 3 * height // 4, width // 3 : 2 * width // 3] = 70
    grain = np.random.default_rng(5).normal(0, 2, grey.shape)
    return np.clip(grey + grain, 0, 255).astype(np.uint8)


def painted(grey: np.ndarray) -> np.ndarray:
    """Small colours that know nothing of edges."""
    ab = np.random.default_rng(6).normal(0, 8, (grey.shape[0] // 8, grey.shape[1] // 8, 2))
    return ab.astype(np.float32)


def coloured(grey: np.ndarray, hints: list[Hint], ab: np.ndarray | None = None) -> np.ndarray:
    spots = spots_of(hints, height=grey.shape[0], width=grey.shape[1])
    laid = lay_hints(grey, painted(grey) if ab is None else ab, spots)
    return merge(grey, laid, guide_per_ab=1)


def off(rgb: np.ndarray, hint: Hint) -> float:
    spot = spots_of([hint], height=rgb.shape[0], width=rgb.shape[1])
    row, column = (int(place[0]) for place in spot.pixels(*rgb.shape[:2]))
    lightness, ab = rgb_to_lab(rgb[row : row + 1, column : column + 1])
    return float(np.abs(ab[0] - within_gamut(lightness[0], spot.ab)).max())


@settings(deadline=None, max_examples=25)
@given(st.floats(0, 160), st.floats(0, 120), LEVELS)
def test_any_hint_anywhere_is_met(x, y, colour) -> None:
    hint = Hint(x, y, colour)
    assert off(coloured(scene(), [hint]), hint) < MOST_OFF


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1), (7, 5), (300, 31)])
def test_a_picture_of_any_size_takes_hints(size) -> None:
    grey = np.full(size, 128, np.uint8)
    hint = Hint(size[1] // 2, size[0] // 2, (160, 48, 32))
    rgb = coloured(
        grey, [hint], np.zeros((max(1, size[0] // 8), max(1, size[1] // 8), 2), np.float32)
    )
    assert rgb.shape == (*size, 3)
    assert off(rgb, hint) < MOST_OFF


def test_sixteen_bits_take_hints() -> None:
    hint = Hint(80, 60, (160, 48, 32))
    grey = scene().astype(np.uint16) * 257
    rgb = coloured(grey, [hint])
    assert rgb.dtype == np.uint16
    assert off(rgb, hint) < MOST_OFF


def test_a_hint_colours_its_coat_and_not_the_sky_or_the_ground() -> None:
    grey, plain = scene(), np.zeros((15, 20, 2), np.float32)
    ab = rgb_to_lab(coloured(grey, [Hint(80, 60, (160, 48, 32))], plain))[1]
    chroma = np.hypot(ab[..., 0], ab[..., 1])
    coat = chroma[36:84, 60:100]
    assert coat.min() > 0.8 * coat.max()
    assert chroma[:22].max() < 0.05 * coat.max()
    assert chroma[98:].max() < 0.05 * coat.max()
    assert chroma[36:84, :45].max() < 0.05 * coat.max()


def test_two_hints_share_a_plain_between_them() -> None:
    grey, plain = np.full((100, 150), 150, np.uint8), np.zeros((12, 18, 2), np.float32)
    hints = [Hint(30, 50, (190, 110, 100)), Hint(120, 50, (100, 120, 190))]
    rgb = coloured(grey, hints, plain)
    assert all(off(rgb, hint) < 1.5 for hint in hints)
    ab = rgb_to_lab(rgb)[1]
    assert ab[50, 35, 0] > 15
    assert ab[50, 115, 1] < -15


def test_hints_that_contradict_each_other_side_by_side_do_not_run_wild() -> None:
    grey = np.full((100, 150), 150, np.uint8)
    hints = [Hint(70, 50, (220, 60, 60)), Hint(71, 50, (60, 60, 220))]
    ab = rgb_to_lab(coloured(grey, hints))[1]
    assert np.abs(ab).max() < 128


def test_many_hints_of_one_colour_do_not_add_up() -> None:
    grey, plain = np.full((80, 80), 150, np.uint8), np.zeros((10, 10, 2), np.float32)
    hints = [Hint(x, y, (180, 120, 110)) for x in range(10, 80, 20) for y in range(10, 80, 20)]
    ab = rgb_to_lab(coloured(grey, hints, plain))[1]
    told = spots_of(hints[:1], height=80, width=80).ab[0]
    assert np.hypot(ab[..., 0], ab[..., 1]).max() < np.hypot(*told) * 1.1


def test_no_difference_to_tell_changes_nothing() -> None:
    grey, ab = scene(), np.full((15, 20, 2), (12, -9), np.float32)
    spots = Spots(np.array([[0.5, 0.5]]), np.array([[12, -9]], np.float32))
    assert np.allclose(lay_hints(grey, ab, spots), (12, -9), atol=0.3)


def test_the_network_sees_small_discs_and_the_mean_of_those_that_overlap() -> None:
    lightness = np.full((60, 80), 60, np.float32)
    spots = Spots(
        np.array([[0.5, 0.25], [0.5, 0.75], [0.5, 0.75]]), np.float32([[9, 6], [4, 2], [8, 6]])
    )
    planes = hint_planes(spots, lightness)
    assert planes.shape == (3, 60, 80)
    assert set(np.unique(planes[2])) == {0, 1}
    assert planes[2].sum() == 2 * 9
    assert planes[:2, 30, 20] == pytest.approx((9, 6), abs=0.05)
    assert planes[:2, 30, 60] == pytest.approx((6, 4), abs=0.05)
    assert not planes[:2, planes[2] == 0].any()


def test_the_network_is_told_what_srgb_holds_there() -> None:
    spots = Spots(np.array([[0.5, 0.5]]), np.array([[80, 67]], np.float32))
    dark = hint_planes(spots, np.full((9, 9), 10, np.float32))[:2, 4, 4]
    assert np.hypot(*dark) < 50
    assert dark[1] / dark[0] == pytest.approx(67 / 80, abs=0.02)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_spots_turn_as_the_picture_does(orientation: int) -> None:
    from photochrom.media.pixels import upright

    stored = np.zeros((6, 9), np.uint8)
    stored[1, 2] = 1
    row, column = np.argwhere(upright(stored, orientation))[0]
    height, width = upright(stored, orientation).shape
    spots = spots_of([Hint(column, row, (9, 9, 9))], height=height, width=width)
    assert [int(place[0]) for place in spots.stored(orientation).pixels(6, 9)] == [1, 2]
