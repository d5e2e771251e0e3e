"""16 bits a channel: every level survives the way in and out, and without the extra it says so."""

from __future__ import annotations

import sys
from io import BytesIO

import imagecodecs
import numpy as np
import pytest
import tifffile
from photo_files import encoded, exif, profile, rgb_profile
from PIL import Image

from photochrom.errors import InputError, SetupError
from photochrom.media.icc_build import srgb_profile
from photochrom.media.photo import open_photo
from photochrom.media.pixels import upright
from photochrom.media.writing import encode_photo

DEEP_FORMATS = ("JPEG2000", "PNG", "TIFF")


@pytest.fixture(scope="module")
def levels() -> np.ndarray:
    """All 65,536 levels in each of three channels, each in another order (256, 256, 3)."""
    ramp = np.arange(65536, dtype=np.uint16)
    return np.stack([ramp, ramp[::-1], np.roll(ramp, 20_000)], axis=-1).reshape(256, 256, 3)


def tiff(array: np.ndarray, **options: object) -> bytes:
    buffer = BytesIO()
    tifffile.imwrite(buffer, array, metadata=None, software=False, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"compression": "zlib", "predictor": True},
        {"compression": "lzw"},
        {"byteorder": ">"},
        {"planarconfig": "separate"},
        {"tile": (64, 64), "compression": "lzw", "predictor": True},
        {"bigtiff": True},
        {"rowsperstrip": 7, "byteorder": ">", "compression": "packbits"},
    ],
    ids=str,
)
def test_all_levels_of_a_16_bit_tiff_are_read(levels: np.ndarray, options: dict) -> None:
    channels = levels.transpose(2, 0, 1) if "planarconfig" in options else levels
    photo = open_photo(tiff(channels, photometric="rgb", **options))
    pixels = photo.pixels()
    assert photo.bits == 16
    np.testing.assert_array_equal(pixels.rgb, levels)
    assert pixels.grey.dtype == np.uint16


@pytest.mark.parametrize("channels", [2, 3, 4])
def test_all_levels_of_a_16_bit_png_and_jpeg_2000_are_read(
    levels: np.ndarray, channels: int
) -> None:
    stored = np.ascontiguousarray(np.dstack([levels, levels[..., 1]])[..., :channels])
    for content in (imagecodecs.png_encode(stored), imagecodecs.jpeg2k_encode(stored)):
        pixels = open_photo(content).pixels()
        if channels == 2:
            np.testing.assert_array_equal(pixels.grey, stored[..., 0])
        else:
            np.testing.assert_array_equal(pixels.rgb, stored[..., :3])
        if channels in (2, 4):
            np.testing.assert_array_equal(pixels.alpha, stored[..., -1])
        else:
            assert pixels.alpha is None


