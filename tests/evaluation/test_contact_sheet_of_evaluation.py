"""The contact sheet of an evaluation: rows from worst to best, a column a view."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.errors import InputError
from photochrom.evaluation.contact_sheet import (
    GAP_PX,
    HEAD_PX,
    worst_to_best,
    write_contact_sheet,
)
from report_example import MODELS, DrawnPictures, example

CELL_PX = 96


def test_rows_go_from_the_worst_to_the_best() -> None:
    evaluation = example(30)
    metric = evaluation.metric("delta_e")
    values = evaluation.scores["ours"]["delta_e"]
    chosen = worst_to_best(evaluation, metric, 6)
    assert chosen[0] == np.argmax(values)
    assert chosen[-1] == np.argmin(values)
    assert list(values[chosen]) == sorted(values[chosen], reverse=True)
    assert len(set(chosen)) == 6


def test_pictures_without_a_number_and_more_rows_than_pictures_are_no_trouble() -> None:
    evaluation = example(4)
    chosen = worst_to_best(evaluation, evaluation.metric("saturation_ratio"), 8)
    assert sorted(chosen) == [0, 2, 3]
    assert worst_to_best(evaluation, None, 2) == [0, 3]


def test_every_view_stands_in_its_column(tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    evaluation, drawn = example(5), DrawnPictures()
    write_contact_sheet(evaluation, drawn, path, rows=1, cell_px=CELL_PX)
    with Image.open(path) as opened:
        assert opened.format == "PNG"
        sheet = np.asarray(opened.convert("RGB")).astype(float)
    column_px = CELL_PX + GAP_PX
    assert sheet.shape[1] == (len(MODELS) + 2) * column_px + GAP_PX
    [i] = worst_to_best(evaluation, evaluation.metric("delta_e"), 1)
    views = [drawn.grey(i), *(drawn.painted(model, i) for model in MODELS), drawn.truth(i)]
    for column, view in enumerate(views):
        left = GAP_PX + column * column_px
        height = round(CELL_PX * view.shape[0] / view.shape[1])
        cell = sheet[HEAD_PX : HEAD_PX + height, left : left + CELL_PX]
        assert np.abs(cell.mean(axis=(0, 1)) - view.mean(axis=(0, 1))).max() < 1.5


def test_what_cannot_be_written_is_spelled_and_nothing_is_refused(tmp_path: Path) -> None:
    evaluation = example(3)
    pictures = tuple(
        dataclasses.replace(facts, name="写真/Straße-é-" + "x" * 200)
        for facts in evaluation.pictures
    )
    bare = dataclasses.replace(
        evaluation, pictures=pictures, scores={model: {} for model in MODELS}
    )
    write_contact_sheet(bare, DrawnPictures(), tmp_path / "sheet.png", cell_px=40)
    with pytest.raises(InputError, match="nothing was measured"):
        write_contact_sheet(example(0), DrawnPictures(), tmp_path / "none.png")
