"""Hints in training: places of the picture, their mean colour, nothing in most pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from photochrom.color.lab import rgb_to_lab
from photochrom.training.augment.hints import (
    MOST_SIDE_PX,
    Place,
    hint_planes,
    random_places,
    random_point,
    random_stroke,
)
from photochrom.training.recipe import HintRecipe

PX = 48


@dataclass(frozen=True)
class Picture:
    rgb: NDArray[np.uint8]
    hints: tuple[Place, ...] = ()


def picture(*hints: Place) -> Picture:
    rgb = np.full((PX, PX, 3), (40, 90, 200), np.uint8)
    rgb[:, PX // 2 :] = (200, 30, 30)
    return Picture(rgb, hints)


def square(top: int, left: int, side: int) -> Place:
    rows, columns = np.mgrid[top : top + side, left : left + side]
    return rows.ravel(), columns.ravel()


def colour(red: int, green: int, blue: int) -> list[float]:
    return [float(v) for v in rgb_to_lab(np.array([[[red, green, blue]]], np.uint8))[1][0, 0]]


def test_a_place_tells_its_colour_and_nothing_else_is_told() -> None:
    planes = hint_planes([picture(square(3, 5, 4)), picture()])
    assert planes.shape == (2, 3, PX, PX)
    assert planes[0, :2, 4, 6].tolist() == pytest.approx(colour(40, 90, 200), abs=0.01)
    assert planes[0, 2].sum() == 16
    assert not planes[1].any()


def test_a_place_across_two_colours_tells_that_of_its_first_pixel() -> None:
    planes = hint_planes([picture(square(8, PX // 2 - 2, 4))])
    assert planes[0, 2].sum() == 1
    assert planes[0, :2, 8, PX // 2 - 2].tolist() == pytest.approx(colour(40, 90, 200), abs=0.01)


def test_places_lie_within_the_picture() -> None:
    rng = np.random.default_rng(4)
    for make in (random_point, random_stroke):
        for _ in range(300):
            rows, columns = make(PX, rng)
            assert len(rows) == len(columns) > 0
            assert min(rows.min(), columns.min()) >= 0
            assert max(rows.max(), columns.max()) < PX
    assert len(random_point(PX, rng)[0]) <= MOST_SIDE_PX**2


def test_as_many_pictures_have_hints_as_the_recipe_says() -> None:
    rng = np.random.default_rng(5)
    recipe = HintRecipe(share=0.25, most=20)
    counts = [len(random_places(PX, recipe, rng)) for _ in range(2000)]
    assert np.mean(np.array(counts) > 0) == pytest.approx(0.25, abs=0.04)
    assert max(counts) == 20
    assert np.median([count for count in counts if count]) < 8  # few are as likely as many
    assert not any(random_places(PX, HintRecipe(share=0.0), rng) for _ in range(50))