@pytest.mark.parametrize("format_name", ["JPEG2000", "PNG", "PPM", "TIFF"])
def test_all_levels_of_16_bit_grey_are_read_without_the_extra(
    levels: np.ndarray, format_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    grey = levels[..., 0].copy()
    content = encoded(grey, format_name)
    for package in ("tifffile", "imagecodecs"):
        monkeypatch.setitem(sys.modules, package, None)
    photo = open_photo(content)
    assert photo.bits == 16
    np.testing.assert_array_equal(photo.pixels().grey, grey)


@pytest.mark.parametrize("with_alpha", [False, True])
@pytest.mark.parametrize("format_name", DEEP_FORMATS)
def test_all_levels_survive_the_way_in_and_out(
    levels: np.ndarray, format_name: str, with_alpha: bool
) -> None:
    alpha = levels[..., 1].copy() if with_alpha else None
    source = open_photo(tiff(levels, photometric="rgb"))
    content = encode_photo(levels, alpha, source, format=format_name)
    photo = open_photo(content)
    pixels = photo.pixels()
    assert (photo.format, photo.bits) == (format_name, 16)
    np.testing.assert_array_equal(pixels.rgb, levels)
    if with_alpha:
        np.testing.assert_array_equal(pixels.alpha, alpha)
    assert len(np.unique(pixels.rgb)) == 65536


def test_a_16_bit_ppm_is_read(levels: np.ndarray) -> None:
    head = b"P6\n# a scanner\n256 256\n65535\n"
    pixels = open_photo(head + levels.astype(">u2").tobytes()).pixels()
    np.testing.assert_array_equal(pixels.rgb, levels)


def test_twelve_bits_are_stretched_to_sixteen() -> None:
    rgb = np.stack(
        [np.arange(4096, dtype=np.uint16).reshape(64, 64)] * 2 + [np.zeros((64, 64), np.uint16)], -1
    )
    content = imagecodecs.jpeg2k_encode(rgb, bitspersample=12, reversible=True)
    pixels = open_photo(content).pixels()
    assert pixels.rgb is not None
    assert (pixels.rgb.min(), pixels.rgb.max()) == (0, 65535)
    assert np.abs(pixels.rgb - rgb * (65535 / 4095)).max() <= 0.5


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_deep_tiff_stands_upright(levels: np.ndarray, orientation: int) -> None:
    stored = levels[:100]
    photo = open_photo(tiff(stored, photometric="rgb", extratags=[(274, 3, 1, orientation, True)]))
    rgb = photo.pixels().rgb
    assert rgb is not None
    assert rgb.shape[:2] == (photo.height, photo.width)
    np.testing.assert_array_equal(rgb, upright(stored, orientation))


def test_white_that_is_zero_is_turned_round(levels: np.ndarray) -> None:
    grey = levels[..., 0].copy()
    photo = open_photo(tiff(grey, photometric="miniswhite"))
    np.testing.assert_array_equal(photo.pixels().grey, 65535 - grey)


def test_colours_multiplied_with_alpha_are_divided_again() -> None:
    alpha = np.full((8, 8), 32768, np.uint16)
    rgb = np.full((8, 8, 3), (40000, 20000, 1000), np.uint16)
    stored = np.dstack([(rgb * (alpha[..., None] / 65535)).round().astype(np.uint16), alpha])
    photo = open_photo(tiff(stored, photometric="rgb", extrasamples=["assocalpha"]))
    pixels = photo.pixels()
    assert pixels.rgb is not None
    assert np.abs(pixels.rgb.astype(int) - rgb).max() <= 1


def test_a_profile_of_16_bit_colour_is_used() -> None:
    rgb = np.full((8, 8, 3), (60000, 20000, 10000), np.uint16)
    content = tiff(rgb, photometric="rgb", iccprofile=rgb_profile())
    seen = open_photo(content).pixels().rgb
    eight = ((rgb.astype(int) + 128) // 257).astype(np.uint8)
    expected = open_photo(encoded(eight, "PNG", icc_profile=rgb_profile())).pixels().rgb
    assert seen is not None
    assert expected is not None
    assert np.abs(seen / 257.0 - expected).max() < 1.5
    assert not np.array_equal(seen, rgb)


def test_a_profile_that_cannot_be_used_leaves_the_numbers() -> None:
    rgb = np.full((8, 8, 3), (60000, 20000, 10000), np.uint16)
    useless = profile(b"RGB ", {}, b"XYZ ")
    pixels = open_photo(tiff(rgb, photometric="rgb", iccprofile=useless)).pixels()
    np.testing.assert_array_equal(pixels.rgb, rgb)


def test_16_bit_cmyk_without_a_profile_follows_the_plain_formula() -> None:
    inks = np.zeros((4, 4, 4), np.uint16)
    inks[0], inks[1, :, 3] = 0, 65535
    inks[2, :, 0] = 65535
    rgb = open_photo(tiff(inks, photometric="separated")).pixels().rgb
    assert rgb is not None
    assert rgb[0, 0].tolist() == [65535] * 3
    assert rgb[1, 0].tolist() == [0] * 3
    assert rgb[2, 0].tolist() == [0, 65535, 65535]


@pytest.mark.parametrize("format_name", ["JPEG2000", "PNG", "TIFF"])
def test_without_the_extra_it_is_named_before_decoding(
    levels: np.ndarray, format_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = encode_photo(levels, None, open_photo(levels), format=format_name)
    monkeypatch.setitem(sys.modules, "imagecodecs", None)
    with pytest.raises(SetupError, match=r"pip install 'photochrom\[deep\]'"):
        open_photo(content)
    with pytest.raises(SetupError, match=r"writing 16-bit .* needs the package imagecodecs"):
        encode_photo(levels, None, open_photo(levels), format=format_name)


def test_a_pillow_image_that_lost_depth_is_refused(levels: np.ndarray) -> None:
    image = Image.open(BytesIO(tiff(levels, photometric="rgb")))
    with pytest.raises(InputError, match="give its path"):
        open_photo(image)


def test_a_truncated_deep_file_is_refused(levels: np.ndarray) -> None:
    for content in (
        tiff(levels, photometric="rgb", compression="zlib"),
        tiff(levels, photometric="rgb"),
        imagecodecs.jpeg2k_encode(levels),
        imagecodecs.png_encode(levels),
    ):
        with pytest.raises(InputError, match=r"ends early|damaged"):
            open_photo(content[: len(content) * 2 // 3]).pixels()


def test_metadata_of_a_deep_tiff_is_read(levels: np.ndarray) -> None:
    source = open_photo(encoded(levels[..., 0].copy(), "TIFF", exif=exif(), dpi=(300, 300)))
    content = encode_photo(levels, None, source, format="TIFF")
    photo = open_photo(content)
    assert photo.metadata.dpi == (300, 300)
    assert photo.metadata.exif is not None
    assert b"Otto" in photo.metadata.exif


def test_tiffs_that_pillow_does_not_know_are_read(levels: np.ndarray) -> None:
    grey, alpha = levels[..., 0].copy(), levels[..., 1].copy()
    both = np.dstack([grey, alpha])
    options = {"photometric": "minisblack", "extrasamples": ["unassalpha"]}
    for big in (False, True):
        content = tiff(
            both, planarconfig="contig", bigtiff=big, iccprofile=srgb_profile(), **options
        )
        photo = open_photo(content)
        assert (photo.format, photo.bits, photo.width) == ("TIFF", 16, 256)
        assert photo.metadata.icc == srgb_profile()
        np.testing.assert_array_equal(photo.pixels().grey, grey)
        np.testing.assert_array_equal(photo.pixels().alpha, alpha)
    ten = tiff(grey // 64, photometric="minisblack", bitspersample=10)
    assert np.abs(open_photo(ten).pixels().grey - grey // 64 * (65535 / 1023)).max() <= 0.5
    white = tiff(grey, photometric="miniswhite", byteorder=">", extratags=[(274, 3, 1, 6, True)])
    photo = open_photo(white)
    assert (photo.width, photo.height, photo.orientation) == (256, 256, 6)
    np.testing.assert_array_equal(photo.pixels().grey, upright(65535 - grey, 6))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.uint32])
def test_pixels_of_other_numbers_are_refused(dtype: type) -> None:
    content = tiff(np.zeros((8, 8, 3), dtype), photometric="rgb")
    with pytest.raises(InputError, match=f"{np.dtype(dtype)} pixels"):
        open_photo(content).pixels()


def test_a_level_that_a_deep_grey_png_calls_transparent_is() -> None:
    grey = np.arange(12, dtype=np.uint16).reshape(3, 4) * 5000
    written = BytesIO()
    Image.fromarray(grey).save(written, "PNG", transparency=15000)
    pixels = open_photo(written.getvalue()).pixels()
    assert pixels.alpha is not None
    np.testing.assert_array_equal(pixels.alpha == 0, grey == 15000)
    np.testing.assert_array_equal(pixels.grey, grey)
