"""A film is shown as light as its source was, each by the tags of its own file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("av")
import av
from video_files import WIDTH, picture_of, pictures, write_film

from photochrom.media.video_writing import EncoderSettings

LEVELS = [0, 5, 10, 21, 64, 128, 200, 230, 241, 249, 255, 90]
LOSSLESS = EncoderSettings(crf=0)
STUDIO, FULL = 1, 2
BT601, BT709 = 5, 1  # as libswscale calls them
DEFAULTS = {"h264": "out.mp4", "ffv1": "out.mkv", "prores": "out.mov"}
CODECS = [*DEFAULTS.items(), ("h264", "out.mov"), ("h264", "out.mkv"), ("prores", "out.mkv")]


def bars(height: int = 64) -> np.ndarray:
    """Upright bars of `LEVELS`, (height, WIDTH)."""
    return np.tile(np.repeat(np.array(LEVELS, np.uint8), WIDTH // len(LEVELS)), (height, 1))


def film_in(path: Path, pix_fmt: str) -> Path:
    """A lossless film of `bars`, and of the bars the other way round, without any tag."""
    frames = [bars(), np.ascontiguousarray(bars()[:, ::-1])]
    if pix_fmt in ("rgb24", "bgr0"):
        return write_pictures(path, [rgb_picture(np.dstack([luma] * 3)) for luma in frames])
    deep = [_ten_bits(luma) if "10" in pix_fmt else luma for luma in frames]
    encoder = "mjpeg" if pix_fmt.startswith("yuvj") else "ffv1"
    return write_film(path, deep, pix_fmt=pix_fmt, encoder=encoder, options={"qscale": "1"})


def _ten_bits(luma: np.ndarray) -> np.ndarray:
    return np.rint(luma * (1023 / 255)).astype(np.uint16)


def rgb_picture(rgb: np.ndarray) -> Any:
    return av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="bgr0")


def write_pictures(path: Path, frames: list[Any]) -> Path:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("ffv1", rate=25)
        stream.width, stream.height = frames[0].width, frames[0].height
        stream.pix_fmt = frames[0].format.name
        for time, picture in enumerate(frames):
            picture.pts = time
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def displayed(path: Path) -> list[np.ndarray]:
    """The frames as FFmpeg shows them by the file's own tags, (h, w, 3)."""
    return [shown(picture) for picture in pictures(path)]


def shown(picture: Any) -> np.ndarray:
    is_full = picture.color_range == FULL or picture.format.name.startswith("yuvj")
    untagged = picture.colorspace in (0, 2)
    hd = picture.height >= 720 if untagged else picture.colorspace == 1
    rgb = picture.reformat(
        format="rgb48le",  # more exact than rgb24
        src_colorspace=BT709 if hd else BT601,
        src_color_range=FULL if is_full else STUDIO,
        dst_color_range=FULL,
    )
    return (rgb.to_ndarray() >> 8).astype(int)


@pytest.mark.parametrize(("codec", "target"), CODECS)
@pytest.mark.parametrize("pix_fmt", ["bgr0", "gray", "gray10le", "yuvj420p", "yuv420p"])
def test_tones_are_shown_as_the_source_shows_them(coloured, tmp_path, pix_fmt, codec, target):
    source = film_in(tmp_path / "in.mkv", pix_fmt)
    outcome = coloured(source, target, codec=codec, encoder=LOSSLESS, strength=0.0)
    made = displayed(outcome.path)
    assert len(made) == 2
    inside = slice(4, None, WIDTH // len(LEVELS))  # ProRes rings where bars meet
    for own, given in zip(made, displayed(source), strict=True):
        assert np.abs(own - given)[:, inside].max() <= (2 if codec == "prores" else 1)


@pytest.mark.parametrize("codec", ["h264", "ffv1"])
def test_coloured_tones_are_as_light_as_the_source(coloured, tmp_path, codec):
    source = film_in(tmp_path / "in.mkv", "bgr0")
    made = displayed(coloured(source, DEFAULTS[codec], codec=codec, encoder=LOSSLESS).path)
    weights = np.array([0.299, 0.587, 0.114])
    for own, given in zip(made, displayed(source), strict=True):
        assert np.abs(own @ weights - given @ weights).mean() < 1


@pytest.mark.parametrize(("height", "weights"), [
    (64, [0.299, 0.587, 0.114]), (720, [0.2126, 0.7152, 0.0722])
])  # fmt: skip
def test_rgb_is_shown_as_light_as_the_matrix_of_its_height_says(
    coloured, tmp_path, height, weights
):
    rgb = np.zeros((height, 64, 3), np.uint8)
    rgb[:, :32], rgb[:, 32:] = (200, 100, 50), (30, 60, 220)
    source = write_pictures(tmp_path / "in.mkv", [rgb_picture(rgb)])
    outcome = coloured(source, "out.mp4", codec="h264", encoder=LOSSLESS, strength=0.0)
    (own,) = displayed(outcome.path)
    assert np.abs(own - (rgb @ np.array(weights))[..., None]).max() <= 1


@pytest.mark.parametrize(("codec", "target"), CODECS)
@pytest.mark.parametrize("pix_fmt", ["bgr0", "gray"])
def test_frames_say_which_matrix_and_range_they_have(coloured, tmp_path, pix_fmt, codec, target):
    source = film_in(tmp_path / "in.mkv", pix_fmt)
    made = pictures(coloured(source, target, codec=codec).path)
    full = STUDIO if codec == "prores" else FULL
    assert {(int(p.colorspace), int(p.color_range)) for p in made} == {(6, full)}


def test_grey_that_says_studio_range_keeps_it(coloured, tmp_path):
    """As the monochrome of HEVC and AV1 does; FFmpeg's own RGB of it takes no notice."""
    source = write_film(tmp_path / "in.mkv", [bars()], pix_fmt="gray", tags={"color_range": STUDIO})
    (own,) = displayed(coloured(source, codec="ffv1", strength=0.0).path)
    as_yuv = picture_of(bars(), "yuv420p", 0)
    assert np.abs(own - shown(as_yuv)).max() <= 1
