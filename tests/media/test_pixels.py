"""Arrays checked, colour reduced to lightness, pictures turned upright."""

from __future__ import annotations

import numpy as np
import pytest
from photo_files import HEIGHT, WIDTH, colour_picture, grey_picture
from PIL import Image, ImageOps
from skimage.color import rgb2lab

from photochrom.errors import InputError
from photochrom.media.pixels import pixels_of_array, rgb_to_grey, to_eight_bits, upright


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_every_grey_level_stays_itself(dtype: type) -> None:
    levels = np.arange(np.iinfo(dtype).max + 1).astype(dtype).reshape(-1, 16)
    np.testing.assert_array_equal(rgb_to_grey(np.dstack([levels] * 3)), levels)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.uint8, 0.3), (np.uint16, 0.01)])
def test_the_grey_of_a_colour_is_as_light_as_the_colour(
    rng: np.random.Generator, dtype: type, tolerance: float
) -> None:
    rgb = rng.integers(0, np.iinfo(dtype).max, (60, 70, 3), dtype, endpoint=True)
    lightness = rgb2lab(rgb)[..., 0]
    grey = rgb_to_grey(rgb)
    assert np.abs(rgb2lab(np.dstack([grey] * 3))[..., 0] - lightness).max() < tolerance


@pytest.mark.parametrize("channels", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_every_allowed_shape_is_read(channels: int, dtype: type) -> None:
    rgba = np.dstack([colour_picture(), grey_picture()]).astype(dtype)
    array = rgba[..., 0] if channels == 0 else rgba[..., 4 - channels :]
    pixels = pixels_of_array(array)
    assert pixels.grey.shape == (HEIGHT, WIDTH)
    assert pixels.grey.dtype == dtype
    assert (pixels.alpha is not None) == (channels in (2, 4))
    assert (pixels.rgb is not None) == (channels >= 3)
    if pixels.alpha is not None:
        np.testing.assert_array_equal(pixels.alpha, rgba[..., 3])


def test_equal_channels_are_grey_and_have_no_colour() -> None:
    pixels = pixels_of_array(np.dstack([grey_picture()] * 3))
    assert pixels.rgb is None
    np.testing.assert_array_equal(pixels.grey, grey_picture())


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros((3, 4), np.float32), "float32"),
        (np.full((3, 4, 3), np.nan), "NaN"),
        (np.zeros((3, 4), np.int32), "int32"),
        (np.zeros((3, 4), bool), "bool"),
        (np.zeros((3, 4, 5), np.uint8), r"\(3, 4, 5\)"),
        (np.zeros((2, 3, 4, 3), np.uint8), r"\(2, 3, 4, 3\)"),
        (np.zeros(9, np.uint8), r"\(9,\)"),
        (np.zeros((0, 4), np.uint8), "no pixels"),
    ],
)
def test_what_is_no_picture_is_refused_with_what_is_allowed(array: np.ndarray, words: str) -> None:
    with pytest.raises(InputError, match=words):
        pixels_of_array(array)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("picture", [grey_picture(), colour_picture()], ids=["grey", "colour"])
def test_upright_turns_as_pillow_does(orientation: int, picture: np.ndarray) -> None:
    image = Image.fromarray(picture)
    image.getexif()[274] = orientation
    np.testing.assert_array_equal(upright(picture, orientation), ImageOps.exif_transpose(image))


def test_eight_bits_are_the_nearest_level() -> None:
    deep = np.arange(65536, dtype=np.uint16)
    np.testing.assert_array_equal(to_eight_bits(deep), np.rint(deep / 257).astype(np.uint8))
    assert to_eight_bits(grey_picture()) is not None
