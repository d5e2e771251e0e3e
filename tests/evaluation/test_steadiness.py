"""A film's frames are compared with those before them, film by film."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from evaluation.conftest import chart
from photochrom.errors import InputError
from photochrom.evaluation.film_frames import opened_film
from photochrom.evaluation.metrics.video import colour_histograms, divergence

VIDEO = ("video",)


@pytest.fixture
def frames(tmp_path):
    """Two films: six frames of a moving picture, and three of another."""
    for film, count in (("a", 6), ("b", 3)):
        (tmp_path / "film" / film).mkdir(parents=True)
        whole = chart(ord(film), 64, 120)
        for i in range(count):
            Image.fromarray(whole[:, 2 * i : 2 * i + 80]).save(tmp_path / f"film/{film}/{i:03}.png")
    return tmp_path / "film"


def test_frames_are_compared_within_their_film(frames, run_evaluation):
    finished = run_evaluation(["grey", "sepia"], frames, video=True, metrics=VIDEO)
    found = finished.evaluation
    assert [photo.name for photo in found.pictures][5:7] == ["a/005.png", "b/000.png"]
    for scores in (*found.scores.values(), found.truth):
        assert np.isnan(scores["cdc_1"]).nonzero()[0].tolist() == [0, 6]
        assert np.isnan(scores["cdc_2"]).nonzero()[0].tolist() == [0, 1, 6, 7]
        assert np.isnan(scores["cdc_4"]).nonzero()[0].tolist() == [0, 1, 2, 3, 6, 7, 8]
        assert np.isnan(scores["warp_error"]).nonzero()[0].tolist() == [0, 6]
    histograms = [colour_histograms(finished.pictures.painted("sepia", i)) for i in (2, 4)]
    assert found.scores["sepia"]["cdc_2"][4] == pytest.approx(divergence(*histograms))


def test_cdc_is_the_mean_of_three_distances(frames, run_evaluation):
    found = run_evaluation(["sepia"], frames, video=True, metrics=VIDEO).evaluation
    means = [np.nanmean(found.scores["sepia"][f"cdc_{n}"]) for n in (1, 2, 4)]
    assert found.summaries["sepia"]["cdc"].value == pytest.approx(np.mean(means))
    assert found.truth_summaries["cdc"].value > 0


def test_models_of_films_are_told_apart_by_paired_frames(frames, run_evaluation):
    found = run_evaluation(["sepia", "grey"], frames, video=True, metrics=VIDEO).evaluation
    paired = found.difference("cdc", "sepia", "grey")
    means = [found.summaries[model]["cdc"].value for model in ("sepia", "grey")]
    assert paired.interval.value == pytest.approx(means[0] - means[1])
    assert paired.interval.low <= paired.interval.value <= paired.interval.high


def test_flicker_is_seen(frames, run_evaluation, tmp_path):
    flickering = tmp_path / "flickering"
    for path in sorted(frames.rglob("*.png")):
        target = flickering / path.relative_to(frames)
        target.parent.mkdir(parents=True, exist_ok=True)
        rgb = np.asarray(Image.open(path)).copy()
        rgb[..., 0] //= 1 + int(path.stem) % 2
        Image.fromarray(rgb).save(target)
    found = run_evaluation([str(flickering)], frames, video=True, metrics=VIDEO).evaluation
    for name in ("cdc_1", "warp_error"):
        own, true = found.summaries["flickering"][name], found.truth_summaries[name]
        assert own.value > 3 * true.value
    assert (
        found.summaries["flickering"]["cdc_1"].value > found.summaries["flickering"]["cdc_2"].value
    )


def test_a_second_run_gives_the_same_from_the_cache(frames, run_evaluation, tmp_path):
    kept = tmp_path / "cache.sqlite"
    first, second = (
        run_evaluation(["sepia"], frames, video=True, metrics=VIDEO, cache=kept).evaluation
        for _ in range(2)
    )
    np.testing.assert_array_equal(first.scores["sepia"]["cdc_4"], second.scores["sepia"]["cdc_4"])
    assert first.summaries["sepia"]["cdc"] == second.summaries["sepia"]["cdc"]


def test_a_limit_takes_the_first_frames(frames, run_evaluation):
    found = run_evaluation(["grey"], frames, video=True, metrics=VIDEO, limit=3).evaluation
    assert [photo.name for photo in found.pictures] == ["a/000.png", "a/001.png", "a/002.png"]


@pytest.fixture
def film(tmp_path):
    """A film of eight frames with little loss."""
    av = pytest.importorskip("av")
    path = tmp_path / "moving.mp4"
    whole = chart(5, 64, 120)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=12)
        stream.width, stream.height, stream.pix_fmt = 80, 64, "yuv420p"
        for i in range(8):
            picture = np.ascontiguousarray(whole[:, 2 * i : 2 * i + 80])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def test_a_film_is_measured_frame_by_frame(film):
    with opened_film(film, size_px=32, limit=None) as folder:
        frames = sorted(folder.iterdir())
        assert [path.name for path in frames] == [f"{i:06}.png" for i in range(1, 9)]
        with Image.open(frames[0]) as first:
            assert first.size == (40, 32)
    assert not folder.exists()


def test_a_limit_takes_a_films_first_frames(film):
    with opened_film(film, size_px=256, limit=3) as folder:
        assert len(list(folder.iterdir())) == 3


def test_what_is_no_film_is_refused(tmp_path):
    pytest.importorskip("av")
    path = tmp_path / "broken.mp4"
    path.write_bytes(b"this is no film")
    with (
        pytest.raises(InputError, match="cannot be read as a film"),
        opened_film(path, size_px=64, limit=None),
    ):
        pass
    with (
        pytest.raises(InputError, match="does not exist"),
        opened_film(tmp_path / "none.mp4", size_px=64, limit=None),
    ):
        pass
