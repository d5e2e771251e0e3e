"""Motion, cuts and steady colours on films whose motion is known."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2")
from video_files import moving

from photochrom.color.smooth import remembered
from photochrom.film import steadying
from photochrom.film.ahead import ahead
from photochrom.film.flow import Flow
from photochrom.film.shots import steps
from photochrom.film.steadying import steadied

HEIGHT, WIDTH = 120, 160


def pan(count, seed=1):
    """Frames that pan by a pixel and a half to the right, half a pixel down, with grain."""
    generator = np.random.default_rng(seed)
    return [
        np.clip(frame + generator.normal(0, 2, frame.shape), 0, 255).astype(np.uint8)
        for frame in moving(count, seed=seed, height=HEIGHT, width=WIDTH)
    ]


def numbered(frames):
    return list(enumerate(frames))


def flickering(frame, luma):
    """What a network may see: chroma by the luma, and a cast of every frame's own."""
    generator = np.random.default_rng(frame)
    chroma = np.stack([luma / 8.0 - 12, 14 - luma / 10.0]).astype(np.float32)
    return remembered(chroma + generator.normal(0, 6, (2, 1, 1)).astype(np.float32))


def test_motion_leads_back_to_where_a_pixel_was():
    first, second = pan(2)
    motion = Flow().between(first, second)
    inner = np.s_[30:-30, 30:-30]
    x = motion.back.planes[..., 0] - np.arange(WIDTH)
    there = motion.back.fetch(motion.forth.planes)[..., 0] - np.arange(WIDTH)
    assert 0.5 < np.median(x[inner]) < 2.5
    assert np.abs(there[inner]).mean() < 0.5
    assert motion.back.trust[inner].mean() > 0.8


def test_what_is_hidden_is_not_trusted():
    first = np.full((HEIGHT, WIDTH), 90, np.uint8)
    first[::8], second = 130, None
    second = first.copy()
    first[40:80, 40:80] = 220
    second[40:80, 60:100] = 220
    motion = Flow(careful=True).between(first, second)
    assert motion.back.trust[45:75, 42:56].mean() < 0.5
    assert motion.back.trust[:30].mean() > 0.9


def test_paths_are_followed_one_after_the_other():
    frames = pan(3)
    flow = Flow(careful=True)
    step = [flow.between(a, b).back for a, b in ((frames[0], frames[1]), (frames[1], frames[2]))]
    both = step[1].then(step[0])
    inner = np.s_[30:-30, 30:-30]
    moved = [path.planes[..., 0] - np.arange(WIDTH) for path in (*step, both)]
    np.testing.assert_allclose(
        np.median(moved[2][inner]),
        np.median(moved[0][inner]) + np.median(moved[1][inner]),
        atol=0.3,
    )


def test_shots_begin_at_cuts_and_only_there():
    frames = [*pan(9, seed=1), *pan(7, seed=8), *pan(2, seed=3), *pan(9, seed=4)]
    begins = [step.frame for step in steps(numbered(frames)) if step.motion is None]
    assert begins == [0, 9, 16, 18]
    assert [step.frame for step in steps(numbered(frames))] == list(range(len(frames)))


def test_a_flash_is_no_cut():
    frames = pan(16)
    for number in (6, 7):
        frames[number] = np.clip(255 - frames[number] // 6, 0, 255).astype(np.uint8)
    found = list(steps(numbered(frames)))
    assert [step.frame for step in found if step.motion is None] == [0]
    assert [step.frame for step in found if step.is_flash] == [6, 7]


def test_fading_light_is_no_cut():
    frames = [(frame * (1 - i / 30)).astype(np.uint8) for i, frame in enumerate(pan(24))]
    assert [step.frame for step in steps(numbered(frames)) if step.motion is None] == [0]


def means(frames, **options):
    return np.array(
        [item.small.chroma.mean(axis=(1, 2)) for item in steadied(numbered(frames), flickering)]
    )


def test_every_frame_comes_once_in_order():
    frames = [*pan(23), *pan(5, seed=8), *pan(1, seed=3), *pan(40, seed=4)]
    items = list(steadied(numbered(frames), flickering))
    assert [item.frame for item in items] == list(range(len(frames)))
    assert [item.frame for item in items if item.key and item.key.opens_shot] == [0, 23, 28, 29]


def test_flicker_goes_and_the_mean_stays():
    frames = pan(60)
    seen = np.array([flickering(i, luma)[..., :2].mean((0, 1)) for i, luma in numbered(frames)])
    steady = means(frames)
    assert np.abs(np.diff(steady, axis=0)).mean() < 0.08 * np.abs(np.diff(seen, axis=0)).mean()
    assert np.abs(steady.mean(axis=0) - seen.mean(axis=0)).max() < 6  # it sees one in eight


def test_colours_stay_on_what_they_belong_to():
    frames = pan(20)
    for item in steadied(numbered(frames), flickering):
        own = frames[item.frame][20:-20, 20:-20].astype(float).ravel()
        cb = item.small.chroma[0][20:-20, 20:-20].ravel()
        assert np.corrcoef(own, cb)[0, 1] > 0.95


def test_nothing_crosses_a_cut():
    first, second = pan(20), pan(30, seed=8)
    alone = [item.small.chroma for item in steadied(list(enumerate(second, 20)), flickering)]
    after = [item.small.chroma for item in steadied(numbered([*first, *second]), flickering)][20:]
    assert all(np.array_equal(own, other) for own, other in zip(alone, after, strict=True))


def test_the_future_counts_too():
    def late(frame, luma):
        return remembered(np.full((2, *luma.shape), 0.0 if frame < 8 else 20.0, np.float32))

    colours = [item.small.chroma.mean() for item in steadied(numbered(pan(40)), late)]
    assert colours[0] > 5
    assert np.abs(np.diff(colours)).max() < 3


def test_going_on_within_a_shot_gives_the_same(monkeypatch):
    monkeypatch.setattr(steadying, "SPACING", 4)
    frames = pan(48)
    whole = list(steadied(numbered(frames), flickering))
    place = next(item for item in whole if item.key and item.frame > 20)
    rest = steadied(list(enumerate(frames))[place.frame :], flickering, known=place.key.known)
    for own, other in zip(rest, whole[place.frame :], strict=True):
        assert np.array_equal(own.small.chroma, other.small.chroma)


def test_a_thread_ahead_gives_all_raises_its_errors_and_ends_with_its_taker():
    assert list(ahead(range(100), 3)) == list(range(100))

    def failing():
        yield 1
        raise ValueError("no")

    taken = ahead(failing(), 3)
    assert next(taken) == 1
    with pytest.raises(ValueError, match="no"):
        next(taken)
    closed = []

    def endless():
        try:
            while True:
                yield 1
        finally:
            closed.append(True)

    taking = ahead(endless(), 2)
    next(taking)
    taking.close()
    assert closed == [True]
