"""Grey as old film saw it."""

from __future__ import annotations

import numpy as np
import pytest

from photochrom.color.lab import rgb_to_lab
from photochrom.training.augment.damage import add_dust, uneven_light
from photochrom.training.augment.film import EMULSIONS, grain, old_film, spectral_response
from photochrom.training.recipe import FilmRecipe

CLEAN = FilmRecipe(spectral=0.0, gamma=0.0, fade=0.0, grain=0.0, blur_px=0.0, uneven=0.0, dust=0.0)


@pytest.fixture
def crop(rng: np.random.Generator) -> np.ndarray:
    return rng.integers(0, 256, (32, 48, 3), dtype=np.uint8)


def test_film_without_faults_is_the_photos_own_lightness(crop: np.ndarray) -> None:
    lightness = old_film(crop, CLEAN, np.random.default_rng(0))
    assert np.abs(lightness - rgb_to_lab(crop)[0]).max() < 0.05


def test_orthochromatic_film_does_not_see_red() -> None:
    blue_only = EMULSIONS[0] / EMULSIONS[0].sum()
    assert blue_only[0] == 0
    responses = [spectral_response(1.0, np.random.default_rng(seed)) for seed in range(9)]
    assert np.allclose([response.sum() for response in responses], 1)


def test_red_lips_are_dark_on_some_film_and_light_on_other() -> None:
    red = np.full((8, 8, 3), (200, 30, 30), np.uint8)
    only_spectral = FilmRecipe(
        spectral=1.0, gamma=0.0, fade=0.0, grain=0.0, blur_px=0.0, uneven=0.0, dust=0.0
    )
    seen = [old_film(red, only_spectral, np.random.default_rng(seed)).mean() for seed in range(40)]
    assert min(seen) < 15
    assert max(seen) > 60


def test_old_film_stays_a_lightness(crop: np.ndarray) -> None:
    for seed in range(20):
        lightness = old_film(crop, FilmRecipe(dust=1.0), np.random.default_rng(seed))
        assert lightness.dtype == np.float32
        assert lightness.shape == (32, 48)
        assert lightness.min() >= 0
        assert lightness.max() <= 100


def test_black_stays_a_number_whatever_the_film() -> None:
    black = np.zeros((8, 8, 3), np.uint8)
    for seed in range(40):
        assert np.isfinite(old_film(black, FilmRecipe(), np.random.default_rng(seed))).all()


def test_grain_is_as_strong_alone_as_in_clumps() -> None:
    deviations = [grain((64, 64), 0.1, np.random.default_rng(seed)).std() for seed in range(60)]
    assert max(deviations) < 0.115
    assert np.mean(deviations) == pytest.approx(0.05, abs=0.012)


def test_dust_is_a_small_part_of_the_picture_dark_or_light() -> None:
    changed = []
    for seed in range(30):
        tone = np.full((64, 96), 0.5, np.float32)
        add_dust(tone, np.random.default_rng(seed))
        assert tone.min() >= 0
        assert tone.max() <= 1
        changed.append(((tone < 0.45).mean(), (tone > 0.55).mean()))
    dark, light = np.array(changed).T
    assert 0 < dark.max() < 0.06
    assert 0 < light.max() < 0.06


def test_dust_finds_its_place_in_the_smallest_picture() -> None:
    for seed in range(50):
        add_dust(np.full((3, 2), 0.5, np.float32), np.random.default_rng(seed))


def test_light_drifts_slowly_and_within_its_limit() -> None:
    factors = [uneven_light((40, 60), 0.2, np.random.default_rng(seed)) for seed in range(20)]
    assert all(np.abs(factor - 1).max() <= 0.2 for factor in factors)
    assert max(np.abs(np.diff(factor, axis=1)).max() for factor in factors) < 0.02
