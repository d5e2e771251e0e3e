"""Batches by number: whoever makes a sample, in whatever company, makes the same."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from photochrom.color.lab import rgb_to_lab
from photochrom.color.quantized_ab import table_index
from photochrom.errors import InputError
from photochrom.training.batches import (
    BatchMaker,
    Prefetcher,
    TensorBatch,
    joined,
    shrunk,
    validation_batch,
)
from photochrom.training.data.examples import Examples, open_examples
from photochrom.training.recipe import CropRecipe, DataRecipe, FilmRecipe, Recipe, RunRecipe

EVERYTHING = frozenset({"rgb", "ab", "index"})


@pytest.fixture
def examples(photos: Path, tmp_path: Path) -> Examples:
    recipe = DataRecipe(paths=(str(photos),), validation_share=0.25)
    return open_examples(recipe, tmp_path, on_progress=lambda done, total: None)


@pytest.fixture
def recipe() -> Recipe:
    return Recipe(name="all", film=FilmRecipe(share=0.5), crop=CropRecipe(jitter=0.2))


def same(one: TensorBatch, other: TensorBatch) -> bool:
    pairs = zip(one.truth.all(), other.truth.all(), strict=True)
    return torch.equal(one.lightness, other.lightness) and all(
        a is b is None or (a is not None and b is not None and torch.equal(a, b)) for a, b in pairs
    )


def test_shapes_and_ranges_are_as_promised(examples: Examples, recipe: Recipe) -> None:
    for stride in (1, 4):
        batch = BatchMaker(examples, recipe, EVERYTHING, stride).make(0, 5, 32)
        truth = batch.truth
        assert truth.rgb is not None
        assert truth.ab is not None
        assert truth.index is not None
        assert batch.lightness.shape == (5, 1, 32, 32)
        assert truth.rgb.shape == (5, 3, 32, 32)
        assert truth.ab.shape == (5, 2, 32 // stride, 32 // stride)
        assert truth.index.shape == (5, 32 // stride, 32 // stride)
        assert batch.lightness.dtype == truth.rgb.dtype == truth.ab.dtype == torch.float32
        assert truth.index.dtype == torch.int64
        assert 0 <= float(batch.lightness.min()) < float(batch.lightness.max()) <= 100.01
        assert 0 <= float(truth.rgb.min()) < float(truth.rgb.max()) <= 1


def test_only_what_is_wanted_is_made(examples: Examples, recipe: Recipe) -> None:
    truth = BatchMaker(examples, recipe, frozenset({"rgb"})).make(0, 2, 32).truth
    assert truth.ab is None
    assert truth.index is None
    with pytest.raises(ValueError, match="depth"):
        BatchMaker(examples, recipe, frozenset({"depth"}))


def test_the_sides_of_the_truth_are_one_picture(examples: Examples, recipe: Recipe) -> None:
    clean = replace(recipe, film=FilmRecipe(share=0.0))
    batch = BatchMaker(examples, clean, EVERYTHING).make(0, 4, 32)
    assert batch.truth.rgb is not None
    assert batch.truth.ab is not None
    assert batch.truth.index is not None
    for i in range(4):
        rgb = (batch.truth.rgb[i].permute(1, 2, 0) * 255).round().byte().numpy()
        lightness, ab = rgb_to_lab(rgb)
        assert np.allclose(batch.lightness[i, 0], lightness, atol=1e-3)
        assert np.allclose(batch.truth.ab[i].permute(1, 2, 0), ab, atol=1e-3)
        assert np.array_equal(batch.truth.index[i], table_index(ab))


def test_the_target_is_the_photos_colour_whatever_the_film_did(
    examples: Examples, recipe: Recipe
) -> None:
    plain = replace(recipe, crop=CropRecipe())
    with_film, without = (
        BatchMaker(examples, replace(plain, film=FilmRecipe(share=share)), EVERYTHING)
        for share in (1.0, 0.0)
    )
    filmed, clean = with_film.make(3, 6, 32), without.make(3, 6, 32)
    assert all(
        torch.equal(a, b)
        for a, b in zip(filmed.truth.all(), clean.truth.all(), strict=True)
        if a is not None and b is not None
    )
    assert not torch.equal(filmed.lightness, clean.lightness)


@pytest.mark.parametrize("pieces", [(0, 8, 13), (0, 1, 2, 3, 13), (0, 13)])
def test_any_slicing_gives_the_same_samples(
    examples: Examples, recipe: Recipe, pieces: tuple[int, ...]
) -> None:
    maker = BatchMaker(examples, recipe, EVERYTHING, stride=4)
    whole = maker.make(40, 13, 32)
    parts = [maker.make(40 + start, stop - start, 32) for start, stop in pairwise(pieces)]
    assert same(whole, joined(parts))


def test_each_example_comes_once_an_epoch_and_the_order_changes(examples: Examples) -> None:
    count = len(examples)
    epochs = [
        [examples.training(7, epoch, place).rgb.tobytes() for place in range(count)]
        for epoch in range(2)
    ]
    assert len(set(epochs[0])) == count
    assert sorted(epochs[0]) == sorted(epochs[1])
    assert epochs[0] != epochs[1]


def test_jitter_of_a_target_whose_input_is_a_file_is_refused(
    examples: Examples, recipe: Recipe
) -> None:
    given = replace(recipe, data=DataRecipe(layout="pairs", input="given"))
    with pytest.raises(InputError, match=r"crop\.jitter"):
        BatchMaker(examples, given, EVERYTHING)


def test_another_seed_is_another_run(examples: Examples, recipe: Recipe) -> None:
    other = replace(recipe, run=RunRecipe(seed=8))
    makers = [BatchMaker(examples, r, EVERYTHING) for r in (recipe, other)]
    assert not same(makers[0].make(0, 4, 32), makers[1].make(0, 4, 32))


def test_validation_is_the_same_every_time_and_never_trained_on(
    examples: Examples, recipe: Recipe
) -> None:
    maker = BatchMaker(examples, recipe, EVERYTHING)
    batch = validation_batch(maker, 32, 100)
    assert len(batch) == examples.validation_count > 0
    assert same(batch, validation_batch(maker, 32, 100))
    trained = {examples.training(1, 0, place).rgb.tobytes() for place in range(len(examples))}
    held_out = {examples.validation(i).rgb.tobytes() for i in range(examples.validation_count)}
    assert trained.isdisjoint(held_out)


def test_nothing_held_out_is_said(photos: Path, tmp_path: Path, recipe: Recipe) -> None:
    data = DataRecipe(paths=(str(photos),), validation_share=0.0)
    examples = open_examples(data, tmp_path, on_progress=lambda done, total: None)
    assert examples.validation_count == 0
    with pytest.raises(InputError, match="validation_share"):
        validation_batch(BatchMaker(examples, recipe, EVERYTHING), 32, 4)


@pytest.mark.parametrize("threads", [1, 3])
def test_prefetching_changes_nothing(examples: Examples, recipe: Recipe, threads: int) -> None:
    maker = BatchMaker(examples, recipe, EVERYTHING, stride=4)
    prefetcher = Prefetcher(maker, threads=threads)
    try:
        for wanted, upcoming in (
            ((0, 5, 32), (5, 5, 32)),
            ((5, 5, 32), (10, 5, 64)),
            ((10, 2, 64), None),  # not what was announced
        ):
            assert same(prefetcher.take(*wanted, next=upcoming), maker.make(*wanted))
    finally:
        prefetcher.close()


def test_shrinking_is_the_mean_of_its_pixels(rng: np.random.Generator) -> None:
    crops = rng.integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    for by in (2, 4):
        means = crops.reshape(3, 32 // by, by, 32 // by, by, 3).mean(axis=(2, 4))
        assert np.abs(shrunk(crops, by) - means).max() <= 0.5
