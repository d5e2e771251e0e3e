"""Evaluations from end to end: equal however they are run, kept, and honest about bad input."""

from __future__ import annotations

import shutil
import tarfile
import zipfile

import numpy as np
import pytest
from PIL import Image

from evaluation.conftest import chart, same_scores
from photochrom.color.difference import colourfulness
from photochrom.evaluation import measure
from photochrom.evaluation.measures import METRICS
from photochrom.evaluation.models import Baseline, Trained
from photochrom.media.pixels import rgb_to_grey

MODELS = ["flagship", "grey"]


def test_every_metric_is_measured(colour_folder, run_evaluation):
    found = run_evaluation(MODELS, colour_folder, metrics=()).evaluation
    names = {facts.name for facts in found.metrics}
    films = {name for name, facts in METRICS.items() if facts.group == "video"}
    assert names == METRICS.keys() - films - {"fid"}
    for name in names - {"ms_ssim"}:  # the photos are too small for MS-SSIM
        assert np.isfinite(found.summaries["flagship"][name].value), name
    assert np.isnan(found.scores["flagship"]["ms_ssim"]).all()
    assert found.summaries["grey"]["fmd"].value > 0


def test_scores_are_those_of_the_pictures(colour_folder, run_evaluation):
    finished = run_evaluation(MODELS, colour_folder)
    found = finished.evaluation
    for i, photo in enumerate(found.pictures):
        truth = finished.pictures.truth(i)
        assert truth.shape[:2] == (photo.height, photo.width)
        assert np.array_equal(finished.pictures.grey(i), rgb_to_grey(truth))
        painted = finished.pictures.painted("flagship", i)
        error = np.square(painted.astype(float) - truth).mean()
        assert found.scores["flagship"]["psnr"][i] == pytest.approx(
            10 * np.log10(255**2 / error), rel=1e-5
        )
        assert found.truth["colourfulness"][i] == pytest.approx(colourfulness(truth), rel=1e-5)


def test_differences_of_pictures_and_of_means_are_both_there(colour_folder, run_evaluation):
    found = run_evaluation(MODELS, colour_folder, metrics=("distribution",)).evaluation
    own, true = found.scores["flagship"]["colourfulness"], found.truth["colourfulness"]
    summaries = found.summaries["flagship"]
    per_picture, of_means = np.abs(own - true).mean(), abs(own.mean() - true.mean())
    assert summaries["colourfulness_difference"].value == pytest.approx(per_picture, rel=1e-5)
    assert summaries["colourfulness_of_means"].value == pytest.approx(of_means, rel=1e-5)
    paired = found.difference("colourfulness_of_means", "flagship", "grey")
    assert paired.interval.high < 0  # ours is nearer to the true ones than grey


@pytest.mark.parametrize("threads", [1, 3])
def test_threads_change_nothing(colour_folder, run_evaluation, threads):
    alone = run_evaluation(MODELS, colour_folder, metrics=(), threads=2).evaluation
    other = run_evaluation(MODELS, colour_folder, metrics=(), threads=threads).evaluation
    assert [photo.name for photo in other.pictures] == [photo.name for photo in alone.pictures]
    assert same_scores(alone, other)


def test_models_measured_apart_score_as_they_do_together(
    colour_folder, run_evaluation, monkeypatch
):
    together = run_evaluation([*MODELS, "sepia"], colour_folder, metrics=()).evaluation
    monkeypatch.setattr(measure, "PIXELS_TOGETHER", 1)
    apart = run_evaluation([*MODELS, "sepia"], colour_folder, metrics=()).evaluation
    for model, scores in together.scores.items():
        for name, values in scores.items():
            np.testing.assert_allclose(values, apart.scores[model][name], rtol=1e-4, atol=1e-6)


def test_folder_zip_and_shards_give_the_same(colour_folder, run_evaluation, tmp_path):
    with (
        zipfile.ZipFile(tmp_path / "p.zip", "w") as archive,
        tarfile.open(tmp_path / "p.tar", "w") as shard,
    ):
        for path in sorted(colour_folder.rglob("*.png")):
            archive.write(path, path.relative_to(colour_folder).as_posix())
            shard.add(path, path.relative_to(colour_folder).as_posix())
    folder, *others = (
        run_evaluation(MODELS, data).evaluation
        for data in (colour_folder, tmp_path / "p.zip", tmp_path / "p.tar")
    )
    for other in others:
        assert same_scores(folder, other)
        assert other.protocol == folder.protocol


