"""Profiles are used, not ignored: against LittleCMS as the oracle."""

from __future__ import annotations

import struct
from io import BytesIO

import imagecodecs
import numpy as np
import pytest
from photo_files import (
    cmyk_profile,
    colour_picture,
    encoded,
    gamma_curve,
    grey_picture,
    grey_profile,
    profile,
    rgb_profile,
)
from PIL import Image, ImageCms

from photochrom.media.icc import grey_tone, is_srgb, parse_profile
from photochrom.media.icc_build import rgb_profile_from_grey, srgb_profile
from photochrom.media.photo import open_photo


def curve(values: np.ndarray) -> bytes:
    samples = np.rint(values * 65535).astype(">u2")
    return b"curv\0\0\0\0" + struct.pack(">I", len(samples)) + samples.tobytes()


def parametric(kind: int, *numbers: float) -> bytes:
    fixed = (round(number * 65536) for number in numbers)
    return b"para\0\0\0\0" + struct.pack(f">HH{len(numbers)}i", kind, 0, *fixed)


SRGB_NUMBERS = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
DOT_GAIN = curve(np.linspace(0, 1, 256) ** 1.75)
CURVES = {
    "linear": b"curv\0\0\0\0\0\0\0\0",
    "gamma 1.8": gamma_curve(1.8),
    "gamma 2.2": gamma_curve(2.2),
    "dot gain": DOT_GAIN,
    "table of 9": curve(np.linspace(0, 1, 9) ** 2),
    "type 0": parametric(0, 1.5),
    "type 1": parametric(1, 2.0, 1.1, -0.1),
    "type 2": parametric(2, 2.0, 0.9, -0.1, 0.05),
    "type 3": parametric(3, 3.0, 0.9, 0.1, 0.3, 0.08),
    "type 4": parametric(4, 2.4, 0.9, 0.05, 0.3, 0.04, 0.02, 0.01),
}
every_curve = pytest.mark.parametrize("tag", CURVES.values(), ids=CURVES.keys())


def through_littlecms(image: Image.Image, icc: bytes) -> np.ndarray:
    """sRGB (H, W, 3) as Pillow's engine gives it."""
    source, target = ImageCms.ImageCmsProfile(BytesIO(icc)), ImageCms.createProfile("sRGB")
    intent, flags = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
    out = ImageCms.profileToProfile(image, source, target, intent, "RGB", flags=flags)
    assert out is not None
    return np.asarray(out)


def exactly(levels: np.ndarray, icc: bytes) -> np.ndarray:
    """sRGB levels 0…255 of greys or equal channels, by LittleCMS at 16 bits, its short cuts off.

    Its 8-bit way is off by up to 10 levels in the dark.
    """
    flags = imagecodecs.CMS.FLAGS.NOOPTIMIZE | imagecodecs.CMS.FLAGS.NOCACHE
    kind = "gray" if levels.ndim == 2 else "rgb"
    deep = levels.astype(np.uint16) * 257
    rgb = imagecodecs.cms_transform(
        deep, icc, srgb_profile(), colorspace=kind, outcolorspace="rgb", intent=1, flags=int(flags)
    )
    return rgb[..., 1] / 257


@every_curve
def test_grey_goes_through_its_profile_as_littlecms_does_it(tag: bytes) -> None:
    icc = grey_profile(tag, major=4 if tag.startswith(b"para") else 2)
    ramp = np.arange(256, dtype=np.uint8)[None].repeat(8, 0)
    for format_name in ("PNG", "TIFF", "JPEG"):
        photo = open_photo(encoded(ramp, format_name, icc_profile=icc))
        if format_name != "JPEG":
            assert np.abs(photo.pixels().grey - exactly(ramp, icc)).max() <= 0.55
        tone = photo.grey_tone()
        assert tone is not None
        assert (tone.shape, tone.dtype) == ((256,), np.float32)


@every_curve
def test_the_rgb_profile_of_a_grey_one_shows_the_same_greys(tag: bytes) -> None:
    icc = grey_profile(tag, major=4 if tag.startswith(b"para") else 2)
    built = rgb_profile_from_grey(icc)
    ramp = np.arange(256, dtype=np.uint8)[None]
    seen, expected = exactly(np.dstack([ramp] * 3), built), exactly(ramp, icc)
    assert np.abs(seen - expected).max() < 0.25
    assert ImageCms.getProfileName(BytesIO(built)).startswith("sRGB primaries")


def test_a_grey_profile_in_lab_means_lightness() -> None:
    tone = grey_tone(grey_profile(b"curv\0\0\0\0\0\0\0\0", connection=b"Lab "))
    assert tone is not None
    assert tone[128] == pytest.approx(((128 / 255 * 100 + 16) / 116) ** 3, abs=1e-4)
    assert tone[0] == 0
    assert tone[255] == 1


@pytest.mark.parametrize(
    "icc",
    [
        None,
        b"",
        b"no profile at all",
        grey_profile(parametric(3, *SRGB_NUMBERS), major=4),
        srgb_profile(),
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        grey_profile(b"curv\0\0\0\0\0\0\1\0"),  # a table of 256 that is missing
        grey_profile(b"curv\0\0\0\0\0\0\0\4odd"),
        grey_profile(b"curv"),
        grey_profile(parametric(7, 1.0)),
        grey_profile(parametric(0, -1.0)),
        grey_profile(parametric(1, 1.0, 0.0, 1.0)),
    ],
)
def test_srgb_and_damage_need_no_tone(icc: bytes | None) -> None:
    assert grey_tone(icc) is None
    grey = encoded(grey_picture(), "PNG", **({"icc_profile": icc} if icc else {}))
    np.testing.assert_array_equal(open_photo(grey).pixels().grey, grey_picture())


