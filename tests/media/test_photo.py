"""Photographs opened from every kind of source and format."""

from __future__ import annotations

import hashlib
import io
import threading
from pathlib import Path

import numpy as np
import pytest
from photo_files import (
    FORMATS,
    HEIGHT,
    ORIENTED,
    WIDTH,
    colour_picture,
    encoded,
    exif,
    grey_picture,
)
from PIL import Image

from photochrom.media.photo import open_photo

LOSSY = {"AVIF": 4, "JPEG": 3, "HEIF": 3, "GIF": 0}


@pytest.mark.parametrize("format_name", FORMATS)
def test_grey_is_read_from_every_format(format_name: str) -> None:
    photo = open_photo(encoded(grey_picture(), format_name))
    pixels = photo.pixels()
    assert (photo.format, photo.width, photo.height, photo.bits) == (format_name, WIDTH, HEIGHT, 8)
    assert pixels.alpha is None
    difference = np.abs(pixels.grey.astype(int) - grey_picture())
    assert difference.max() <= LOSSY.get(format_name, 0)


@pytest.mark.parametrize("format_name", sorted(set(FORMATS) - {"GIF"}))
def test_colour_is_read_from_every_format(format_name: str) -> None:
    pixels = open_photo(encoded(colour_picture(), format_name)).pixels()
    assert pixels.rgb is not None
    assert np.abs(pixels.rgb.astype(int) - colour_picture()).mean() < 4


@pytest.mark.parametrize("format_name", ["AVIF", "HEIF", "JPEG2000", "PNG", "TGA", "TIFF", "WEBP"])
@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_alpha_is_kept(format_name: str, mode: str) -> None:
    alpha = np.rot90(grey_picture(WIDTH, HEIGHT))
    colours = [colour_picture()] if mode == "RGBA" else [grey_picture()]
    image = Image.fromarray(np.dstack([*colours, alpha]))
    if mode == "LA" and format_name in ("AVIF", "HEIF", "WEBP"):
        image = image.convert("RGBA")  # these formats keep grey as colour
    pixels = open_photo(encoded(image, format_name)).pixels()
    assert pixels.alpha is not None
    assert np.abs(pixels.alpha.astype(int) - alpha).max() <= LOSSY.get(format_name, 0)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format_name", ORIENTED)
def test_every_orientation_stands_upright(format_name: str, orientation: int) -> None:
    stored = grey_picture()
    photo = open_photo(encoded(stored, format_name, exif=exif(orientation)))
    shown = open_photo(encoded(stored, "PNG", exif=exif(orientation))).pixels().grey
    grey = photo.pixels().grey
    assert photo.orientation == orientation
    assert grey.shape == (photo.height, photo.width) == shown.shape
    assert np.abs(grey.astype(int) - shown).mean() < 2


@pytest.mark.parametrize("mode", ["1", "P", "CMYK", "YCbCr", "LAB", "I;16", "HSV", "RGBX"])
def test_a_pillow_image_of_any_mode_is_read(mode: str) -> None:
    rgb = Image.fromarray(colour_picture())
    if mode == "LAB":
        image = Image.merge("LAB", [Image.fromarray(grey_picture())] * 3)
    elif mode == "I;16":
        image = Image.fromarray(grey_picture().astype(np.uint16) * 257)
    else:
        image = rgb.convert(mode)
    photo = open_photo(image)
    assert photo.pixels().grey.shape == (HEIGHT, WIDTH)
    assert photo.bits == (16 if mode == "I;16" else 8)
    assert photo.is_palette_or_bilevel == (mode in ("1", "P"))
    assert photo.format is None


def test_lab_images_come_out_in_their_colours() -> None:
    neutral = Image.new("L", (8, 8), 128)
    lab = Image.merge("LAB", [Image.new("L", (8, 8), 153), neutral, neutral])  # L* 60
    pixels = open_photo(lab).pixels()
    assert np.abs(pixels.grey.astype(int) - 145).max() <= 1  # L* 60 is the sRGB level 145


def test_transparent_palette_and_key_colours_become_alpha() -> None:
    palette = Image.fromarray(colour_picture()).quantize(8)
    key = encoded(palette, "PNG", transparency=3)
    assert open_photo(key).pixels().alpha is not None
    grey = encoded(grey_picture(), "PNG", transparency=int(grey_picture()[0, 0]))
    alpha = open_photo(grey).pixels().alpha
    assert alpha is not None
    assert alpha[0, 0] == 0


