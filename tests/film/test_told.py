"""Told colours are carried through their shot, with what they lie on, and no further."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from photochrom.color.hints import Hint
from photochrom.errors import InputError

pytest.importorskip("av")
from video_files import pictures, plane, write_film

from photochrom.film.told import (
    Told,
    parse_film_hint,
    parse_key_frame,
    read_film_hints,
    together,
)

PX = 64


def walking(count, *, seed=0):
    """A light square that walks to the right over a dark, uneven wall."""
    generator = np.random.default_rng(seed)
    wall = generator.integers(60, 110, (PX // 8, PX // 4)).repeat(8, 0).repeat(8, 1)
    frames = []
    for i in range(count):
        frame = wall.astype(np.uint8).copy()
        frame[20:44, 10 + i : 34 + i] = 190
        frames.append(np.ascontiguousarray(frame))
    return frames


@pytest.fixture
def film(tmp_path):
    """Another shot, one of 24 frames with the walking square, and a third."""
    frames = [*walking(12, seed=5)[::-1], *walking(24), *walking(12, seed=9)]
    frames = [255 - f if i < 12 or i >= 36 else f for i, f in enumerate(frames)]
    return write_film(tmp_path / "in.mkv", frames)


def chroma_at_square(path, number):
    """Mean Cb and Cr around 0 within the square of frame `number`."""
    picture = pictures(path)[number]
    x = 10 + number - 12
    return [plane(picture, i)[13:19, x // 2 + 4 : x // 2 + 10].mean() - 128 for i in (1, 2)]


@pytest.mark.parametrize("moment", [12, 24, 35])
def test_a_hint_is_carried_through_its_shot_with_what_it_lies_on(coloured, film, moment):
    x = 10 + moment - 12 + 12
    told = Told(moment / 25, (Hint(x, 32, (220, 40, 40)),))
    made = coloured(film, told=(told,)).path
    plain = coloured(film, "plain.mkv").path
    for number in (12, 20, 30, 35):
        cb, cr = chroma_at_square(made, number)
        assert cr > 15, number
        assert cb < 5, number
    for number in (*range(3, 12), *range(39, 45)):
        for which in (1, 2):
            own, other = (plane(pictures(path)[number], which) for path in (made, plain))
            assert np.array_equal(own, other)


def test_a_key_frame_is_carried_through_its_shot(coloured, film, tmp_path):
    rgb = np.repeat(walking(24)[12][..., None], 3, axis=2).astype(float)
    rgb[20:44, 22:46] = (120, 210, 130)
    rgb[:, :, 2] += 25
    key = tmp_path / "key.png"
    Image.fromarray(rgb.clip(0, 255).astype(np.uint8)).save(key)
    made = coloured(film, told=(Told(24 / 25, picture=key),)).path
    for number in (12, 24, 30, 35):
        assert chroma_at_square(made, number)[1] < -15, number
        wall = plane(pictures(made)[number], 1)[2:8, 2:40].mean() - 128
        assert wall > 6, number


def test_hints_within_are_refused_where_they_cannot_be(coloured, film, tmp_path):
    def refused(words, *told, **wanted):
        with pytest.raises(InputError, match=words):
            coloured(film, told=told, **wanted)

    refused("outside the photo", Told(1.0, (Hint(500, 3, (1, 2, 3)),)))
    refused("only 0 s to", Told(99.0, (Hint(5, 3, (1, 2, 3)),)))
    refused("only 1 s to", Told(0.5, (Hint(5, 3, (1, 2, 3)),)), begin="1")
    refused("does not exist", Told(1.0, picture=tmp_path / "none.png"))
    grey = tmp_path / "grey.png"
    Image.new("L", (40, 30)).save(grey)
    refused("is grey", Told(1.0, picture=grey))
    assert not list(tmp_path.glob(".*"))


def test_what_is_written_of_hints_is_read():
    hint = parse_film_hint("1:02.5@12,30.5=#a03020")
    assert hint == Told(62.5, (Hint(12, 30.5, (160, 48, 32)),))
    assert parse_key_frame("3=a=b.png").picture.name == "a=b.png"
    text = '[[1, 2, 3, "#fff"], {"time": "0:01", "x": 4, "y": 5, "color": "#000"}]'
    assert together([*read_film_hints(text), hint]) == (
        Told(1.0, (Hint(2, 3, (255, 255, 255)), Hint(4, 5, (0, 0, 0)))),
        hint,
    )


@pytest.mark.parametrize(
    ("read", "words", "said"),
    [
        (parse_film_hint, "12,30=#fff", "says no time"),
        (parse_film_hint, "soon@12,30=#fff", "a time is wanted"),
        (parse_film_hint, "1@12=#fff", "not understood"),
        (parse_key_frame, "coat.png", "TIME=PICTURE"),
        (read_film_hints, "[[1, 2, 3]]", "hint 1"),
        (read_film_hints, "{}", "no list"),
        (read_film_hints, "[", "no JSON"),
        (read_film_hints, '[[true, 2, 3, "#fff"]]', "the time True"),
    ],
)
def test_what_is_no_hint_is_said(read, words, said):
    with pytest.raises(InputError, match=said):
        read(words)
