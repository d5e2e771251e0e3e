"""The table fits the terminal, marks the best, and carries the protocol."""

from __future__ import annotations

import re

import pytest

from photochrom.evaluation.table import markdown_rows, skipped_lines, table_lines


@pytest.fixture
def found(colour_folder, run_evaluation):
    return run_evaluation(["flagship", "grey", "sepia"], colour_folder).evaluation


def test_every_metric_has_a_row_with_every_models_mean_and_interval(found):
    text = "\n".join(table_lines(found, 200))
    for facts in found.metrics:
        [row] = [line for line in text.splitlines() if line.startswith(facts.title + " ")]
        for model in found.models:
            interval = found.summaries[model.name][facts.name]
            assert f"{interval.value:.{facts.digits}f}" in row
            assert f"[{interval.low:.{facts.digits}f}, " in row


@pytest.mark.parametrize("width", [60, 80, 120])
def test_it_is_no_wider_than_the_terminal(found, width):
    lines = table_lines(found, width)
    table = lines[: lines.index(next(line for line in lines if line.startswith("* ")))]
    assert max(map(len, table)) <= max(width, 70)
    assert sum("flagship" in line for line in table) == 1


def test_the_best_and_what_does_not_differ_from_it_is_marked(found):
    [row] = [line for line in table_lines(found, 200) if line.startswith("ΔE2000")]
    assert "*" in row or not any(
        difference.differs for difference in found.differences if difference.metric == "delta_e"
    )
    [describes] = [line for line in table_lines(found, 200) if line.startswith("colourfulness ")]
    assert "*" not in describes


def test_the_protocol_stands_below(found):
    assert table_lines(found, 100)[-len(found.protocol.lines()) :] == found.protocol.lines()


def test_pages_get_rows_of_markdown(found):
    rows = markdown_rows(found)
    assert rows[1] == "|---|---|---|---|---|"
    assert {len(re.findall(r"\|", row)) for row in rows} == {6}


def test_photos_without_colour_are_listed(found, colour_folder, run_evaluation):
    from PIL import Image

    assert skipped_lines(found) == []
    Image.new("RGB", (40, 40), (90, 90, 90)).save(colour_folder / "flat.png")
    grey = run_evaluation(["grey"], colour_folder).evaluation
    assert skipped_lines(grey) == ["1 have no colour (--skip-grey leaves them out):", "  flat.png"]
    left = run_evaluation(["grey"], colour_folder, skip_grey=True).evaluation
    assert skipped_lines(left)[0] == "1 left out:"
