"""Pictures behind an evaluation: there when they are asked for, or an error says why not."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from photochrom.errors import InputError, WeightsError
from photochrom.evaluation.models import Trained


@pytest.fixture
def theirs(colour_folder, tmp_path):
    """A folder of coloured pictures."""
    folder = tmp_path / "theirs"
    shutil.copytree(colour_folder, folder)
    return folder


def test_any_may_be_asked_for_in_any_order(colour_folder, theirs, run_evaluation):
    finished = run_evaluation(["flagship", str(theirs)], colour_folder)
    seen = {i: finished.pictures.painted("flagship", i) for i in (5, 0, 3, 0, 5)}
    assert np.array_equal(seen[5], finished.pictures.painted("flagship", 5))
    assert np.array_equal(finished.pictures.painted("theirs", 2), finished.pictures.truth(2))


def test_a_coloured_picture_that_has_gone_is_named(colour_folder, theirs, run_evaluation):
    finished = run_evaluation([str(theirs)], colour_folder)
    shutil.rmtree(theirs)
    with pytest.raises(InputError, match=r"^sub/4\.png \(theirs\): "):
        finished.pictures.painted("theirs", 4)


def test_a_photo_that_has_gone_is_named(colour_folder, run_evaluation):
    finished = run_evaluation(["flagship"], colour_folder)
    shutil.rmtree(colour_folder)
    with pytest.raises(InputError, match=r"^3\.png: "):
        finished.pictures.truth(3)


def test_a_model_that_fails_the_second_time_is_named(colour_folder, run_evaluation, monkeypatch):
    finished = run_evaluation(["flagship"], colour_folder)

    def broken(self, given):
        raise WeightsError("its training failed")

    monkeypatch.setattr(Trained, "paint", broken)
    with pytest.raises(WeightsError, match=r"^0\.png \(flagship\): its training failed"):
        finished.pictures.painted("flagship", 0)
