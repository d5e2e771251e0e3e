"""The table fits the terminal, marks the best, and carries the protocol."""

from __future__ import annotations

import re

import pytest

from photochrom.evaluation.measures import METRICS
from photochrom.evaluation.table import headed, markdown_rows, skipped_lines, table_lines


@pytest.fixture
def found(colour_folder, run_evaluation):
    return run_evaluation(["flagship", "grey", "sepia"], colour_folder).evaluation


def test_every_metric_has_a_row_with_every_models_mean_and_interval(found):
    text = "\n".join(table_lines(found, 200))
    for facts in found.metrics:
        [row] = [line for line in text.splitlines() if line.startswith(headed(facts) + " ")]
        for model in found.models:
            interval = found.summaries[model.name][facts.name]
            assert f"{interval.value:.{facts.digits}f}" in row
            assert f"[{interval.low:.{facts.digits}f}, " in row


@pytest.mark.parametrize("width", [60, 80, 120])
def test_it_is_no_wider_than_the_terminal(found, width):
    lines = table_lines(found, width)
    table = lines[: lines.index(next(line for line in lines if line.startswith("↑ ")))]
    assert max(map(len, table)) <= max(width, 70)
    assert sum("flagship" in line for line in table) == 1


def test_the_best_and_what_does_not_differ_from_it_is_marked(found):
    [row] = [line for line in table_lines(found, 200) if line.startswith("ΔE2000")]
    assert "*" in row or not any(
        difference.differs for difference in found.differences if difference.metric == "delta_e"
    )
    [describes] = [line for line in table_lines(found, 200) if line.startswith("colourfulness ")]
    assert "*" not in describes


def test_the_protocol_and_the_models_stand_below(found):
    *protocol, flagship, _, _ = table_lines(found, 100)[-len(found.protocol.lines()) - 3 :]
    assert protocol == found.protocol.lines()
    assert flagship == f"flagship: onnx, SHA-256 {found.models[0].sha256}"


def test_titles_say_which_way_is_better():
    titles = [headed(METRICS[name]) for name in ("psnr", "delta_e", "saturation_ratio")]
    assert titles == ["PSNR ↑", "ΔE2000 ↓", "saturation ratio → 1"]
    assert headed(METRICS["colourfulness"]) == "colourfulness"


def test_what_is_na_is_not_called_as_good_as_the_best(colour_folder, run_evaluation):
    models = ["grey", str(colour_folder), "sepia"]
    film = run_evaluation(models, colour_folder, metrics=("wet_plate_saturation",)).evaluation
    [row] = [line for line in table_lines(film, 200) if line.startswith("wet plate")]
    assert "n/a" in row
    assert "n/a*" not in row
    assert "*" in row


def test_without_a_paired_interval_none_is_called_best(colour_folder, run_evaluation):
    fmd = run_evaluation(["flagship", "grey"], colour_folder, metrics=("fmd",)).evaluation
    [row] = [line for line in table_lines(fmd, 200) if line.startswith("FMD ↓")]
    assert "*" not in row


def test_metrics_that_are_na_have_rows(colour_folder, run_evaluation):
    hints = run_evaluation(["grey"], colour_folder, metrics=("hints_5_psnr",)).evaluation
    assert table_lines(hints, 80)[2].split()[-1] == "n/a"


def test_pages_get_rows_of_markdown(found):
    rows = markdown_rows(found)
    assert rows[1] == "|---|---|---|---|---|"
    assert {len(re.findall(r"\|", row)) for row in rows} == {6}


def test_photos_without_colour_are_listed(found, colour_folder, run_evaluation):
    from PIL import Image

    assert skipped_lines(found) == []
    Image.new("RGB", (40, 40), (90, 90, 90)).save(colour_folder / "flat.png")
    grey = run_evaluation(["grey"], colour_folder).evaluation
    assert skipped_lines(grey) == ["without colour: 1 photo, see --skip-grey:", "  flat.png"]
    left = run_evaluation(["grey"], colour_folder, skip_grey=True).evaluation
    assert skipped_lines(left)[0] == "left out: 1 photo:"
