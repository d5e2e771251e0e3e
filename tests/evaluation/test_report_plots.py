"""The report's table and plots in headless Chromium."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from browser import Browser, chromium
from photochrom.evaluation.report import write_report
from photochrom.evaluation.result import Evaluation
from report_example import MODELS, DrawnPictures, example

COUNT = 30


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return example(COUNT)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if chromium() is None:
        absent = pytest.fail if os.environ.get("CI") else pytest.skip
        absent("chromium is absent: apt-get install chromium")
    with Browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def written(evaluation: Evaluation, folder: Path) -> Path:
    path = folder / "report.html"
    write_report(evaluation, DrawnPictures(), path, most_bytes=1_000_000)
    return path


@pytest.fixture(scope="module")
def report(evaluation: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(evaluation, tmp_path_factory.mktemp("report"))


def opened(browser: Browser, path: Path) -> Browser:
    browser.screen(1200, 800)
    browser.open(path)
    browser.wait_until("'ready' in document.documentElement.dataset")
    assert browser.complaints == []
    return browser


@pytest.fixture
def page(browser: Browser, report: Path) -> Browser:
    return opened(browser, report)


def marks(page: Browser, metric: str) -> list[str]:
    cells = f"document.querySelectorAll('[data-metric={metric}] .mark')"
    found: list[str] = page.ask(f"[...{cells}].map(mark => mark.textContent)")
    return found


def test_marks_follow_the_model_that_all_are_compared_with(page: Browser) -> None:
    shown = {name: marks(page, name) for name in ("psnr", "delta_e", "colourfulness", "fmd")}
    assert shown == {
        "psnr": ["", "▼", "▼"],
        "delta_e": ["", "▼", "▼"],
        "colourfulness": ["", "◆", "◆"],
        "fmd": ["", "", ""],
    }
    page.ask("document.querySelector('#reference').value = 2")
    page.ask("document.querySelector('#reference').dispatchEvent(new Event('change'))")
    assert marks(page, "psnr") == ["▲", "▲", ""]
    assert "better: " in page.ask("document.querySelector('[data-metric=psnr] td').title")
    assert page.ask("document.querySelector('#ours').value") == "2"


def test_names_with_markup_stay_words(page: Browser) -> None:
    assert (
        page.ask("document.querySelector('thead th:nth-child(3)').firstChild.textContent")
        == (MODELS[1])
    )
    assert page.ask("document.querySelectorAll('thead b, .card b').length") == 0
    page.ask("document.querySelector('#search').value = '</SCRIPT>'")
    page.ask("document.querySelector('#search').dispatchEvent(new Event('input'))")
    assert page.ask("document.querySelector('.card .name').textContent") == "</script><b>bold.png"
    assert page.ask("document.querySelectorAll('.card').length") == 1


def test_a_measure_is_picked_in_the_table(page: Browser) -> None:
    page.ask("document.querySelector('[data-metric=saturation_ratio] .pick').focus()")
    page.press("Enter")
    assert page.ask("document.querySelector('#measure-title').textContent") == "saturation"
    assert page.ask("document.querySelector('#metric').value") == "saturation_ratio"
    assert "of the distances to 1" in page.ask("document.querySelector('#pairs').textContent")
    assert page.ask("document.querySelector('tr.chosen').dataset.metric") == "saturation_ratio"


def test_distributions_are_drawn_of_every_model_and_the_truth(page: Browser) -> None:
    names = "[...document.querySelectorAll('#distribution g title')].map(t => t.textContent)"
    rows = page.ask(names)
    assert [row.split(":")[0] for row in rows] == list(MODELS)
    page.ask("document.querySelector('[data-metric=colourfulness] .pick').click()")
    rows = page.ask(names)
    assert [row.split(":")[0] for row in rows] == [*MODELS, "true colours"]
    assert "NaN" not in page.ask("document.querySelector('#distribution').innerHTML")


def test_the_scatter_counts_and_opens_pictures(page: Browser, evaluation: Evaluation) -> None:
    ours, other = (evaluation.scores[model]["delta_e"] for model in MODELS[:2])
    counted = page.ask("document.querySelector('#scatter-count').textContent")
    assert counted == f"ours better on {(ours < other).sum()} of {COUNT}"
    assert page.ask("document.querySelectorAll('#scatter .point').length") == COUNT
    page.ask("document.querySelector('#scatter svg').focus()")
    page.press("ArrowRight")
    page.press("ArrowRight")
    second = evaluation.pictures[int(np.argsort(ours)[1])].name
    assert second in page.ask("document.querySelector('#scatter .tip').textContent")
    page.press("Enter")
    assert page.ask("document.querySelector('#viewer').open")
    assert second in page.ask("document.querySelector('#viewer-name').textContent")


def test_a_click_on_a_point_opens_its_picture(page: Browser, evaluation: Evaluation) -> None:
    page.ask("document.querySelector('#scatter').scrollIntoView({block: 'center'})")
    hardest = int(np.argmax(evaluation.scores["ours"]["delta_e"]))
    place = f"document.querySelectorAll('#scatter .point')[{hardest}].getBoundingClientRect()"
    page.click(page.ask(f"{place}.left") + 3, page.ask(f"{place}.top") + 3)
    page.wait_until("document.querySelector('#viewer').open")
    name = page.ask("document.querySelector('#viewer-name').textContent")
    assert name.startswith(evaluation.pictures[hardest].name)


def test_the_curve_over_hints_is_of_the_models_that_take_them(page: Browser) -> None:
    assert page.ask("document.querySelector('#curve-figure').hidden") is False
    assert page.ask("document.querySelectorAll('#curve polyline').length") == 1
    assert page.ask("document.querySelectorAll('#curve circle').length") == 3


def test_one_model_alone_is_enough(
    browser: Browser, evaluation: Evaluation, tmp_path: Path
) -> None:
    alone = dataclasses.replace(evaluation, models=evaluation.models[:1], differences=())
    page = opened(browser, written(alone, tmp_path))
    assert page.ask("document.querySelectorAll('.card').length") > 0
    assert page.ask("document.querySelector('#scatter-figure').hidden")
    page.ask("document.querySelector('[data-metric=colourfulness] .pick').click()")
    assert page.ask("document.querySelector('#scatter-figure').hidden") is False
    assert page.complaints == []


def test_pictures_are_shown_where_only_whole_sets_have_numbers(
    browser: Browser, evaluation: Evaluation, tmp_path: Path
) -> None:
    bare = dataclasses.replace(
        evaluation,
        metrics=tuple(metric for metric in evaluation.metrics if metric.name == "fmd"),
        scores={model: {} for model in MODELS},
        truth={},
        truth_summaries={},
        summaries={model: {"fmd": evaluation.summaries[model]["fmd"]} for model in MODELS},
        differences=(),
    )
    page = opened(browser, written(bare, tmp_path))
    cards = "[...document.querySelectorAll('.card')].map(card => Number(card.dataset.picture))"
    assert page.ask(cards)[:3] == [0, 1, 2]
    assert page.ask("document.querySelector('#measure').hidden")


def test_a_single_picture_and_equal_numbers_draw_without_nonsense(
    browser: Browser, tmp_path: Path
) -> None:
    page = opened(browser, written(example(1), tmp_path))
    assert "NaN" not in page.ask("document.querySelector('#measure').innerHTML")
