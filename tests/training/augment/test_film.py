"""Crops and old film: input and target stay one picture."""

from __future__ import annotations

import numpy as np
import pytest

from photochrom.color.lab import rgb_to_lab
from photochrom.training.augment import (
    EMULSIONS,
    blur,
    centre_crop,
    make_batch,
    old_film,
    quarter_size,
    random_crop,
    spectral_response,
)
from photochrom.training.recipe import CropRecipe, FilmRecipe

CLEAN = FilmRecipe(share=1.0, spectral=0.0, gamma=0.0, fade=0.0, grain=0.0, blur_px=0.0)


@pytest.fixture
def crops(rng: np.random.Generator) -> np.ndarray:
    return rng.integers(0, 256, (4, 32, 32, 3), dtype=np.uint8)


def test_clean_input_is_the_photos_own_lightness(crops: np.ndarray) -> None:
    batch = make_batch(crops, FilmRecipe(share=0.0), np.random.default_rng(0))
    assert np.allclose(batch.lightness[2, 0], rgb_to_lab(crops[2])[0], atol=1e-3)


def test_film_without_faults_is_the_photos_own_lightness(crops: np.ndarray) -> None:
    lightness = old_film(crops[0], CLEAN, np.random.default_rng(0))
    assert np.abs(lightness - rgb_to_lab(crops[0])[0]).max() < 0.05


def test_only_the_share_of_the_batch_becomes_old_film(crops: np.ndarray) -> None:
    batch = make_batch(crops, FilmRecipe(share=0.5), np.random.default_rng(0))
    own = [np.allclose(batch.lightness[i, 0], rgb_to_lab(crops[i])[0], atol=1e-3) for i in range(4)]
    assert own == [False, False, True, True]


def test_the_target_is_the_photos_colour_whatever_the_film_did(crops: np.ndarray) -> None:
    rng = np.random.default_rng(0)
    with_film = make_batch(crops, FilmRecipe(share=1.0), rng)
    without = make_batch(crops, FilmRecipe(share=0.0), rng)
    assert np.array_equal(with_film.ab, without.ab)
    assert with_film.ab.shape == (4, 8, 8, 2)


def test_input_and_target_are_cut_from_one_crop() -> None:
    photo = np.zeros((64, 64, 3), np.uint8)
    photo[:, :32] = (255, 0, 0)  # red is lighter than the blue beside it
    photo[:, 32:] = (0, 0, 255)
    for seed in range(8):
        rng = np.random.default_rng(seed)
        crop = random_crop(photo, 32, CropRecipe(least_area=0.9), rng)
        batch = make_batch(crop[None], FilmRecipe(share=0.0), rng)
        light = batch.lightness[0, 0].reshape(8, 4, 8, 4).mean(axis=(1, 3)) > 43
        red = batch.ab[0, :, :, 1] > 0
        assert (light == red).mean() > 0.85


def test_a_flip_turns_the_whole_crop() -> None:
    photo = np.tile(np.arange(64, dtype=np.uint8)[None, :, None], (64, 1, 3))
    recipe = CropRecipe(least_area=1.0, aspect=1.0)
    directions = {
        bool(random_crop(photo, 32, recipe, np.random.default_rng(seed))[0, 0, 0] < 32)
        for seed in range(16)
    }
    assert directions == {True, False}


def test_orthochromatic_film_does_not_see_red() -> None:
    blue_only = EMULSIONS[0] / EMULSIONS[0].sum()
    assert blue_only[0] == 0
    assert np.allclose(
        [spectral_response(1.0, np.random.default_rng(s)).sum() for s in range(9)], 1
    )


def test_old_film_stays_a_lightness(crops: np.ndarray) -> None:
    for seed in range(20):
        lightness = old_film(crops[0], FilmRecipe(), np.random.default_rng(seed))
        assert lightness.dtype == np.float32
        assert lightness.min() >= 0
        assert lightness.max() <= 100


def test_black_stays_black_whatever_the_film() -> None:
    black = np.zeros((8, 8, 3), np.uint8)
    for seed in range(40):
        assert np.isfinite(old_film(black, FilmRecipe(), np.random.default_rng(seed))).all()


def test_blur_keeps_the_mean_and_smooths(rng: np.random.Generator) -> None:
    plane = rng.random((32, 32), dtype=np.float32)
    blurred = blur(plane, 1.0)
    assert abs(blurred.mean() - plane.mean()) < 0.01
    assert blurred.std() < 0.5 * plane.std()


def test_quarter_size_is_the_mean_of_sixteen_pixels(crops: np.ndarray) -> None:
    means = crops.reshape(4, 8, 4, 8, 4, 3).mean(axis=(2, 4))
    assert np.abs(quarter_size(crops) - means).max() <= 0.5


def test_the_centre_crop_is_the_middle() -> None:
    photo = np.zeros((40, 80, 3), np.uint8)
    photo[:, 20:60] = 200
    assert centre_crop(photo, 40).min() == 200