class TestSecondRun:
    """What was painted and measured once is not painted and measured again."""

    @pytest.fixture
    def painted(self, monkeypatch):
        calls = []
        for kind in (Trained, Baseline):
            real = kind.paint

            def paint(self, given, real=real):
                calls.append(self.name)
                return real(self, given)

            monkeypatch.setattr(kind, "paint", paint)
        return calls

    def test_nothing_is_painted_and_the_scores_are_the_same(
        self, colour_folder, run_evaluation, painted, tmp_path
    ):
        kept = tmp_path / "cache.sqlite"
        first = run_evaluation(MODELS, colour_folder, cache=kept, metrics=()).evaluation
        assert painted
        painted.clear()
        second = run_evaluation(MODELS, colour_folder, cache=kept, metrics=()).evaluation
        assert not painted
        assert same_scores(first, second)
        assert "comparing" not in second.seconds

    def test_a_new_metric_uses_the_kept_pictures(
        self, colour_folder, run_evaluation, painted, tmp_path
    ):
        kept = tmp_path / "cache.sqlite"
        run_evaluation(["flagship"], colour_folder, cache=kept, metrics=("psnr",))
        painted.clear()
        both = run_evaluation(["flagship"], colour_folder, cache=kept, metrics=("psnr", "ssim"))
        assert not painted
        assert np.isfinite(both.evaluation.scores["flagship"]["ssim"]).all()

    def test_one_photo_that_changed_is_all_that_is_measured(
        self, colour_folder, run_evaluation, painted, tmp_path
    ):
        kept = tmp_path / "cache.sqlite"
        run_evaluation(["flagship"], colour_folder, cache=kept)
        painted.clear()
        Image.fromarray(chart(77)).save(colour_folder / "2.png")
        run_evaluation(["flagship"], colour_folder, cache=kept)
        assert painted == ["flagship"]

    def test_another_size_is_measured_anew(self, colour_folder, run_evaluation, painted, tmp_path):
        kept = tmp_path / "cache.sqlite"
        run_evaluation(["flagship"], colour_folder, cache=kept)
        painted.clear()
        run_evaluation(["flagship"], colour_folder, cache=kept, size_px=32)
        assert len(painted) == 6

    def test_renamed_photos_are_known_by_their_content(
        self, colour_folder, run_evaluation, painted, tmp_path
    ):
        kept = tmp_path / "cache.sqlite"
        run_evaluation(["flagship"], colour_folder, cache=kept)
        painted.clear()
        shutil.move(colour_folder, tmp_path / "elsewhere")
        run_evaluation(["flagship"], tmp_path / "elsewhere", cache=kept)
        assert not painted


def test_the_size_is_the_short_sides_at_most(colour_folder, run_evaluation):
    found = run_evaluation(["grey"], colour_folder, size_px=36).evaluation
    assert {(photo.height, photo.width) for photo in found.pictures} == {(36, 48)}
    found = run_evaluation(["grey"], colour_folder, size_px=500).evaluation
    assert {(photo.height, photo.width) for photo in found.pictures} == {(48, 64)}


def test_a_limit_takes_the_same_photos_every_time(colour_folder, run_evaluation):
    first, second = (run_evaluation(["grey"], colour_folder, limit=3).evaluation for _ in range(2))
    assert len(first.pictures) == 3
    assert first.pictures == second.pictures


def test_photos_of_several_places_with_one_name_are_told_apart(
    colour_folder, run_evaluation, tmp_path
):
    other = tmp_path / "others"
    other.mkdir()
    Image.fromarray(chart(50)).save(other / "1.png")
    found = run_evaluation(["grey"], colour_folder, other).evaluation
    names = [photo.name for photo in found.pictures]
    assert {"photos/1.png", "others/1.png", "0.png"} <= set(names)
    assert len(set(names)) == 7


def test_old_films_are_not_measured_of_folders(colour_folder, run_evaluation):
    found = run_evaluation(
        ["flagship", str(colour_folder)], colour_folder, metrics=("film",)
    ).evaluation
    assert np.isfinite(found.summaries["flagship"]["wet_plate_delta_e"].value)
    assert np.isnan(found.summaries["photos"]["wet_plate_delta_e"].value)


def test_models_of_drawings_are_given_outlines(colour_folder, run_evaluation):
    finished = run_evaluation(["grey"], colour_folder, given="outline", metrics=("psnr", "film"))
    outline = finished.pictures.grey(0)
    assert (outline > 200).mean() > 0.5  # white paper
    assert np.array_equal(finished.pictures.painted("grey", 0), np.dstack([outline] * 3))
    assert np.isnan(finished.evaluation.scores["grey"]["wet_plate_delta_e"]).all()
    unasked = run_evaluation(["grey"], colour_folder, given="outline", metrics=()).evaluation
    assert not {"film", "hints"} & {facts.group for facts in unasked.metrics}
    assert "outlines" in finished.evaluation.protocol.facts["given"]
