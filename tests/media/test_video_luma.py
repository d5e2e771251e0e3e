"""Luma on its way to the encoder: exact levels in every depth and range."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("av")
import av
from video_files import picture_of, plane, write_film

from photochrom.media.video import Film, read_film
from photochrom.media.video_formats import Layout, target_for
from photochrom.media.video_luma import in_target_format

GREYS = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 4, axis=1)  # a palette


def ramp(bits: int = 8) -> np.ndarray:
    """Every level of so many bits, at most 256 of them, side by side, (32, 256)."""
    levels = np.linspace(0, (1 << bits) - 1, 256)
    return np.tile(np.rint(levels).astype(np.uint8 if bits == 8 else np.uint16), (32, 1))


def film_of(pix_fmt: str, *, full_range: bool, tmp_path) -> Film:
    film = read_film(write_film(tmp_path / "any.mkv", [ramp()]))
    return replace(film, pix_fmt=pix_fmt, full_range=full_range)


def encoded_luma(luma, pix_fmt: str, codec: str, *, full_range: bool, tmp_path) -> np.ndarray:
    target = target_for(film := film_of(pix_fmt, full_range=full_range, tmp_path=tmp_path), codec)
    made = in_target_format(picture_of(luma, pix_fmt, 0), film, target)
    assert made.format.name == target.pix_fmt
    return plane(made, 0, target.coding.dtype)[0].astype(int)


def picture_in(pix_fmt: str, rgb: np.ndarray) -> av.VideoFrame:
    """A frame in RGB of the same colours, exactly."""
    if pix_fmt == "pal8":
        return av.VideoFrame.from_ndarray((rgb[..., 0].copy(), GREYS), format="pal8")
    if "12" in pix_fmt or "48" in pix_fmt:
        deep = (rgb / 255 * (4095 if "12" in pix_fmt else 65535)).round().astype(np.uint16)
        return av.VideoFrame.from_ndarray(deep, format=pix_fmt)
    return av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format=pix_fmt)


@pytest.mark.parametrize("pix_fmt", ["yuv420p", "yuv422p", "yuv444p", "yuv411p", "gray"])
def test_studio_levels_of_8_bits_are_four_times_as_much_in_10(tmp_path, pix_fmt):
    made = encoded_luma(ramp(), pix_fmt, "prores", full_range=False, tmp_path=tmp_path)
    assert np.array_equal(made, 4 * np.arange(256))


@pytest.mark.parametrize("pix_fmt", ["yuvj420p", "yuvj422p", "yuv444p", "gray"])
def test_full_range_becomes_studio_range_where_the_codec_has_no_other(tmp_path, pix_fmt):
    made = encoded_luma(ramp(), pix_fmt, "prores", full_range=True, tmp_path=tmp_path)
    assert (made[0], made[255]) == (64, 940)
    assert np.abs(made - (64 + np.arange(256) * 876 / 255)).max() <= 0.5


@pytest.mark.parametrize("pix_fmt", ["yuv420p9le", "gray9le"])
def test_white_stays_white_in_more_bits_of_full_range(tmp_path, pix_fmt):
    made = encoded_luma(ramp(9), pix_fmt, "ffv1", full_range=True, tmp_path=tmp_path)
    assert (made[0], made[255]) == (0, 1023)


@pytest.mark.parametrize("full_range", [True, False])
@pytest.mark.parametrize("pix_fmt", ["yuv420p", "nv12", "yuv422p", "gray", "yuv444p"])
def test_eight_bits_are_kept_in_8(tmp_path, pix_fmt, full_range):
    made = encoded_luma(ramp(), pix_fmt, "h264", full_range=full_range, tmp_path=tmp_path)
    assert np.array_equal(made, np.arange(256))


@pytest.mark.parametrize(("pix_fmt", "full_range"), [("yuv422p10le", False), ("gray10le", False),
    ("yuv422p10le", True), ("gray10le", True)])  # fmt: skip
def test_ten_bits_in_8_differ_by_their_rounding_only(tmp_path, pix_fmt, full_range):
    made = encoded_luma(ramp(10), pix_fmt, "h264", full_range=full_range, tmp_path=tmp_path)
    held = ramp(10)[0] * (255 / 1023 if full_range else 0.25)
    assert np.abs(made - held).max() <= 1
    assert abs(np.mean(made - held)) < 0.2


@pytest.mark.parametrize("pix_fmt", ["rgb24", "bgr0", "gbrp", "gbrp12le", "rgb48le", "pal8"])
@pytest.mark.parametrize(("codec", "black", "white"), [("h264", 0, 255), ("prores", 64, 940)])
def test_grey_in_rgb_is_as_light_in_luma(tmp_path, pix_fmt, codec, black, white):
    picture = picture_in(pix_fmt, np.repeat(ramp()[..., None], 3, axis=2))
    film = film_of(pix_fmt, full_range=True, tmp_path=tmp_path)
    target = target_for(film, codec)
    made = plane(in_target_format(picture, film, target), 0, target.coding.dtype)[0]
    assert np.abs(made - np.linspace(black, white, 256)).max() <= 0.55


@pytest.mark.parametrize("pix_fmt", ["rgb24", "rgb48le"])
@pytest.mark.parametrize(("height", "luma"), [(576, 124), (720, 118)])
def test_rgb_is_mixed_with_the_matrix_that_is_tagged(tmp_path, pix_fmt, height, luma):
    rgb = np.full((height, 64, 3), (200, 100, 50), np.uint8)
    picture = picture_in(pix_fmt, rgb)
    film = replace(film_of(pix_fmt, full_range=True, tmp_path=tmp_path), height=height, width=64)
    target = target_for(film, "h264")
    assert target.matrix == (1 if height >= 720 else 6)
    assert (plane(in_target_format(picture, film, target), 0) == luma).all()


@pytest.mark.parametrize(("pix_fmt", "layout"), [
    ("gray", (8, 2, 2)), ("bgr0", (8, 1, 1)), ("pal8", (8, 1, 1)), ("monob", (1, 2, 2)),
    ("yuv422p10le", (10, 1, 2)), ("gray14le", (14, 2, 2)),
])  # fmt: skip
def test_layouts(pix_fmt, layout):
    found = Layout.of(pix_fmt)
    assert (found.bits, found.down, found.across) == layout
    av.VideoFormat(found.planar.pix_fmt)
