"""Drawings: paper and ink told apart, paint found under the lines, lines laid on at full size."""

from __future__ import annotations

import numpy as np
import pytest

from photochrom.color.drawing import (
    dark_on_white,
    is_light_on_dark,
    merge_drawing,
    on_paper,
    paint_under,
)
from photochrom.color.lab import rgb_to_lab
from photochrom.color.resize import shrink

RED, BLUE = (0.8, 0.3, 0.2), (0.3, 0.4, 0.9)


def drawn(height: int = 240, width: int = 320, *, line_px: int = 2) -> np.ndarray:
    """A frame and a line down its middle, black on white."""
    outline = np.full((height, width), 255, np.uint8)
    outline[20:-20, 20:-20] = 0
    outline[20 + line_px : -20 - line_px, 20 + line_px : -20 - line_px] = 255
    outline[20:-20, width // 2 - line_px // 2 : width // 2 + (line_px + 1) // 2] = 0
    return outline


def painted(outline: np.ndarray, height: int = 60, width: int = 80) -> np.ndarray:
    """What a faithful model gives for it, small: red on the left, blue on the right, its lines."""
    ink = shrink(outline, height, width) / 255
    paint = np.empty((height, width, 3), np.float32)
    paint[:, : width // 2], paint[:, width // 2 :] = RED, BLUE
    return np.rint(ink[..., None] * paint * 65535).astype(np.uint16)


def sixteen_bits(outline: np.ndarray) -> np.ndarray:
    return outline.astype(np.uint16) * 257


def test_white_on_black_is_turned_round() -> None:
    outline = drawn()
    assert not is_light_on_dark(outline)
    assert is_light_on_dark(255 - outline)
    assert np.array_equal(dark_on_white(255 - outline), outline)
    assert dark_on_white(outline) is outline
    deep = sixteen_bits(outline)
    assert np.array_equal(dark_on_white(65535 - deep), deep)


def test_one_pixel_of_paper_is_paper() -> None:
    assert is_light_on_dark(np.zeros((1, 1), np.uint8))
    assert not is_light_on_dark(np.full((1, 1), 255, np.uint8))


@pytest.mark.parametrize("hidden", [0, 128, 255])
@pytest.mark.parametrize("ink", [0, 255])
def test_clear_paper_is_put_under_lines_of_any_lightness(hidden: int, ink: int) -> None:
    outline = drawn()
    alpha = 255 - outline
    grey = np.where(alpha > 0, ink, hidden).astype(np.uint8)
    assert np.array_equal(dark_on_white(on_paper(grey, alpha)), outline)


@pytest.mark.parametrize("paper", [0, 255])
def test_a_clear_margin_becomes_as_the_paper(paper: int) -> None:
    outline = drawn() if paper else 255 - drawn()
    alpha = np.full(outline.shape, 255, np.uint8)
    alpha[:10] = 0
    garbled = outline.copy()
    garbled[:10] = 90
    assert np.array_equal(on_paper(garbled, alpha), outline)


def test_nothing_but_clear_is_white_paper() -> None:
    clear = np.zeros((9, 9), np.uint8)
    assert np.array_equal(on_paper(clear, clear), clear + 255)


def test_lines_are_as_sharp_and_dark_as_the_drawings_own() -> None:
    outline = drawn()
    rgb = merge_drawing(outline, painted(outline))
    assert rgb.shape == (240, 320, 3)
    assert rgb.dtype == np.uint8
    assert rgb[outline == 0].max() == 0


def test_paint_beside_a_line_keeps_its_colour() -> None:
    outline = drawn()
    rgb = merge_drawing(outline, painted(outline)).astype(int)
    left, right = rgb[30:-30, 30:154], rgb[30:-30, 166:290]
    assert np.abs(left - np.rint(np.array(RED) * 255)).max() <= 2
    assert np.abs(right - np.rint(np.array(BLUE) * 255)).max() <= 2
    at_line = rgb[100, 161:164]  # the first paint to the right: a mixture, but none of its line
    assert at_line.sum(axis=1).min() > 0.95 * min(sum(RED), sum(BLUE)) * 255


def test_paint_under_a_line_is_that_of_its_neighbours() -> None:
    ink = np.ones((20, 20), np.float32)
    ink[:, 9:11] = 0
    paint = np.full((20, 20, 3), RED, np.float32)
    assert np.allclose(paint_under(ink, paint * ink[..., None]), paint, atol=2e-3)


def test_paint_on_bare_paper_is_what_was_painted(rng) -> None:
    paint = rng.uniform(0, 1, (20, 20, 3)).astype(np.float32)
    assert np.abs(paint_under(np.ones((20, 20), np.float32), paint) - paint).max() < 0.02


@pytest.mark.parametrize("size", [(1, 1), (3, 500), (240, 320)])
def test_any_size_takes_paint_of_any_size(size: tuple[int, int], rng) -> None:
    outline = rng.integers(0, 256, size, dtype=np.uint8)
    paint = rng.integers(0, 65536, (16, 24, 3), dtype=np.uint16)
    assert merge_drawing(outline, paint).shape == (*size, 3)


def test_sixteen_bits_stay_sixteen() -> None:
    outline = drawn()
    deep = merge_drawing(sixteen_bits(outline), painted(outline))
    assert deep.dtype == np.uint16
    eight = merge_drawing(outline, painted(outline))
    assert np.abs(deep / 257 - eight).max() <= 0.51


def test_strips_on_threads_change_nothing() -> None:
    outline = drawn(700, 900)
    paint = painted(outline)
    alone = merge_drawing(outline, paint, threads=1)
    assert np.array_equal(alone, merge_drawing(outline, paint, threads=3))


def test_strength_scales_chroma_and_keeps_lightness() -> None:
    outline = drawn()
    half, full = (
        rgb_to_lab(merge_drawing(outline, painted(outline), strength=s)) for s in (0.5, 1.0)
    )
    grey = merge_drawing(outline, painted(outline), strength=0)
    assert np.ptp(grey.astype(int), axis=2).max() <= 1
    assert np.abs(half[1] - full[1] / 2).mean() < 1.5
    assert np.abs(half[0] - full[0]).mean() < 1.5


def test_arrays_of_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="outline"):
        merge_drawing(drawn(), np.zeros((4, 4, 2), np.uint16))
