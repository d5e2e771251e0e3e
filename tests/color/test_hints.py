"""Hints are read in several spellings, and what is none is refused in words."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photochrom.color.hints import (
    MOST_HINTS,
    Hint,
    as_hint,
    as_hints,
    parse_colour,
    parse_hint,
    read_hints,
)
from photochrom.errors import InputError

LEVELS = st.tuples(*[st.integers(0, 255)] * 3)
PLACES = st.floats(0, 10_000, allow_nan=False)


@given(PLACES, PLACES, LEVELS)
def test_what_a_hint_says_of_itself_is_understood_again(x, y, colour) -> None:
    said = str(Hint(x, y, colour))
    read = parse_hint(said)
    assert read.colour == colour
    assert read.x == pytest.approx(x, rel=1e-5)
    assert read.y == pytest.approx(y, rel=1e-5)


@given(st.lists(st.tuples(PLACES, PLACES, LEVELS), max_size=5))
def test_both_spellings_of_json_mean_the_same(hints) -> None:
    rows = [[x, y, "#{:02x}{:02X}{:02x}".format(*colour)] for x, y, colour in hints]
    british = [{"x": x, "y": y, "colour": colour} for x, y, colour in rows]
    american = [{"color": colour, "y": y, "x": x} for x, y, colour in rows]
    expected = [Hint(x, y, colour) for x, y, colour in hints]
    for spelling in (rows, british, american):
        assert read_hints(json.dumps(spelling)) == expected


@given(st.text(max_size=60))
def test_any_other_text_is_an_input_error(text) -> None:
    for read in (read_hints, parse_hint, parse_colour):
        try:
            read(text)
        except InputError as error:
            assert str(error)


@pytest.mark.parametrize("text", ["#fff", "fff", " #FFFFFF ", "ffffff"])
def test_colours_may_be_short(text: str) -> None:
    assert parse_colour(text) == (255, 255, 255)


@pytest.mark.parametrize("text", ["", "#", "red", "#12345", "#1234567", "#gggggg", "１２３"])
def test_no_colour_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match="#a03020"):
        parse_colour(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nothing", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("{}", "no list"),
        ("[7]", r"hint 1 is 7, and a hint is x, y and a colour"),
        ('[[1, 2, "#fff"], [1, 2]]', "hint 2 is"),
        ('[[1, 2, "red"]]', "'red' is no colour"),
        ('[[true, 2, "#fff"]]', "a number of pixels"),
        ('[[NaN, 2, "#fff"]]', "a number of pixels"),
        ('[["a", 2, "#fff"]]', "a number of pixels"),
        ('[{"x": 1, "y": 2, "hue": 3}]', "a hint is x, y and a colour"),
        ("[[1, 2, [256, 0, 0]]]", "whole numbers 0…255"),
        ("[[1, 2, [true, 0, 0]]]", "whole numbers 0…255"),
        ("[[1, 2, null]]", "whole numbers 0…255"),
        (f'[[1{"0" * 400}, 2, "#fff"]]', "a number of pixels"),
    ],
)
def test_json_that_holds_no_hints_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_hints(text)


@pytest.mark.parametrize("text", ["1,2", "1=#fff", "1,2,3=#fff", ",=#fff", "a,b=#fff", "1,2="])
def test_words_that_are_no_hint_are_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"hint|pixels"):
        parse_hint(text)


def test_colours_may_be_numbers_of_numpy() -> None:
    assert as_hint((1, 2, tuple(np.array([3, 4, 5], np.uint8)))) == Hint(1, 2, (3, 4, 5))


@pytest.mark.parametrize(("x", "y"), [(-0.1, 5), (80.1, 5), (5, -1), (5, 60.5)])
def test_a_hint_outside_the_photo_is_refused_with_its_size(x: float, y: float) -> None:
    with pytest.raises(InputError, match="80 × 60 px: x goes from 0 to 80, y from 0 to 60"):
        as_hints([(x, y, "#fff")], width=80, height=60)


def test_the_corners_lie_inside() -> None:
    corners = [(0, 0, "#fff"), (80, 60, "#fff"), Hint(79, 59, (1, 2, 3))]
    assert len(as_hints(corners, width=80, height=60)) == 3


def test_too_many_hints_are_refused() -> None:
    with pytest.raises(InputError, match=f"at most {MOST_HINTS}"):
        as_hints([(1, 1, "#fff")] * (MOST_HINTS + 1), width=8, height=8)
