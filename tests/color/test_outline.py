"""Outlines of pictures: lines where things meet, paper elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from photochrom.color.outline import SHARE, STEEPNESS, draw_outline, xdog


def disc(size: int, inside: int, outside: int) -> np.ndarray:
    y, x = np.mgrid[:size, :size] - size / 2 + 0.5
    is_inside = x**2 + y**2 < (0.3 * size) ** 2
    return np.repeat(np.where(is_inside, inside, outside)[..., None], 3, axis=2).astype(np.uint8)


@pytest.mark.parametrize("level", [0, 30, 128, 255])
def test_a_flat_surface_is_paper_however_dark(level: int) -> None:
    flat = np.full((40, 50, 3), level, np.uint8)
    assert (draw_outline(flat) == 255).all()


def test_the_edge_of_a_thing_is_a_dark_line() -> None:
    outline = draw_outline(disc(128, 60, 200), sigma_px=0.9)
    y, x = np.mgrid[:128, :128] - 63.5
    radius = np.hypot(x, y)
    on_edge = np.abs(radius - 0.3 * 128) < 2
    assert outline[on_edge].min() < 20
    assert (outline[np.abs(radius - 0.3 * 128) > 6] == 255).all()


def test_lines_lie_on_the_dark_side_of_an_edge() -> None:
    step = np.full((32, 64, 3), 200, np.uint8)
    step[:, :32] = 50
    row = draw_outline(step, sigma_px=1.0)[16]
    assert 28 <= int(row.argmin()) < 32
    assert (row[33:] == 255).all()


def test_a_wider_pen_draws_wider_lines() -> None:
    picture = disc(128, 60, 200)
    dark = [(draw_outline(picture, sigma_px=width) < 128).sum() for width in (0.5, 1.0, 2.0)]
    assert dark[0] < dark[1] < dark[2]


def test_the_pen_grows_with_the_picture() -> None:
    shares = [(draw_outline(disc(size, 60, 200)) < 128).mean() for size in (256, 512)]
    assert shares[1] == pytest.approx(shares[0], rel=0.25)


def test_ink_is_one_plus_the_hyperbolic_tangent_of_the_difference() -> None:
    point = np.ones((33, 33), np.float32)
    point[16, 16] = 0.7
    narrow = 1 - 0.3 * 0.1621  # the middle of a Gaussian with σ = 1, cut at 2 pixels
    wide = 1 - 0.3 * 0.0627  # with σ = 1.6, cut at 4
    expected = 1 + np.tanh(STEEPNESS * (narrow - SHARE * wide))
    assert expected == pytest.approx(0.613, abs=0.002)
    assert xdog(point, sigma_px=1.0)[16, 16] == pytest.approx(expected, abs=0.003)


def test_sixteen_bit_pictures_are_drawn_alike() -> None:
    picture = disc(64, 60, 200)
    deep = picture.astype(np.uint16) * 257
    assert np.abs(draw_outline(picture).astype(int) - draw_outline(deep)).max() <= 1
