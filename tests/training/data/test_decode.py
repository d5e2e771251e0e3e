"""Encoded bytes to a picture that can teach colour."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageCms

from photochrom.errors import InputError
from photochrom.training.data.decode import decode_photo, decode_whole

Draw = Callable[..., bytes]


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "BMP"])
def test_large_photos_are_kept_at_the_short_side(draw: Draw, kind: str) -> None:
    rgb = decode_photo(draw(1, (640, 480), kind), "a", 96)
    assert rgb.shape == (96, 128, 3)
    assert rgb.dtype == np.uint8


def test_small_photos_are_not_enlarged(draw: Draw) -> None:
    assert decode_photo(draw(1, (64, 48)), "a", 96).shape == (48, 64, 3)


def test_shrinking_a_jpeg_while_decoding_looks_like_shrinking_it_after(draw: Draw) -> None:
    encoded = draw(2, (512, 512), "JPEG")
    ours = decode_photo(encoded, "a", 64)
    whole = Image.open(io.BytesIO(encoded)).resize((64, 64), Image.Resampling.BOX)
    assert np.abs(ours.astype(int) - np.asarray(whole)).mean() < 1.5


def test_photos_lie_upright(draw: Draw) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    image = Image.open(io.BytesIO(draw(1, (64, 48))))
    turned = decode_photo(saved(image, "PNG", exif=exif), "a", 96)
    assert turned.shape == (64, 48, 3)
    assert np.array_equal(turned, np.rot90(np.asarray(image), -1))


def test_a_colour_profile_is_used(draw: Draw) -> None:
    image = Image.open(io.BytesIO(draw(1)))
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    as_lab = ImageCms.profileToProfile(image, srgb, lab, outputMode="LAB")
    assert as_lab is not None
    back = decode_whole(saved(as_lab, "TIFF"), "a")
    assert np.abs(back.astype(int) - np.asarray(image)).mean() < 2


def test_see_through_parts_are_white_as_on_a_page() -> None:
    rgba = np.zeros((40, 40, 4), np.uint8)
    rgba[:20] = (200, 30, 30, 255)
    rgb = decode_photo(saved(Image.fromarray(rgba), "PNG"), "a", 96)
    assert (rgb[:20] == (200, 30, 30)).all()
    assert (rgb[20:] == 255).all()


@pytest.mark.parametrize("mode", ["P", "CMYK", "RGBA", "YCbCr"])
def test_every_mode_becomes_rgb(draw: Draw, mode: str) -> None:
    image = Image.open(io.BytesIO(draw(1, (200, 120))))
    form = {"CMYK": "TIFF", "YCbCr": "JPEG"}.get(mode, "PNG")
    encoded = saved(image.convert(mode), form)
    assert decode_photo(encoded, "a", 60).shape == (60, 100, 3)


@pytest.mark.parametrize(
    ("encoded", "reason"),
    [
        (b"", "empty"),
        (b"\xff\xd8\xff nothing", "JPEG"),
        (b"<html>not found</html>", "markup"),
    ],
)
def test_what_is_no_picture_is_refused(encoded: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        decode_photo(encoded, "a.jpg", 96)


def test_a_picture_cut_short_is_refused(draw: Draw) -> None:
    encoded = draw(1, (400, 300), "JPEG")
    with pytest.raises(InputError, match=r"a\.jpg is damaged or ends early"):
        decode_photo(encoded[: len(encoded) // 2], "a.jpg", 96)


def test_tiny_and_grey_pictures_are_refused(draw: Draw) -> None:
    with pytest.raises(InputError, match=r"a\.png is 31×90: it is too small"):
        decode_photo(draw(1, (31, 90)), "a.png", 96)
    with pytest.raises(InputError, match=r"a\.png is nearly grey"):
        decode_photo(draw(1, grey=True), "a.png", 96)
