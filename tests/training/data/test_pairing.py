"""Side-by-side pairs: which half shows what, and that nothing is stretched."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.color.lab import rgb_to_lightness
from photochrom.errors import InputError
from photochrom.training.data.find import PhotoName
from photochrom.training.data.pairing import Side, make_pair, other_side, read_square
from photochrom.training.data.pairs import decode_halves


@pytest.fixture
def rgb(draw) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(draw(4, (64, 64)))).convert("RGB"))


def test_beside_grey_and_outlines_stands_colour_and_beside_colour_an_outline() -> None:
    assert other_side(Side.GREY, None) is Side.COLOUR
    assert other_side(Side.OUTLINE, None) is Side.COLOUR
    assert other_side(Side.COLOUR, None) is Side.OUTLINE
    assert other_side(Side.COLOUR, Side.GREY) is Side.GREY


@pytest.mark.parametrize(
    ("left", "right"),
    [(Side.COLOUR, Side.COLOUR), (Side.GREY, Side.GREY), (Side.GREY, Side.OUTLINE)],
)
def test_exactly_one_half_is_in_colour(left: Side, right: Side) -> None:
    with pytest.raises(InputError, match=f"--left {left} --right {right}"):
        other_side(left, right)


def test_the_grey_half_is_as_light_as_the_photo(rgb: np.ndarray) -> None:
    pair = make_pair(rgb, Side.GREY, Side.COLOUR)
    assert pair.shape == (64, 128, 3)
    grey, colour = pair[:, :64], pair[:, 64:]
    assert np.array_equal(colour, rgb)
    assert np.array_equal(grey[..., 0], grey[..., 2])
    assert np.abs(rgb_to_lightness(grey) - rgb_to_lightness(rgb)).max() < 0.4


def test_the_outline_is_dark_on_white_and_the_colour_may_stand_left(rgb: np.ndarray) -> None:
    pair = make_pair(rgb, Side.COLOUR, Side.OUTLINE)
    assert np.array_equal(pair[:, :64], rgb)
    assert np.median(pair[:, 64:]) > 200


@pytest.mark.parametrize(("left", "right"), [(Side.GREY, Side.COLOUR), (Side.COLOUR, Side.GREY)])
def test_training_reads_our_pairs(rgb: np.ndarray, left: Side, right: Side) -> None:
    stream = io.BytesIO()
    Image.fromarray(make_pair(rgb, left, right)).save(stream, "PNG")
    example = decode_halves(stream.getvalue(), "pair.png", 64, "auto")
    assert np.array_equal(example.rgb, rgb)
    assert example.given is not None
    assert example.given.shape == (64, 64)


def test_the_middle_square_is_taken_and_not_stretched(tmp_path: Path) -> None:
    wide = Image.new("RGB", (300, 100), (20, 160, 40))
    wide.paste((220, 30, 30), (100, 0, 200, 100))
    wide.save(tmp_path / "a.png")
    square = read_square(PhotoName(tmp_path, "a.png"), 50)
    assert square.rgb.shape == (50, 50, 3)
    assert square.own_side_px == 100
    assert np.abs(square.rgb[2:-2, 2:-2].astype(int) - (220, 30, 30)).max() < 4


def test_a_photo_is_turned_upright_first(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = Image.new("RGB", (64, 64), (20, 160, 40))
    lying.paste((220, 30, 30), (0, 0, 32, 64))  # its left becomes the top
    lying.save(tmp_path / "a.jpg", exif=exif, quality=95)
    rgb = read_square(PhotoName(tmp_path, "a.jpg"), 64).rgb
    assert rgb[8, 32, 0] > 180
    assert rgb[56, 32, 1] > 120


def test_grey_and_toned_photos_have_no_colour(tmp_path: Path, draw) -> None:
    (tmp_path / "colour.png").write_bytes(draw(3))
    (tmp_path / "grey.png").write_bytes(draw(3, grey=True))
    assert read_square(PhotoName(tmp_path, "colour.png"), 48).has_colour
    assert not read_square(PhotoName(tmp_path, "grey.png"), 48).has_colour
