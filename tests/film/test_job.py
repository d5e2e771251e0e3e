"""A film from file to file: what is kept, level by level, tick by tick, byte by byte."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate

import numpy as np
import pytest

pytest.importorskip("av")
from video_files import (
    STEP,
    TICKS,
    moving,
    packets_of,
    pictures,
    plane,
    read_luma,
    times_of,
    two_shots,
    write_film,
)

SUBTITLES = [(0.1, 0.4, "Hello"), (0.5, 0.9, "Good bye")]


def test_luma_is_kept_level_by_level_and_colour_is_added(coloured, tmp_path):
    frames = two_shots()
    outcome = coloured(write_film(tmp_path / "in.mkv", frames))
    assert (outcome.frames, outcome.shots, outcome.broken) == (24, 2, 0)
    made = read_luma(outcome.path)
    assert len(made) == 24
    assert all(np.array_equal(own, luma) for own, luma in zip(made, frames, strict=True))
    chroma = [plane(picture, 1).astype(int) - 128 for picture in pictures(outcome.path)]
    assert min(np.abs(colours).max() for colours in chroma) > 3


@pytest.mark.parametrize("target", ["out.mp4", "out.mov", "out.mkv"])
def test_uneven_times_are_kept_exactly(coloured, tmp_path, target):
    times = [0, *accumulate([3600, 900, 7200, 3600, 90, 1800, 45000, 3600, 3690, 1800])]
    source = write_film(tmp_path / "in.mp4", moving(len(times)), times=times, encoder="libx264")
    given = times_of(source)
    assert given == [time * TICKS for time in times]
    made = times_of(coloured(source, target).path)
    if target.endswith(".mkv"):  # holds whole milliseconds
        assert [round(time * 1000) for time in given] == [time * 1000 for time in made]
    else:
        assert made == given


def test_sound_and_subtitles_are_copied_untouched(coloured, tmp_path):
    source = write_film(
        tmp_path / "in.mkv",
        moving(25),
        seconds_of_sound=1,
        subtitles=SUBTITLES,
        metadata={"title": "A walk"},
    )
    made = coloured(source).path
    for kind in ("audio", "subtitle"):
        assert packets_of(made, kind) == packets_of(source, kind)
    assert len(packets_of(made, "subtitle")) == 2


@pytest.mark.parametrize("pix_fmt", [
    "yuv420p10le", "yuv422p10le", "yuv422p", "yuv444p", "gray", "gray10le", "yuv411p",
])  # fmt: skip
def test_depth_and_subsampling_are_kept(coloured, tmp_path, pix_fmt):
    deep = "10" in pix_fmt
    frames = [frame.astype(np.uint16) * 4 + 1 if deep else frame for frame in moving(4)]
    source = write_film(tmp_path / "in.mkv", frames, pix_fmt=pix_fmt)
    made = pictures(coloured(source, codec="ffv1").path)
    held = pix_fmt.replace("gray10le", "yuv420p10le").replace("gray", "yuv420p")
    assert {picture.format.name for picture in made} == {held}
    for picture, luma in zip(made, frames, strict=True):
        assert np.array_equal(plane(picture, 0, luma.dtype), luma)


@pytest.mark.parametrize(("pix_fmt", "held"), [
    ("yuv420p", "yuv422p10le"), ("yuv422p", "yuv422p10le"), ("yuv444p", "yuv444p10le"),
    ("yuv420p10le", "yuv422p10le"), ("yuv422p10le", "yuv422p10le"),
])  # fmt: skip
def test_prores_holds_the_same_luma_in_10_bits(coloured, tmp_path, pix_fmt, held):
    deep = "10" in pix_fmt
    frames = [frame.astype(np.uint16) * 4 + 1 if deep else frame for frame in moving(4)]
    source = write_film(tmp_path / "in.mkv", frames, pix_fmt=pix_fmt)
    made = pictures(coloured(source, "out.mov", codec="prores").path)
    assert {picture.format.name for picture in made} == {held}
    for picture, luma in zip(made, frames, strict=True):
        away = plane(picture, 0, np.uint16).astype(int) - luma.astype(int) * (1 if deep else 4)
        assert np.abs(away).mean() < 1  # ProRes is lossy, and no lighter or darker
        assert abs(away.mean()) < 0.1


@pytest.mark.parametrize("pix_fmt", ["yuvj420p", "yuv422p", "yuv444p", "gray", "yuvj422p"])
def test_h264_gets_the_luma_of_eight_bits_as_it_is(coloured, tmp_path, pix_fmt):
    frames = moving(5)
    encoder = "mjpeg" if pix_fmt.startswith("yuvj") else "ffv1"
    source = write_film(tmp_path / "in.mkv", frames, pix_fmt=pix_fmt, encoder=encoder)
    given = read_luma(source)
    from photochrom.media.video_writing import EncoderSettings

    made = read_luma(coloured(source, "out.mp4", encoder=EncoderSettings(crf=0)).path)
    assert all(np.array_equal(own, luma) for own, luma in zip(made, given, strict=True))


def test_a_stretch_begins_at_nought_with_its_own_sound_and_subtitles(coloured, tmp_path):
    source = write_film(
        tmp_path / "in.mkv", moving(50), seconds_of_sound=2, subtitles=[(0.1, 0.3, "gone"),
        (1.2, 1.5, "kept"), (1.9, 2.0, "late")],
    )  # fmt: skip
    outcome = coloured(source, begin="1", end="0:01.6")
    assert times_of(outcome.path) == [Fraction(i, 25) for i in range(15)]
    frames = moving(50)
    assert all(
        np.array_equal(own, luma)
        for own, luma in zip(read_luma(outcome.path), frames[25:40], strict=True)
    )
    ((start, text),) = packets_of(outcome.path, "subtitle")
    assert (start, text) == (Fraction(1, 5), b"kept")
    sound = packets_of(outcome.path, "audio")
    assert 0 <= sound[0][0] < 0.03
    assert 0.55 < sound[-1][0] < 0.6


def test_a_number_of_frames_ends_the_film_and_its_sound(coloured, tmp_path):
    source = write_film(tmp_path / "in.mkv", moving(30), seconds_of_sound=1.2)
    outcome = coloured(source, "out.mp4", frames=10)
    assert outcome.frames == len(pictures(outcome.path)) == 10
    assert 0.3 < packets_of(outcome.path, "audio")[-1][0] < 10 * STEP * TICKS


def test_a_subtitle_that_is_shown_as_a_stretch_begins_is_kept(coloured, tmp_path):
    source = write_film(tmp_path / "in.mkv", moving(50), subtitles=[(0.8, 1.4, "still here")])
    outcome = coloured(source, begin="1")
    assert packets_of(outcome.path, "subtitle") == [(0, b"still here")]


def test_titles_languages_chapters_and_fonts_are_kept(coloured, tmp_path):
    import av

    source = write_film(tmp_path / "in.mkv", moving(25), seconds_of_sound=1)
    rich = tmp_path / "rich.mkv"
    with av.open(str(source)) as given, av.open(str(rich), "w") as container:
        container.metadata["title"] = "A walk"
        streams = {
            s.index: container.add_stream_from_template(s, opaque=True) for s in given.streams
        }
        streams[1].metadata["language"] = "ger"
        container.add_attachment("type.ttf", "font/ttf", b"letters")
        chapter = {"id": 1, "start": 0, "end": 500, "time_base": Fraction(1, 1000)}
        container.set_chapters([chapter | {"metadata": {"title": "Gate"}}])
        for packet in given.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream_index]
                container.mux(packet)
    with av.open(str(coloured(rich).path)) as made:
        assert made.metadata["TITLE" if "TITLE" in made.metadata else "title"] == "A walk"
        assert made.streams.audio[0].language == "ger"
        (font,) = made.streams.attachments
        assert (font.name, font.data) == ("type.ttf", b"letters")
        assert [chapter["metadata"]["title"] for chapter in made.chapters()] == ["Gate"]
