"""What is wrong with one input is said, and the rest is measured."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from PIL import Image

from evaluation.conftest import chart
from photochrom.errors import InputError, WeightsError
from photochrom.evaluation.models import Trained
from photochrom.media.pixels import rgb_to_grey

MODELS = ["flagship", "grey"]


def test_a_broken_photo_is_named(colour_folder, run_evaluation):
    (colour_folder / "3.png").write_bytes(b"no picture")
    found = run_evaluation(MODELS, colour_folder).evaluation
    assert len(found.pictures) == 5
    [skipped] = found.skipped
    assert (skipped.name, skipped.model, skipped.failed) == ("3.png", None, True)
    assert skipped.exit_code == InputError.exit_code


def test_a_missing_partner_leaves_the_photo_out_for_all(colour_folder, run_evaluation, tmp_path):
    theirs = tmp_path / "theirs"
    shutil.copytree(colour_folder, theirs)
    (theirs / "sub/4.png").unlink()
    found = run_evaluation(["grey", str(theirs)], colour_folder).evaluation
    assert len(found.pictures) == 5
    [skipped] = found.skipped
    assert (skipped.name, skipped.model) == ("sub/4.png", "theirs")
    assert "no picture of sub/4.png" in skipped.reason
    assert found.summaries["theirs"]["psnr"].value == pytest.approx(100)


def test_a_folder_of_other_pictures_does_not_keep_the_rest_from_being_measured(
    colour_folder, run_evaluation, tmp_path
):
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    shutil.copy(colour_folder / "0.png", theirs / "another.png")
    found = run_evaluation(["grey", str(theirs)], colour_folder).evaluation
    assert [model.name for model in found.models] == ["grey"]
    assert len(found.pictures) == 6
    [skipped] = found.skipped
    assert skipped.model == str(theirs)
    assert "no picture of any of the 6 photos" in skipped.reason
    assert "first in" in skipped.reason and "another.png" in skipped.reason
    with pytest.raises(InputError, match="no picture of any of the 6 photos"):
        run_evaluation([str(theirs)], colour_folder)


def test_a_model_that_paints_no_numbers_ends_the_run_as_bad_weights(
    colour_folder, run_evaluation, monkeypatch
):
    def broken(_self, _given):
        raise WeightsError("its training failed")

    monkeypatch.setattr(Trained, "paint", broken)
    with pytest.raises(WeightsError, match=r"none of the photos .*: its training failed"):
        run_evaluation(["flagship"], colour_folder)


def test_inception_of_the_wrong_hash_leaves_out_fid_alone(colour_folder, run_evaluation, tmp_path):
    path = tmp_path / "inception.pth"
    path.write_bytes(b"other weights")
    found = run_evaluation(["grey"], colour_folder, inception=path).evaluation
    assert np.isfinite(found.summaries["grey"]["psnr"].value)
    assert "fid" not in found.summaries["grey"]
    assert not {"FID"} & found.protocol.facts.keys()
    [skipped] = found.skipped
    assert (skipped.name, skipped.exit_code) == ("FID", WeightsError.exit_code)
    with pytest.raises(WeightsError, match="not the Inception"):
        run_evaluation(["grey"], colour_folder, inception=path, metrics=("fid",))


def test_a_picture_of_another_size_is_named(colour_folder, run_evaluation, tmp_path):
    theirs = tmp_path / "theirs"
    shutil.copytree(colour_folder, theirs)
    Image.fromarray(chart(1, 40, 64)).save(theirs / "1.png")
    found = run_evaluation([str(theirs), "grey"], colour_folder).evaluation
    [skipped] = found.skipped
    assert "64 × 40 px, and its photo 64 × 48 px" in skipped.reason
    assert len(found.pictures) == 5


def test_photos_without_colour_are_counted_and_left_out_on_request(colour_folder, run_evaluation):
    grey = rgb_to_grey(chart(8))
    Image.fromarray(grey).save(colour_folder / "grey.png")
    counted = run_evaluation(MODELS, colour_folder).evaluation
    assert [photo.name for photo in counted.pictures if photo.is_grey] == ["grey.png"]
    left = run_evaluation(MODELS, colour_folder, skip_grey=True).evaluation
    assert len(left.pictures) == 6
    [skipped] = left.skipped
    assert (skipped.name, skipped.failed) == ("grey.png", False)


def test_no_photos_at_all_is_an_error(run_evaluation, tmp_path):
    with pytest.raises(InputError, match="no photos in"):
        run_evaluation(MODELS, tmp_path)


def test_nothing_but_broken_photos_is_an_error_with_the_first_reason(run_evaluation, tmp_path):
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"none of the photos .*The first, a\.png: "):
        run_evaluation(MODELS, tmp_path)


def test_one_photo_has_scores_and_no_interval(colour_folder, run_evaluation):
    found = run_evaluation(MODELS, colour_folder, limit=1, metrics=()).evaluation
    interval = found.summaries["grey"]["psnr"]
    assert np.isfinite(interval.value)
    assert np.isnan(interval.low)
    assert not any(difference.differs for difference in found.differences)
