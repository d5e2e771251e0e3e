"""Batches made on the device: the same recipe, pictures and odds as on the CPU."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from photochrom.color.lab import rgb_to_lab
from photochrom.color.quantized_ab import table_index as table_index_of_arrays
from photochrom.errors import InputError
from photochrom.training.augment.film import old_film as old_film_of_one
from photochrom.training.batches import BatchMaker, Prefetcher
from photochrom.training.data.examples import Examples, open_examples
from photochrom.training.feed import source_of
from photochrom.training.loop import train
from photochrom.training.recipe import DataRecipe, FilmRecipe, HintRecipe, Recipe
from photochrom.training.resident.batches import ResidentBatches, table_index
from photochrom.training.resident.chance import Chance
from photochrom.training.resident.film import old_film, spectral_response
from photochrom.training.resident.hints import hint_planes

CPU = torch.device("cpu")
EVERYTHING = frozenset({"rgb", "ab", "index"})


@pytest.fixture
def examples(photos: Path, tmp_path: Path) -> Examples:
    recipe = DataRecipe(paths=(str(photos),), validation_share=0.25)
    return open_examples(recipe, tmp_path, on_progress=lambda *_: None)


def maker(examples: Examples, **changes: object) -> BatchMaker:
    return BatchMaker(examples, replace(Recipe(name="any"), **changes), EVERYTHING, stride=4)


def test_a_batch_has_the_shapes_and_ranges_of_the_cpus(examples: Examples) -> None:
    made = maker(examples, hints=HintRecipe(share=0.9))
    ours, theirs = ResidentBatches(made, CPU).take(3, 6, 32), made.make(3, 6, 32)
    for one, other in zip(
        (*ours.given, *ours.truth.all()), (*theirs.given, *theirs.truth.all()), strict=True
    ):
        assert one is not None
        assert other is not None
        assert (one.shape, one.dtype) == (other.shape, other.dtype)
    assert 0 <= float(ours.lightness.min()) <= float(ours.lightness.max()) <= 100


def test_the_same_numbers_give_the_same_batch_and_others_another(examples: Examples) -> None:
    batches = ResidentBatches(maker(examples), CPU)
    once, again, other = (batches.take(first, 4, 32).lightness for first in (8, 8, 12))
    assert torch.equal(once, again)
    assert not torch.equal(once, other)


def test_the_pictures_come_in_the_cpus_order(examples: Examples) -> None:
    made = maker(examples)
    total = len(examples)
    seen = ResidentBatches(made, CPU).chosen(0, total)
    assert len(set(seen.tolist())) == total
    for place in range(total):
        expected = examples.training(made.recipe.run.seed, 0, place).rgb
        assert np.array_equal(made.examples.cache.photo(int(seen[place])), expected)  # type: ignore[attr-defined]


def test_the_look_up_table_is_the_same() -> None:
    ab = torch.rand(2, 2, 9, 7, generator=torch.Generator().manual_seed(2)) * 240 - 120
    expected = table_index_of_arrays(ab.permute(0, 2, 3, 1).numpy())
    assert torch.equal(table_index(ab), torch.from_numpy(expected))


def test_film_without_damage_is_the_photo_through_its_emulsion() -> None:
    plain = FilmRecipe(
        share=1.0, spectral=0.0, gamma=0.0, fade=0.0, grain=0.0, blur_px=0.0, uneven=0.0, dust=0.0
    )
    rgb = torch.rand(3, 3, 20, 24, generator=torch.Generator().manual_seed(5))
    levels = (rgb * 255).round() / 255
    ours = old_film(levels, plain, Chance(1, 3, CPU))
    for picture, tone in zip(levels, ours, strict=True):
        array = (picture.permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)
        expected = old_film_of_one(array, plain, np.random.default_rng(1))
        assert np.abs(tone[0].numpy() - expected).max() < 0.1


def test_film_is_as_various_as_the_cpus() -> None:
    """Mean and spread over pictures, and roughness within them, of many random films."""
    rng, count = np.random.default_rng(3), 256
    rows, columns = np.mgrid[:32, :32] / 32
    array = (np.stack([rows, columns, 1 - rows], axis=2) * 255).astype(np.uint8)
    theirs = np.stack([old_film_of_one(array, FilmRecipe(), rng) for _ in range(count)])
    rgb = torch.from_numpy(array).permute(2, 0, 1)[None].float().expand(count, -1, -1, -1) / 255
    ours = old_film(rgb, FilmRecipe(), Chance(9, count, CPU))[:, 0].numpy()

    def facts(films: np.ndarray) -> list[float]:
        return [
            films.mean(),
            films.mean(axis=(1, 2)).std(),
            films.std(axis=(1, 2)).mean(),
            np.abs(np.diff(films, axis=2)).mean(),
        ]

    assert facts(ours) == pytest.approx(facts(theirs), rel=0.12)


def test_emulsions_take_all_of_the_light() -> None:
    response = spectral_response(1.0, Chance(2, 64, CPU))
    assert response.shape == (64, 3, 1, 1)
    assert response.sum(dim=1).flatten().tolist() == pytest.approx([1.0] * 64)
    assert float(response.min()) >= 0


def test_hints_tell_the_true_colours() -> None:
    array = np.full((1, 2, 3), (40, 90, 200), np.uint8)
    array[:, 1] = (200, 30, 30)
    colours = torch.from_numpy(rgb_to_lab(array)[1][0])
    ab = torch.empty(300, 2, 32, 32)
    ab[..., :16], ab[..., 16:] = (colours[i][None, :, None, None] for i in (0, 1))
    planes = hint_planes(ab, HintRecipe(share=0.3, most=8), Chance(4, 300, CPU))
    told = planes[:, 2] > 0
    assert float(told.flatten(1).any(dim=1).float().mean()) == pytest.approx(0.3, abs=0.08)
    for half, colour in ((slice(0, 12), colours[0]), (slice(20, 32), colours[1])):
        found = planes[:, :2, :, half].permute(0, 2, 3, 1)[told[:, :, half]]
        is_own = (found - colour).norm(dim=1) < 0.1
        assert float(is_own.float().mean()) > 0.9  # the rest: strokes from beyond the border
    assert not planes[:, :2].permute(0, 2, 3, 1)[~told].any()


def test_a_run_learns_from_batches_made_on_the_device(
    tiny_recipe: Callable[..., Recipe], tmp_path: Path
) -> None:
    recipe = tiny_recipe("data.resident=on", "run.steps=3")
    assert train(recipe, tmp_path / "run", cache_folder=tmp_path, quiet=True).exists()


def test_who_cannot_have_it_says_why(examples: Examples) -> None:
    assert isinstance(source_of(maker(examples), CPU), Prefetcher)
    outlines = DataRecipe(input="outline", resident="on")
    with pytest.raises(InputError, match="only photographs made grey"):
        source_of(maker(examples, data=outlines), CPU)
    assert isinstance(
        source_of(maker(examples, data=DataRecipe(resident="on")), CPU), ResidentBatches
    )
