"""`photochrom colorize` with a model that paints lightness too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.media.provenance import read_provenance
from rgb_model import write_rgb_model


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_rgb_model(tmp_path / "inks.onnx")


@pytest.fixture
def sketch(tmp_path: Path) -> Path:
    grey = np.full((60, 90), 255, np.uint8)
    grey[28:31, 10:-10] = 0
    path = tmp_path / "box/sketch.jpg"
    path.parent.mkdir()
    Image.fromarray(grey).save(path, quality=95)
    return path


def test_a_drawing_is_painted_with_an_ordinary_jpeg(photochrom, model, sketch) -> None:
    ran = photochrom("colorize", sketch, "--model", model, "--json")
    assert ran.code == 0, ran.err
    [record] = ran.records
    assert (record["way"], record["reason"]) == ("ordinary", None)
    result = sketch.with_name("sketch.color.jpg")
    assert read_provenance(result).options == ""
    with Image.open(result) as coloured:
        assert coloured.size == (90, 60)
        assert np.ptp(np.asarray(coloured)[5, 5]) > 100


def test_asking_for_the_usual_way_changes_nothing(photochrom, model, sketch) -> None:
    photochrom("colorize", sketch, "--model", model)
    ran = photochrom("colorize", sketch, "--model", model, "--jpeg=ordinary", "--json")
    assert ran.statuses == {"sketch.jpg": "finished"}


def test_a_splice_is_refused_in_words_before_any_work(photochrom, model, sketch, tmp_path) -> None:
    out = tmp_path / "out"
    ran = photochrom("colorize", sketch.parent, "--model", model, "--jpeg=splice", "-o", out)
    assert ran.code == 2
    assert "paints lightness" in ran.err
    assert "--jpeg ordinary" in ran.err
    assert not out.exists()


def test_with_a_photo_model_the_splice_may_be_named(photochrom, sketch) -> None:
    assert photochrom("colorize", sketch).code == 0
    ran = photochrom("colorize", sketch, "--jpeg=splice", "--json")
    assert ran.statuses == {"sketch.jpg": "finished"}


def test_light_lines_on_dark_are_turned_and_noted(photochrom, model, sketch) -> None:
    with Image.open(sketch) as opened:
        turned = Image.fromarray(255 - np.asarray(opened))
    turned.save(sketch.with_name("chalk.png"))
    [record] = photochrom(
        "colorize", sketch.with_name("chalk.png"), "--model", model, "--json"
    ).records
    assert "light lines on dark" in str(record["reason"])
