"""Pairs: two halves of one picture, or two pictures of one name."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.errors import InputError
from photochrom.training.data.examples import Example, Examples, open_examples
from photochrom.training.data.pairs import decode_halves
from photochrom.training.recipe import DataRecipe

Draw = Callable[..., bytes]
Write = Callable[[Path, dict[str, bytes]], Path]


def side_by_side(left: bytes, right: bytes) -> bytes:
    halves = [np.asarray(Image.open(io.BytesIO(half)).convert("RGB")) for half in (left, right)]
    stream = io.BytesIO()
    Image.fromarray(np.hstack(halves)).save(stream, "PNG")
    return stream.getvalue()


def opened(cache: Path, **choices: object) -> Examples:
    recipe = DataRecipe(**choices)  # type: ignore[arg-type]
    return open_examples(recipe, cache, on_progress=lambda done, total: None)


def every(examples: Examples) -> list[Example]:
    return [examples.training(0, 0, place) for place in range(len(examples))]


@pytest.mark.parametrize("side", [256, 512])
@pytest.mark.parametrize("given_side", ["left", "right"])
def test_either_order_and_size_of_side_by_side_pairs(
    draw: Draw, side: int, given_side: str
) -> None:
    colour, grey = draw(1, (side, side)), draw(1, (side, side), grey=True)
    halves = (grey, colour) if given_side == "left" else (colour, grey)
    for told in (given_side, "auto"):
        pair = decode_halves(side_by_side(*halves), "a.png", 286, told)
        kept = min(side, 286)
        assert pair.rgb.shape == (kept, kept, 3)
        assert pair.given is not None
        assert pair.given.shape == (kept, kept)
        as_grey = np.asarray(Image.open(io.BytesIO(grey)).convert("L").resize((kept, kept)))
        assert np.abs(pair.given.astype(int) - as_grey).mean() < 3
        assert np.ptp(pair.rgb.astype(int), axis=2).mean() > 10


def test_a_half_told_wrongly_is_refused_for_having_no_colour(draw: Draw) -> None:
    both = side_by_side(draw(1, grey=True), draw(1))
    with pytest.raises(InputError, match=r"colour half of a\.png is nearly grey"):
        decode_halves(both, "a.png", 96, "right")


@pytest.mark.parametrize("size", [(129, 64), (60, 64)])
def test_what_cannot_be_two_halves_is_refused(draw: Draw, size: tuple[int, int]) -> None:
    with pytest.raises(InputError, match="no pair of halves"):
        decode_halves(draw(1, size), "a.png", 96, "auto")


def test_the_anime_tree_is_read_unchanged(tmp_path: Path, draw: Draw, write: Write) -> None:
    pairs = {
        f"data/{part}/{i}.png": side_by_side(draw(i), draw(i, grey=True))
        for part, numbers in (("train", range(5)), ("val", range(5, 7)))
        for i in numbers
    }
    root = write(tmp_path, pairs) / "data"
    examples = opened(tmp_path / "cache", paths=(str(root),), layout="pairs", input="given")
    assert (len(examples), examples.validation_count) == (5, 2)
    assert all(example.given is not None for example in every(examples))
    colours = opened(tmp_path / "cache", paths=(str(root),), layout="pairs", input="grey")
    assert all(example.given is None for example in every(colours))


@pytest.fixture
def parallel(tmp_path: Path, draw: Draw, write: Write) -> dict[str, object]:
    numbers = range(6)
    write(tmp_path / "colour", {f"x/{i}.png": draw(i, (96, 64)) for i in numbers})
    write(
        tmp_path / "sketch", {f"x/{i}.jpg": draw(i, (48, 32), "JPEG", grey=True) for i in numbers}
    )
    return {
        "paths": (str(tmp_path / "colour"),),
        "input_paths": (str(tmp_path / "sketch"),),
        "layout": "parallel",
        "input": "given",
        "validation_share": 0.0,
    }


def test_parallel_folders_are_matched_by_name(tmp_path: Path, parallel: dict[str, object]) -> None:
    examples = opened(tmp_path / "cache", **parallel)
    assert len(examples) == 6
    for example in every(examples):
        assert example.given is not None
        assert example.given.shape == example.rgb.shape[:2] == (64, 96)
        own = np.asarray(Image.fromarray(example.rgb).convert("L")).astype(int)
        assert np.abs(own - example.given).mean() < 8  # its own input, not its neighbour's


def test_a_target_without_its_input_is_named(tmp_path: Path, parallel: dict[str, object]) -> None:
    (tmp_path / "sketch/x/4.jpg").unlink()
    with pytest.raises(InputError, match=r"colour/x/4\.png: has no input"):
        opened(tmp_path / "cache", **parallel)
    assert len(opened(tmp_path / "cache", **parallel, exclude=("x/4.*",))) == 5


def test_an_input_without_its_target_is_named(tmp_path: Path, parallel: dict[str, object]) -> None:
    for i in range(5):
        (tmp_path / f"colour/x/{i}.png").unlink()
    with pytest.raises(InputError, match=r"x/0\.jpg, .* and 2 more: has no target"):
        opened(tmp_path / "cache", **parallel)


def test_two_inputs_of_one_name_are_named(
    tmp_path: Path, parallel: dict[str, object], draw: Draw, write: Write
) -> None:
    write(tmp_path / "sketch", {"x/2.png": draw(2)})
    with pytest.raises(InputError, match=r"2\.jpg and .*2\.png are inputs of one name"):
        opened(tmp_path / "cache", **parallel)


def test_a_pair_of_two_shapes_is_counted_and_listed(
    tmp_path: Path, parallel: dict[str, object], draw: Draw, write: Write
) -> None:
    write(tmp_path / "sketch", {"x/2.jpg": draw(2, (32, 48), "JPEG")})
    examples = opened(tmp_path / "cache", **parallel)
    assert len(examples) == 5
    assert "shapes differ" in examples.refused[0].reason
