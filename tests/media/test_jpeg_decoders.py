"""Decoders other than Pillow show the whole matrix with the luma of the grey original."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from chromium import decode_in_chromium
from jpeg_changes import grey_jpeg
from jpeg_coloured import coloured_file, levels, upright
from jpeg_matrix import MATRIX, grey_file
from numpy.typing import NDArray

DECODERS = Path(__file__).parents[1] / "decoders"
# jpeg-js 0.4.4 decodes a whole restart interval where fewer blocks are left in a scan
BEYOND_JPEG_JS = {f"restart-blocks-{size}" for size in ("1x1", "3x2", "8x8")}
# Blink stops at libjpeg's first warning as long as a component of a progressive file is unseen
BEYOND_CHROMIUM = {"progressive-zeros-before-end"}

every_file = pytest.mark.parametrize("name", MATRIX)


def absent(reason: str) -> None:
    """Skips at the desk and fails in CI."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def luma_of(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Y′ of RGB (ITU-T T.871, 7)."""
    return rgb.astype(float) @ [0.299, 0.587, 0.114]


def assert_luma_kept(rgb: NDArray[np.uint8], grey: NDArray[np.uint8]) -> None:
    """Y′ equals the grey level within RGB's rounding, wherever no channel is clipped."""
    inside = ((rgb > 0) & (rgb < 255)).all(axis=2)
    assert np.abs(luma_of(rgb) - grey)[inside].max(initial=0) <= 1.5


@every_file
def test_opencv(name: str) -> None:
    def decoded(jpeg: bytes, mode: int) -> NDArray[np.uint8]:
        shown = cv2.imdecode(np.frombuffer(jpeg, np.uint8), mode | cv2.IMREAD_IGNORE_ORIENTATION)
        return np.asarray(shown)

    grey = decoded(grey_file(name), cv2.IMREAD_GRAYSCALE)
    np.testing.assert_array_equal(decoded(coloured_file(name), cv2.IMREAD_GRAYSCALE), grey)
    rgb = decoded(coloured_file(name), cv2.IMREAD_COLOR)[..., ::-1]
    assert np.abs(rgb.astype(int) - levels(coloured_file(name))).mean() < 1


@every_file
def test_ffmpeg(name: str) -> None:
    def planes(jpeg: bytes) -> list[NDArray[np.uint8]]:
        (frame,) = av.CodecContext.create("mjpeg", "r").decode(av.Packet(jpeg))
        return [
            np.frombuffer(p, np.uint8).reshape(p.height, p.line_size)[:, : p.width]
            for p in frame.planes
        ]

    (grey,) = planes(grey_file(name))
    luma, cb, cr = planes(coloured_file(name))
    np.testing.assert_array_equal(luma, grey)
    assert cb.shape == cr.shape == tuple(-(-side // 2) for side in luma.shape)


def test_chromium(tmp_path: Path) -> None:
    browser = shutil.which("chromium")
    if not browser:
        absent("chromium is absent: apt-get install chromium")
        return
    shown = decode_in_chromium(browser, [coloured_file(name) for name in MATRIX], tmp_path)
    failed = {name for name, rgba in zip(MATRIX, shown, strict=True) if not rgba}
    assert failed == BEYOND_CHROMIUM
    for name, rgba in zip(MATRIX, shown, strict=True):
        if rgba:
            pillow = upright(coloured_file(name))
            rgb = np.frombuffer(rgba, np.uint8).reshape(*pillow.shape[:2], 4)[..., :3]
            assert_luma_kept(rgb, upright(grey_file(name)))
            assert np.abs(rgb.astype(int) - pillow).mean() < 1, name


def test_npm_jpeg_js(tmp_path: Path) -> None:
    node = shutil.which("node")
    if not node or not (DECODERS / "node_modules").is_dir():
        absent("jpeg-js is absent: npm ci --prefix tests/decoders")
        return
    for number, name in enumerate(MATRIX):
        (tmp_path / f"{number}-colour").write_bytes(coloured_file(name))
        (tmp_path / f"{number}-grey").write_bytes(grey_file(name))
    subprocess.run([node, DECODERS / "decode.mjs", *sorted(tmp_path.iterdir())], check=True)
    failed = set()
    for number, name in enumerate(MATRIX):
        grey, colour = (
            np.fromfile(tmp_path / f"{number}-{kind}.rgba", np.uint8).reshape(-1, 1, 4)[..., :3]
            for kind in ("grey", "colour")
        )
        if colour.size:
            assert_luma_kept(colour, grey[..., 0])
        else:
            failed.add(name)
    assert failed == BEYOND_JPEG_JS


def test_a_grey_file_would_fail_these_checks() -> None:
    grey = levels(grey_jpeg(16, 16))
    with pytest.raises(AssertionError):
        assert_luma_kept(np.dstack([grey // 2 + 60] * 3), grey)