def test_an_rgb_profile_on_a_grey_picture_gives_the_tone_of_equal_channels() -> None:
    tone = grey_tone(rgb_profile(1.8))
    assert tone is not None
    np.testing.assert_allclose(tone, np.linspace(0, 1, 256) ** 1.8, atol=2e-3)


def test_a_profile_of_tables_goes_through_littlecms() -> None:
    darker = (np.arange(256) // 2).astype(np.uint8).tobytes()
    corners = bytes((0, 128, 128, 255, 128, 128))
    identity = bytes(range(256))
    table = (
        b"mft1\0\0\0\0"
        + bytes((1, 3, 2, 0))
        + struct.pack(">9i", *np.eye(3, dtype=int).ravel() * 65536)
    )
    icc = profile(b"GRAY", {b"A2B0": table + darker + corners + identity * 3}, b"Lab ")
    tone = grey_tone(icc)
    assert tone is not None
    assert tone[204] == pytest.approx(0.1125, abs=0.002)  # L* 40


def test_sixteen_bit_grey_goes_through_its_profile() -> None:
    grey = np.linspace(0, 65535, 4096).astype(np.uint16).reshape(64, 64)
    pixels = open_photo(encoded(grey, "TIFF", icc_profile=grey_profile(gamma_curve(1.0)))).pixels()
    linear = grey / 65535
    srgb = np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, linear * 12.92)
    assert np.abs(pixels.grey - srgb * 65535).max() < 3
    assert pixels.grey.dtype == np.uint16


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "TIFF", "WEBP", "AVIF"])
def test_colour_goes_through_its_profile(format_name: str) -> None:
    content = encoded(colour_picture(), format_name, icc_profile=rgb_profile())
    plain = open_photo(encoded(colour_picture(), format_name)).pixels().rgb
    assert plain is not None
    expected = through_littlecms(Image.fromarray(plain), rgb_profile())
    seen = open_photo(content).pixels().rgb
    assert seen is not None
    assert np.abs(seen.astype(int) - expected).max() <= 1
    assert np.abs(seen.astype(int) - plain).mean() > 5


def test_alpha_does_not_go_through_the_profile() -> None:
    rgba = np.dstack([colour_picture(), grey_picture()])
    pixels = open_photo(encoded(rgba, "PNG", icc_profile=rgb_profile())).pixels()
    np.testing.assert_array_equal(pixels.alpha, grey_picture())


def test_srgb_colours_stay_as_they_are() -> None:
    for icc in (srgb_profile(), ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()):
        content = encoded(colour_picture(), "PNG", icc_profile=icc)
        np.testing.assert_array_equal(open_photo(content).pixels().rgb, colour_picture())
    assert not is_srgb(rgb_profile())
    assert not is_srgb(grey_profile(gamma_curve(2.2)))


@pytest.mark.parametrize("format_name", ["JPEG", "TIFF"])
def test_cmyk_goes_through_its_profile(format_name: str) -> None:
    inks = Image.new("CMYK", (32, 32), (60, 60, 60, 20))
    plain = open_photo(encoded(inks, format_name)).pixels()
    assert np.abs(plain.grey.astype(int) - 195 * 235 // 255).max() <= 2
    seen = open_photo(encoded(inks, format_name, icc_profile=cmyk_profile())).pixels()
    expected = through_littlecms(inks, cmyk_profile())
    assert np.abs(seen.grey.astype(int) - expected[..., 1]).max() <= 2
    assert seen.grey.mean() < plain.grey.mean() - 20


def test_a_damaged_profile_is_named_and_left_out() -> None:
    content = encoded(colour_picture(), "PNG", icc_profile=b"nonsense" * 40)
    photo = open_photo(content)
    np.testing.assert_array_equal(photo.pixels().rgb, colour_picture())
    assert any("profile is damaged" in note for note in photo.notes)


def test_a_profile_for_other_channels_leaves_the_numbers() -> None:
    content = encoded(colour_picture(), "PNG", icc_profile=cmyk_profile())
    np.testing.assert_array_equal(open_photo(content).pixels().rgb, colour_picture())


def test_lengths_in_a_profile_are_not_trusted() -> None:
    icc = bytearray(rgb_profile())
    assert parse_profile(bytes(icc)) is not None
    struct.pack_into(">I", icc, 128, 0xFFFFFFFF)
    assert parse_profile(bytes(icc)) is None
    icc = bytearray(rgb_profile())
    struct.pack_into(">I", icc, 132 + 8, 0xFFFFFFF0)
    parsed = parse_profile(bytes(icc))
    assert parsed is not None
    assert "desc" not in parsed.tags


def test_the_profile_that_we_write_is_srgb_and_always_the_same() -> None:
    icc = srgb_profile()
    assert is_srgb(icc)
    assert icc is srgb_profile()
    assert ImageCms.getProfileDescription(BytesIO(icc)).startswith("sRGB")
    rgb = np.random.default_rng(3).integers(0, 256, (64, 64, 3), np.uint8)
    seen = through_littlecms(Image.fromarray(rgb), icc)
    assert np.abs(seen.astype(int) - rgb).max() <= 1
    assert rgb_profile_from_grey(b"damaged") == icc
