"""From an example to a sample: input and target stay one picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from photochrom.color.lab import rgb_to_lightness
from photochrom.training.data.examples import Example
from photochrom.training.recipe import (
    CropRecipe,
    DataRecipe,
    FilmRecipe,
    OutlineRecipe,
    Recipe,
)
from photochrom.training.samples import held_out_sample, random_sample

PLAIN = Recipe(name="plain", film=FilmRecipe(share=0.0))


def scene(height: int = 64, width: int = 96) -> np.ndarray:
    """Red on the left, blue on the right, darker towards the bottom."""
    rgb = np.zeros((height, width, 3), np.float32)
    rgb[:, : width // 2] = (250, 60, 40)
    rgb[:, width // 2 :] = (30, 60, 220)
    rgb *= np.linspace(1, 0.3, height)[:, None, None]
    return rgb.astype(np.uint8)


def pair() -> Example:
    """A scene and, as its input, the same scene's red: light where the scene is red."""
    rgb = scene()
    return Example(rgb, rgb[..., 0].copy())


def test_clean_input_is_left_to_be_the_targets_own_lightness() -> None:
    sample = random_sample(Example(scene()), 32, PLAIN, np.random.default_rng(0))
    assert sample.rgb.shape == (32, 32, 3)
    assert sample.lightness is None


def test_film_is_made_for_the_share_of_the_samples() -> None:
    recipe = replace(PLAIN, film=FilmRecipe(share=0.3))
    filmed = [
        random_sample(Example(scene()), 32, recipe, np.random.default_rng(seed)).lightness
        is not None
        for seed in range(300)
    ]
    assert np.mean(filmed) == pytest.approx(0.3, abs=0.08)


@pytest.mark.parametrize("seed", range(8))
def test_every_augmentation_of_a_pair_befalls_both_halves(seed: int) -> None:
    recipe = replace(
        PLAIN,
        data=DataRecipe(layout="pairs", input="given"),
        crop=CropRecipe(least_area=0.3, vertical_flip=True, aspect=1.3),
    )
    sample = random_sample(pair(), 32, recipe, np.random.default_rng(seed))
    assert sample.lightness is not None
    red = np.repeat(sample.rgb[..., :1], 3, axis=2)
    assert np.abs(sample.lightness - rgb_to_lightness(red)).max() < 1.5


def test_an_outline_is_drawn_from_the_crop_itself() -> None:
    recipe = replace(PLAIN, data=DataRecipe(input="outline"), crop=CropRecipe(least_area=0.9))
    for seed in range(6):
        sample = random_sample(Example(scene()), 64, recipe, np.random.default_rng(seed))
        assert sample.lightness is not None
        edge = np.abs(np.diff(sample.rgb[..., 0].astype(int), axis=1)).mean(axis=0).argmax()
        ink = (100 - sample.lightness).mean(axis=0).argmax()
        assert abs(int(edge) - int(ink)) <= 2
        assert sample.lightness.max() == pytest.approx(100, abs=0.1)


def test_outlines_are_inverted_as_often_as_asked() -> None:
    recipe = replace(
        PLAIN, data=DataRecipe(input="outline"), outline=OutlineRecipe(invert_share=0.25)
    )
    samples = [
        random_sample(Example(scene()), 32, recipe, np.random.default_rng(seed))
        for seed in range(200)
    ]
    is_dark = [s.lightness is not None and np.median(s.lightness) < 50 for s in samples]
    assert np.mean(is_dark) == pytest.approx(0.25, abs=0.09)


def test_outlines_that_came_with_a_pair_are_inverted_too() -> None:
    given = DataRecipe(layout="pairs", input="given")
    plain, inverted = (
        random_sample(
            pair(),
            32,
            replace(PLAIN, data=given, outline=OutlineRecipe(invert_share=share)),
            np.random.default_rng(5),
        )
        for share in (0.0, 1.0)
    )
    assert plain.lightness is not None
    assert inverted.lightness is not None
    assert np.array_equal(plain.rgb, inverted.rgb)
    light, dark = plain.lightness.argmax(), plain.lightness.argmin()
    assert inverted.lightness.flat[light] < inverted.lightness.flat[dark]


def test_jitter_changes_the_target_before_its_input_is_made() -> None:
    film = FilmRecipe(1.0, spectral=0, gamma=0, fade=0, grain=0, blur_px=0, uneven=0, dust=0)
    recipe = replace(PLAIN, film=film, crop=CropRecipe(jitter=0.4))
    targets = []
    for seed in range(6):
        sample = random_sample(Example(scene()), 32, recipe, np.random.default_rng(seed))
        assert sample.lightness is not None
        assert np.abs(sample.lightness - rgb_to_lightness(sample.rgb)).max() < 0.05
        targets.append(sample.rgb.mean())
    assert np.ptp(targets) > 10


def test_held_out_samples_are_the_middle_without_any_chance() -> None:
    example = pair()
    for source in ("grey", "given", "outline"):
        recipe = replace(
            PLAIN,
            data=DataRecipe(layout="pairs", input=source),
            film=FilmRecipe(share=1.0),
            crop=CropRecipe(jitter=0.5),
            outline=OutlineRecipe(invert_share=1.0),
        )
        once, again = (held_out_sample(example, 32, recipe) for _ in range(2))
        assert np.array_equal(once.rgb, again.rgb)
        assert (once.lightness is None) == (source == "grey")
        if once.lightness is not None:
            assert np.array_equal(once.lightness, again.lightness)
            assert once.lightness.max() > 60  # an outline is dark on white


def test_an_example_without_an_input_is_a_mistake_in_the_program() -> None:
    recipe = replace(PLAIN, data=DataRecipe(layout="pairs", input="given"))
    with pytest.raises(ValueError, match="an example has none"):
        random_sample(Example(scene()), 32, recipe, np.random.default_rng(0))
