"""Colour tags, range, rotation, fields and damage: what a film says of itself stays true."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("av")
from video_files import moving, pictures, plane, read_luma, times_of, write_film

from photochrom.film.plan import Wanted, plan_film
from photochrom.media.video import read_film

CONTAINERS = ["out.mp4", "out.mov", "out.mkv"]


def tags_of(path):
    import av

    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        return context.colorspace, context.color_range, context.color_trc


@pytest.mark.parametrize("target", CONTAINERS)
@pytest.mark.parametrize(("matrix", "full"), [(1, False), (5, False), (6, True), (9, False)])
def test_matrix_and_range_are_the_films_own(coloured, tmp_path, target, matrix, full):
    tags = {"colorspace": matrix, "color_range": 2 if full else 1, "color_trc": 1}
    source = write_film(tmp_path / "in.mp4", moving(3), encoder="libx264", tags=tags)
    film = read_film(source)
    assert (film.matrix, film.full_range) == (matrix, full)
    made = coloured(source, target, codec="h264").path
    assert tags_of(made) == (matrix, 2 if full else 1, 1)


@pytest.mark.parametrize(("height", "matrix"), [(576, 6), (718, 6), (720, 1), (1080, 1)])
def test_an_untagged_film_is_601_below_720_lines_else_709(tmp_path, height, matrix):
    source = write_film(tmp_path / "in.mkv", [np.full((height, 64), 90, np.uint8)])
    plan = plan_film(source, tmp_path / "out.mp4", Wanted())
    assert plan.target.matrix == matrix
    assert not plan.target.coding.full_range


@pytest.mark.parametrize("target", CONTAINERS)
@pytest.mark.parametrize("rotation", [90, 180, -90])
def test_rotation_is_kept_and_the_network_sees_the_frame_upright(
    coloured, colorizer, tmp_path, target, rotation
):
    upright = moving(3, height=64, width=96)
    turns = {90: 3, 180: 2, -90: 1}[rotation]  # that undo it
    stored = [np.ascontiguousarray(np.rot90(luma, turns)) for luma in upright]
    source = write_film(tmp_path / "in.mp4", stored, encoder="libx264", rotation=rotation)
    assert (pictures(source)[0].rotation - rotation) % 360 == 0
    turned = coloured(source, target, codec="h264").path
    assert (pictures(turned)[0].rotation - rotation) % 360 == 0
    straight = coloured(write_film(tmp_path / "straight.mp4", upright, encoder="libx264"), "s.mp4")
    lying = coloured(write_film(tmp_path / "lying.mp4", stored, encoder="libx264"), "l.mp4")
    for number in (1, 2):
        own = plane(pictures(turned)[1], number).astype(int)
        as_upright = np.rot90(plane(pictures(straight.path)[1], number), turns).astype(int)
        as_stored = plane(pictures(lying.path)[1], number).astype(int)
        off = np.abs(own - as_upright).mean()
        assert off < 5.5
        assert 1.8 * off < np.abs(own - as_stored).mean()
        assert np.corrcoef(own.ravel(), as_upright.ravel())[0, 1] > 0.8


@pytest.mark.parametrize(("codec", "target"), [
    ("h264", "out.mp4"), ("h264", "out.mkv"), ("prores", "out.mov"), ("ffv1", "out.mkv")
])  # fmt: skip
def test_fields_are_kept_and_flagged(coloured, tmp_path, codec, target):
    import av

    frames = moving(12)
    for earlier, later in zip(frames, frames[3:], strict=False):
        earlier[1::2] = later[1::2]  # the second field is of a later moment
    source = write_film(
        tmp_path / "in.mp4", frames, encoder="libx264", options={"x264-params": "tff=1", "crf": "0"}
    )
    assert pictures(source)[0].interlaced_frame
    assert read_film(source).fields == "tff"
    outcome = coloured(source, target, codec=codec)
    with av.open(str(outcome.path)) as container:
        flagged = container.streams.video[0].codec_context.field_order
        assert flagged in (2, 4) or all(p.interlaced_frame for p in container.decode(video=0))
    if codec == "ffv1":
        assert np.array_equal(read_luma(outcome.path), read_luma(source))


def test_broken_frames_are_counted_and_the_rest_goes_on(coloured, tmp_path):
    frames = moving(40)
    source = write_film(tmp_path / "in.mp4", frames, encoder="libx264", options={"g": "5"})
    film = bytearray(source.read_bytes())
    for place in (0.3, 0.5, 0.7):
        start = int(len(film) * place)
        film[start : start + 200] = np.random.default_rng(1).bytes(200)
    source.write_bytes(film)
    outcome = coloured(source)
    assert outcome.broken > 0
    assert 20 < outcome.frames <= 40
    assert outcome.frames == len(times_of(outcome.path))


def test_a_film_that_ends_early_is_coloured_as_far_as_it_goes(coloured, tmp_path):
    source = write_film(tmp_path / "in.mkv", moving(40), seconds_of_sound=1.6)
    film = source.read_bytes()
    source.write_bytes(film[: len(film) * 2 // 3])
    outcome = coloured(source)
    assert 10 < outcome.frames < 40
    assert len(pictures(outcome.path)) == outcome.frames
    assert "0:01.6" in str(outcome.ends_early)
    assert "the pictures end at 0:0" in str(outcome.ends_early)


@pytest.mark.parametrize("begin", ["0", "0.5"])
def test_a_film_without_an_index_can_be_entered_anywhere(coloured, tmp_path, begin):
    source = write_film(tmp_path / "in.h264", moving(25), encoder="libx264")
    outcome = coloured(source, "out.mp4", begin=begin)
    assert outcome.frames == (25 if begin == "0" else 12)
    assert times_of(outcome.path)[0] == 0


def test_many_bits_in_few_are_said(tmp_path):
    frames = [frame.astype(np.uint16) * 4 for frame in moving(2)]
    source = write_film(tmp_path / "in.mkv", frames, pix_fmt="yuv422p10le")
    plan = plan_film(source, tmp_path / "out.mp4", Wanted())
    assert "8 of the film's 10 bits; ffv1 or prores keeps them" in plan.notes[0]
