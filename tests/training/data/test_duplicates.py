"""Near-duplicates: what counts as one, and that nothing is missed."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from photochrom.training.data.duplicates import (
    MOST_BITS,
    MOST_TURNED_BITS,
    Likeness,
    difference_hash,
    likeness,
    near_groups,
)


def bits(one: int, other: int) -> int:
    return (one ^ other).bit_count()


def are_near(one: Likeness, other: Likeness) -> bool:
    return (
        bits(one.across, other.across) <= MOST_BITS
        and bits(one.turned, other.turned) <= MOST_TURNED_BITS
    )


@pytest.fixture
def photo(draw: Callable[..., bytes]) -> Image.Image:
    return Image.open(io.BytesIO(draw(5, (320, 240)))).convert("RGB")


def as_jpeg(picture: Image.Image) -> Image.Image:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=30)
    return Image.open(stream)


def test_the_hash_is_one_bit_for_each_step_to_a_lighter_pixel() -> None:
    rising = Image.fromarray(np.tile(np.arange(9, dtype=np.uint8) * 20, (8, 1)))
    assert difference_hash(rising) == 2**64 - 1
    assert difference_hash(rising.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) == 0
    one_step = Image.new("L", (9, 8))
    one_step.putpixel((1, 0), 200)
    assert difference_hash(one_step) == 1 << 63


@pytest.mark.parametrize(
    "copied",
    [
        lambda photo: photo.resize((160, 120)),
        lambda photo: photo.resize((640, 480), Image.Resampling.LANCZOS),
        as_jpeg,
        lambda photo: photo.convert("L"),
        lambda photo: ImageEnhance.Brightness(photo).enhance(0.7),
        lambda photo: ImageEnhance.Contrast(photo).enhance(0.8),
    ],
    ids=["half", "double", "jpeg", "grey", "darker", "flatter"],
)
def test_a_copy_is_a_near_duplicate(photo: Image.Image, copied: Callable[..., Image.Image]) -> None:
    assert are_near(likeness(photo), likeness(copied(photo)))


def test_other_photos_and_turned_ones_are_not(
    photo: Image.Image, draw: Callable[..., bytes]
) -> None:
    others = [Image.open(io.BytesIO(draw(seed))) for seed in range(6, 26)]
    others += [photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT), photo.rotate(90)]
    assert not any(are_near(likeness(photo), likeness(other)) for other in others)


def test_no_near_duplicate_is_missed(rng: np.random.Generator) -> None:
    """Compared with every pair, one by one; hashes with few ones, as smooth pictures have them."""
    sparse = rng.integers(0, 2**64, (300, 2, 3), dtype=np.uint64)
    hashes = sparse[..., 0] & sparse[..., 1] & sparse[..., 2]
    for i in range(150, 300):  # copies with up to twelve bits changed
        hashes[i] = hashes[i - 150]
        for bit in rng.choice(64, int(rng.integers(0, 7)), replace=False):
            hashes[i] ^= np.uint64(1 << int(bit))
    pictures = [Likeness(*pair) for pair in hashes.tolist()]
    first = list(range(len(pictures)))
    for i, k in combinations(range(len(pictures)), 2):
        if are_near(pictures[i], pictures[k]):
            low, high = sorted((first[i], first[k]))
            first = [low if leader == high else leader for leader in first]
    assert 50 < len(set(first)) < 250
    assert near_groups(pictures) == first


def test_a_chain_of_near_duplicates_is_one_group_and_starts_at_its_first_picture() -> None:
    chain = [Likeness((1 << 4 * link) - 1, 0) for link in range(12)]
    order = [7, 3, 11, 0, 5, 1, 9, 2, 10, 4, 8, 6]
    assert near_groups([chain[link] for link in order]) == [0] * 12


def test_no_pictures_are_no_groups() -> None:
    assert near_groups([]) == []
