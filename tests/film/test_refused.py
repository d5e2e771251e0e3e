"""What is no film that can be coloured is refused in words, before anything is written."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.errors import InputError, SetupError

pytest.importorskip("av")
from video_files import STEP, moving, write_film

SUBTITLES = [(0.1, 0.4, "Hello")]


def refusal(coloured, source, target="out.mp4", error=InputError, **wanted):
    with pytest.raises(error) as raised:
        coloured(source, target, **wanted)
    left = [path.name for path in source.parent.iterdir() if path.name.startswith((".", "out"))]
    assert not left
    return str(raised.value)


def test_a_missing_film(coloured, tmp_path):
    assert "does not exist" in refusal(coloured, tmp_path / "none.mp4")


def test_a_folder(coloured, tmp_path):
    (tmp_path / "films").mkdir()
    assert "is a folder" in refusal(coloured, tmp_path / "films")


def test_what_is_no_film(coloured, tmp_path):
    source = tmp_path / "letter.mp4"
    source.write_text("Dear Sir, " * 100)
    assert "cannot be read as a film" in refusal(coloured, source)
    source.write_bytes(b"")
    assert "is empty" in refusal(coloured, source)


def test_a_film_without_its_index(coloured, tmp_path):
    whole = write_film(tmp_path / "whole.mp4", moving(10), encoder="libx264").read_bytes()
    source = tmp_path / "cut.mp4"
    source.write_bytes(whole[: whole.rfind(b"moov") - 4])
    words = refusal(coloured, source)
    assert "index" in words
    assert "moov" in words


def test_sound_without_pictures(coloured, tmp_path):
    import av

    source = tmp_path / "song.mka"
    with av.open(str(source), "w", format="matroska") as container:
        stream = container.add_stream("aac", rate=44100)
        for start in range(0, 8192, 1024):
            frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), format="fltp")
            frame.sample_rate, frame.pts = 44100, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert "no moving pictures, only audio" in refusal(coloured, source)


def test_a_cover_is_no_film(coloured, tmp_path):
    import av

    cover = io.BytesIO()
    Image.new("L", (64, 64)).save(cover, "JPEG")
    source = tmp_path / "song.mp4"
    with av.open(str(source), "w") as container:
        sound = container.add_stream("aac", rate=44100)
        picture = container.add_mux_stream("mjpeg", width=64, height=64)
        picture.disposition = av.stream.Disposition.attached_pic
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), format="fltp")
        frame.sample_rate, frame.pts = 44100, 0
        container.mux(sound.encode(frame))
        packet = av.Packet(cover.getvalue())
        packet.stream, packet.pts, packet.dts = picture, 0, 0
        container.mux(packet)
        container.mux(sound.encode(None))
    assert "no moving pictures" in refusal(coloured, source)


def test_no_frames(coloured, tmp_path):
    source = write_film(tmp_path / "in.mkv", moving(4), encoder="libx264")
    stream = bytearray(source.read_bytes())
    for start in range(700, len(stream) - 200):
        stream[start] ^= 0x5A
    source.write_bytes(stream)
    words = refusal(coloured, source)
    assert "frames" in words or "cannot be read" in words


@pytest.mark.parametrize(("transfer", "words"), [(16, "PQ"), (18, "HLG")])
def test_hdr(coloured, tmp_path, transfer, words):
    frames = [frame.astype(np.uint16) * 4 for frame in moving(3)]
    source = write_film(
        tmp_path / "in.mkv",
        frames,
        pix_fmt="yuv420p10le",
        tags={"color_trc": transfer, "color_primaries": 9, "colorspace": 9},
    )
    said = refusal(coloured, source)
    assert "HDR" in said
    assert words in said


def test_subtitles_that_the_container_cannot_hold(coloured, tmp_path):
    source = write_film(tmp_path / "in.mkv", moving(10), subtitles=SUBTITLES)
    said = refusal(coloured, source)
    assert "cannot hold the film's subtitles (subrip)" in said
    assert "out.mkv" in said
    assert "--no-subtitles" in said
    assert coloured(source, subtitles=False).frames == 10


def test_a_codec_that_the_container_cannot_hold(coloured, tmp_path):
    source = write_film(tmp_path / "in.mkv", moving(3))
    assert "ffv1 goes into .mkv" in refusal(coloured, source, "out.mp4", codec="ffv1")
    assert "films are written as .mp4" in refusal(coloured, source, "out.webm")
    assert "one of h264, ffv1, prores" in refusal(coloured, source, codec="h265")


def test_odd_sizes_in_h264(coloured, tmp_path):
    source = write_film(tmp_path / "in.mkv", moving(3, height=63, width=95), pix_fmt="yuv444p")
    assert "--codec ffv1" in refusal(coloured, source)
    assert coloured(source).frames == 3


def test_a_film_onto_itself(coloured, tmp_path):
    source = write_film(tmp_path / "in.mp4", moving(3), encoder="libx264")
    before = source.read_bytes()
    with pytest.raises(InputError, match="the film itself"):
        coloured(source, "in.mp4")
    assert source.read_bytes() == before


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"begin": "soon"}, "--from soon"),
        ({"begin": "7"}, "0.4 s long"),
        ({"begin": "0.2", "end": "0.1"}, "does not lie after"),
        ({"begin": "0.39", "end": "0.395"}, "no frames in what is wanted"),
    ],
)
def test_times_that_cannot_be(coloured, tmp_path, wanted, words):
    source = write_film(tmp_path / "in.mp4", moving(10), encoder="libx264")
    with pytest.raises(InputError, match=words):
        coloured(source, **wanted)


def test_a_target_that_cannot_be_written(coloured, tmp_path):
    source = write_film(tmp_path / "in.mkv", moving(3))
    assert "does not exist" in refusal(coloured, source, "none/out.mkv")
    read_only = Path("/proc") if os.geteuid() == 0 else tmp_path / "locked"
    if read_only.name == "locked":
        read_only.mkdir(mode=0o500)
    said = refusal(coloured, source, str(read_only / "out.mkv"), error=SetupError)
    assert "cannot write" in said


def test_a_size_that_changes(coloured, tmp_path):
    parts = [
        write_film(
            tmp_path / f"{height}.ts",
            moving(5, height=height),
            encoder="libx264",
            times=range(start, start + 5 * STEP, STEP),
        )
        for height, start in ((64, 0), (96, 5 * STEP))
    ]
    source = tmp_path / "in.ts"
    source.write_bytes(b"".join(part.read_bytes() for part in parts))
    with pytest.raises(InputError, match=r"change from 96 × 64 to 96 × 96 at .*--from"):
        coloured(source)


def test_a_clock_that_begins_anew(coloured, tmp_path):
    part = write_film(tmp_path / "part.ts", moving(60), encoder="libx264").read_bytes()
    source = tmp_path / "in.ts"
    source.write_bytes(part + part)
    with pytest.raises(InputError, match=r"clock jumps back at 0:02.*--to"):
        coloured(source)