def test_every_kind_of_source_gives_the_same_photo(tmp_path: Path) -> None:
    content = encoded(grey_picture(), "PNG")
    path = tmp_path / "a.png"
    path.write_bytes(content)
    with path.open("rb") as file:
        sources = [path, str(path), content, bytearray(content), io.BytesIO(content), file]
        photos = [open_photo(source) for source in sources]  # type: ignore[arg-type]
    for photo in photos:
        np.testing.assert_array_equal(photo.pixels().grey, grey_picture())
        assert photo.sha256 == hashlib.sha256(content).hexdigest()
    assert [photo.path for photo in photos] == [path, path, None, None, None, path]
    assert {photo.name for photo in photos} == {"a.png", "bytes", "file object"}
    assert photos[0].metadata.modified_ns == path.stat().st_mtime_ns


def test_arrays_that_differ_have_other_hashes() -> None:
    wide, tall = np.zeros((2, 8), np.uint8), np.zeros((8, 2), np.uint8)
    deep = np.zeros((2, 4), np.uint16)
    assert len({open_photo(array).sha256 for array in (wide, tall, deep, wide + 1)}) == 4


def test_a_pillow_image_is_turned_and_not_changed() -> None:
    content = encoded(grey_picture(), "JPEG", exif=exif(6))
    image = Image.open(io.BytesIO(content))
    photo = open_photo(image)
    assert (photo.width, photo.height, photo.orientation) == (HEIGHT, WIDTH, 6)
    first, second = photo.pixels().grey, photo.pixels().grey
    assert first.shape == (WIDTH, HEIGHT)
    np.testing.assert_array_equal(first, second)
    assert image.size == (WIDTH, HEIGHT)
    assert image.getexif()[274] == 6


def test_a_tiff_given_as_a_pillow_image_is_turned_once() -> None:
    content = encoded(grey_picture(), "TIFF", exif=exif(6))
    photo = open_photo(Image.open(io.BytesIO(content)))
    expected = open_photo(content).pixels().grey
    assert (photo.width, photo.height) == (expected.shape[1], expected.shape[0])
    for _ in range(2):
        np.testing.assert_array_equal(photo.pixels().grey, expected)


def test_only_the_first_frame_is_read_and_that_is_said() -> None:
    frames = [Image.fromarray(np.full((8, 9), level, np.uint8)) for level in (10, 100, 200)]
    for format_name in ("GIF", "TIFF", "WEBP", "PNG"):
        content = encoded(frames[0], format_name, save_all=True, append_images=frames[1:])
        photo = open_photo(content)
        assert np.abs(photo.pixels().grey.astype(int) - 10).max() <= 1
        assert any("first of 3" in note for note in photo.notes), format_name


def test_threads_decode_one_photo_at_once() -> None:
    photo = open_photo(encoded(grey_picture(), "TIFF", compression="tiff_lzw"))
    results: list[np.ndarray] = []
    threads = [
        threading.Thread(target=lambda: results.append(photo.pixels().grey)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    for grey in results:
        np.testing.assert_array_equal(grey, grey_picture())


def test_opening_decodes_no_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    content = encoded(grey_picture(), "PNG")
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    assert open_photo(content).width == WIDTH


@pytest.mark.parametrize("size", [(36, 52), (37, 51), (1, 9), (9, 1), (1, 1), (2, 3)])
def test_luma_is_what_is_stored_at_full_and_half_size(size: tuple[int, int]) -> None:
    content = encoded(grey_picture(*size), "JPEG", exif=exif(6), quality=95)
    photo = open_photo(content)
    stored = np.asarray(Image.open(io.BytesIO(content)))
    assert photo.is_grey_jpeg
    np.testing.assert_array_equal(photo.luma(), stored)
    half = photo.luma(2)
    assert half.shape == (-(-size[0] // 2), -(-size[1] // 2))
    mean = np.pad(stored, ((0, size[0] % 2), (0, size[1] % 2)), "edge").astype(float)
    mean = mean.reshape(half.shape[0], 2, half.shape[1], 2).mean((1, 3))
    assert np.abs(half - mean).max() < 4


def test_only_a_jpeg_has_luma_of_its_own() -> None:
    colour = open_photo(encoded(colour_picture(), "JPEG"))
    assert colour.has_luma
    assert not colour.is_grey_jpeg
    assert colour.luma().shape == (colour.height, colour.width)
    png = open_photo(encoded(grey_picture(), "PNG"))
    assert not png.has_luma
    with pytest.raises(ValueError, match="no JPEG"):
        png.luma()


def test_photos_say_what_they_are_without_their_bytes() -> None:
    assert len(repr(open_photo(encoded(colour_picture(200, 200), "PNG")))) < 400
