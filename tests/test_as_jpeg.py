"""Toned and colour JPEGs keep their luma where jpeglib is there, and say so where they cannot."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageCms

from photochrom import Colorizer, as_jpeg
from photochrom.color.difference import delta_e_2000
from photochrom.color.lab import rgb_to_lab
from photochrom.media.jpeg_coefficients import Plane, read_planes
from photochrom.media.jpeg_restore import restored
from photochrom.media.jpeg_segments import parse_jpeg
from photochrom.media.provenance import read_provenance
from test_api import jpeg, landscape

TURNED_RIGHT = 6  # EXIF orientation: the stored rows are shown turned by 90°


@pytest.fixture(scope="module")
def colorizer() -> Colorizer:
    return Colorizer(threads=1)


def sepia(height: int = 90, width: int = 140) -> np.ndarray:
    return (landscape(height, width)[..., None] * np.array([1.0, 0.85, 0.65])).astype(np.uint8)


def luma_plane(encoded: bytes) -> Plane:
    return read_planes(parse_jpeg(encoded))[0]


@pytest.fixture
def without_jpeglib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_jpeg, "has_jpeglib", lambda: False)


def test_a_sepia_jpeg_keeps_its_luma_and_comes_back(colorizer: Colorizer) -> None:
    original = jpeg(sepia())
    photo = colorizer.colorize(original)
    assert not photo.source_has_real_colour
    encoded, saved = photo.encode()
    assert (saved.way, saved.note) == ("splice", None)
    assert luma_plane(encoded) == luma_plane(original)
    assert restored(encoded).jpeg == original
    provenance = read_provenance(encoded)
    assert provenance is not None
    assert provenance.source_sha256 == photo.source.sha256


def test_without_jpeglib_a_sepia_jpeg_is_encoded_anew_and_says_so(
    colorizer: Colorizer, without_jpeglib: None
) -> None:
    encoded, saved = colorizer.colorize(jpeg(sepia())).encode()
    assert saved.way == "ordinary"
    assert "3 components" in (saved.note or "")
    assert "photochrom[jpeg]" in (saved.note or "")
    with Image.open(io.BytesIO(encoded)) as picture:
        assert picture.size == (140, 90)


@pytest.mark.parametrize("picture", [sepia, landscape])
def test_an_ordinary_jpeg_keeps_the_luma_and_the_tag_that_turns_it(
    colorizer: Colorizer, picture: Callable[[], np.ndarray]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = TURNED_RIGHT
    original = jpeg(picture(), exif=exif.tobytes())
    encoded, saved = colorizer.colorize(original).encode(jpeg="ordinary")
    assert (saved.way, saved.note) == ("ordinary", None)
    assert encoded.count(b"\xff\xda") == 1
    assert luma_plane(encoded) == luma_plane(original)
    with Image.open(io.BytesIO(encoded)) as shown:
        assert shown.getexif()[0x0112] == TURNED_RIGHT


def test_without_jpeglib_an_ordinary_jpeg_is_turned_and_encoded_anew(
    colorizer: Colorizer, without_jpeglib: None
) -> None:
    exif = Image.Exif()
    exif[0x0112] = TURNED_RIGHT
    original = jpeg(np.rot90(landscape()).copy(), exif=exif.tobytes())
    encoded, saved = colorizer.colorize(original).encode(jpeg="ordinary")
    assert (saved.way, saved.note) == ("ordinary", None)
    assert encoded.count(b"\xff\xda") == 1
    with Image.open(io.BytesIO(encoded)) as picture:
        assert picture.getexif().get(0x0112, 1) == 1
        assert picture.size == (140, 90)


def test_another_quality_that_is_asked_for_means_encoding_anew(colorizer: Colorizer) -> None:
    original = jpeg(sepia())
    encoded, saved = colorizer.colorize(original).encode(jpeg="ordinary", quality=40)
    assert saved.way == "ordinary"
    assert not np.array_equal(luma_plane(encoded).table, luma_plane(original).table)


@pytest.mark.parametrize("jpeg_way", ["splice", "ordinary"])
def test_the_colours_are_those_of_the_lightness_way(colorizer: Colorizer, jpeg_way: str) -> None:
    photo = colorizer.colorize(jpeg(sepia(300, 400)))
    with Image.open(io.BytesIO(photo.encode(jpeg=jpeg_way)[0])) as picture:
        shown = np.asarray(picture.convert("RGB"))
    lab = [np.dstack(rgb_to_lab(rgb)) for rgb in (shown, photo.rgb)]
    assert delta_e_2000(*lab).mean() < 3  # sepia's luma is a little darker than its lightness


def test_cmyk_is_encoded_anew_and_named(colorizer: Colorizer) -> None:
    written = io.BytesIO()
    Image.fromarray(sepia()).convert("CMYK").save(written, "JPEG")
    _, saved = colorizer.colorize(written.getvalue()).encode()
    assert saved.way == "ordinary"
    assert "CMYK" in (saved.note or "")


def test_a_profile_of_another_tone_stays_in_another_form(colorizer: Colorizer) -> None:
    from photochrom.media.jpeg_metadata import jpeg_metadata

    linear = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    encoded, _ = colorizer.colorize(jpeg(sepia(), icc_profile=linear)).encode()
    assert b"sRGB" in (jpeg_metadata(parse_jpeg(encoded)).icc or b"")


def test_an_arithmetic_coded_grey_jpeg_keeps_its_luma(colorizer: Colorizer) -> None:
    from photochrom.media.jpeg_coefficients import Coding, write_planes

    facts = parse_jpeg(jpeg(landscape()))
    original = write_planes(read_planes(facts), 90, 140, coding=Coding.ARITHMETIC)
    encoded, saved = colorizer.colorize(original).encode()
    assert (saved.way, saved.note) == ("splice", None)
    assert restored(encoded).jpeg == original
