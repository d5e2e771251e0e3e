"""One random square for target and input alike."""

from __future__ import annotations

import numpy as np
import pytest

from photochrom.training.augment.crop import Crop, centre_crop, random_crop
from photochrom.training.recipe import CropRecipe


def gradient(height: int, width: int) -> np.ndarray:
    """Brightness by column, grows to the right."""
    row = np.linspace(0, 255, width).astype(np.uint8)
    return np.repeat(np.tile(row, (height, 1))[..., None], 3, axis=2)


def test_two_pictures_of_one_scene_give_the_same_part_whatever_their_sizes() -> None:
    colour, small = gradient(128, 192), gradient(64, 96)[..., 0]
    for seed in range(12):
        crop = random_crop(128, 192, CropRecipe(vertical_flip=True), np.random.default_rng(seed))
        ours, given = crop.cut(colour, 32)[..., 0].astype(int), crop.cut(small, 32).astype(int)
        assert np.abs(ours - given).max() <= 3


def test_flips_turn_the_whole_crop() -> None:
    recipe = CropRecipe(least_area=1.0, aspect=1.0, vertical_flip=True)
    crops = [random_crop(64, 64, recipe, np.random.default_rng(seed)) for seed in range(40)]
    assert {(crop.is_mirrored, crop.is_upside_down) for crop in crops} == {
        (False, False),
        (True, False),
        (False, True),
        (True, True),
    }
    picture = np.arange(64, dtype=np.uint8).reshape(8, 8)
    whole = (0.0, 0.0, 1.0, 1.0)
    assert np.array_equal(Crop(whole, is_mirrored=True).cut(picture, 8), picture[:, ::-1])
    assert np.array_equal(Crop(whole, is_upside_down=True).cut(picture, 8), picture[::-1])


def test_no_flips_where_the_recipe_has_none() -> None:
    recipe = CropRecipe(flip=False)
    crops = [random_crop(48, 64, recipe, np.random.default_rng(seed)) for seed in range(20)]
    assert not any(crop.is_mirrored or crop.is_upside_down for crop in crops)


def test_pix2pix_resize_and_crop_is_an_area() -> None:
    area = (256 / 286) ** 2
    recipe = CropRecipe(least_area=area, most_area=area, aspect=1.0)
    left, top, right, bottom = random_crop(512, 512, recipe, np.random.default_rng(3)).box
    assert (right - left) * 286 == pytest.approx(256)
    assert (bottom - top) * 286 == pytest.approx(256)


def test_crops_lie_within_the_picture_and_keep_their_area() -> None:
    recipe = CropRecipe(least_area=0.3, most_area=0.6, aspect=1.2)
    shares = []
    for seed in range(60):
        left, top, right, bottom = random_crop(60, 97, recipe, np.random.default_rng(seed)).box
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
        width, height = (right - left) * 97, (bottom - top) * 60
        shares.append(width * height / 60**2)
        assert 1 / 1.2 <= width / height <= 1.2 + 1e-9
    assert min(shares) > 0.299
    assert max(shares) < 0.601


def test_the_centre_crop_is_the_middle() -> None:
    photo = np.zeros((40, 80, 3), np.uint8)
    photo[:, 20:60] = 200
    assert centre_crop(photo, 40).min() == 200
