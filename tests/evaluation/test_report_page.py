"""The report in headless Chromium: what it shows, and that it can be worked without a mouse."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from browser import Browser, chromium
from photochrom.evaluation.report import write_report
from photochrom.evaluation.result import Evaluation
from report_example import MODELS, DrawnPictures, example

COUNT = 60
CARDS = "[...document.querySelectorAll('.card')].map(card => Number(card.dataset.picture))"


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return example(COUNT)


@pytest.fixture(scope="module")
def report(evaluation: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(evaluation, DrawnPictures(), path, most_bytes=1_000_000)
    return path


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if chromium() is None:
        absent = pytest.fail if os.environ.get("CI") else pytest.skip
        absent("chromium is absent: apt-get install chromium")
    with Browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, report: Path) -> Browser:
    return opened(browser, report)


def opened(browser: Browser, report: Path, fragment: str = "") -> Browser:
    browser.screen(1200, 800)
    browser.open(report, fragment)
    browser.wait_until("'ready' in document.documentElement.dataset")
    return browser


def choose(page: Browser, select: str, value: str) -> None:
    """Choose in a select as a person does: the page hears of it."""
    page.ask(f"{{ const s = document.querySelector('{select}'); s.value = '{value}'; }}")
    page.ask(f"document.querySelector('{select}').dispatchEvent(new Event('change'))")


def worst_first(evaluation: Evaluation, metric: str = "delta_e") -> list[int]:
    return np.argsort(-evaluation.scores["ours"][metric], kind="stable").tolist()


def test_the_page_opens_without_a_complaint_and_without_the_network(page: Browser) -> None:
    assert page.complaints == []
    assert {request.split(":")[0] for request in page.requests} == {"file", "data"}
    assert page.ask("performance.getEntriesByName('first-picture').length") == 1


@pytest.mark.parametrize("dark", [False, True])
def test_a_phone_needs_no_sideways_scrolling(browser: Browser, report: Path, dark: bool) -> None:
    opened(browser, report)
    browser.screen(390, 844, dark=dark, touch=True)
    browser.open(report)
    browser.wait_until("document.querySelector('.card')")
    browser.ask("document.querySelector('.card').scrollIntoView()")
    browser.wait_until("document.querySelector('.card img[src]')")
    assert browser.ask("document.documentElement.scrollWidth") == 390
    light = browser.ask("getComputedStyle(document.documentElement).backgroundColor")
    assert (int(light[4:].split(",")[0]) < 60) == dark
    assert browser.complaints == []


def test_the_first_picture_is_the_middle_one(page: Browser, evaluation: Evaluation) -> None:
    middle = worst_first(evaluation)[::-1][COUNT // 2]
    name = evaluation.pictures[middle].name
    assert page.ask("document.querySelector('#hero figcaption').textContent").startswith(name)
    assert page.ask("document.querySelector('#hero img').naturalWidth") > 0


@pytest.mark.parametrize("order", ["worst", "best", "different", "measured"])
def test_pictures_are_in_the_chosen_order(
    page: Browser, evaluation: Evaluation, order: str
) -> None:
    choose(page, "#order", order)
    worst = worst_first(evaluation)
    ours, other = (evaluation.scores[model]["delta_e"] for model in MODELS[:2])
    wanted = {
        "worst": worst,
        "best": worst[::-1],
        "different": np.argsort(-np.abs(ours - other), kind="stable").tolist(),
        "measured": list(range(COUNT)),
    }[order]
    shown = page.ask(CARDS)
    assert len(shown) >= 24
    assert shown == wanted[: len(shown)]


def test_pictures_without_a_number_come_last(page: Browser) -> None:
    for order in ("worst", "best", "different"):
        choose(page, "#order", order)
        choose(page, "#metric", "saturation_ratio")
        scrolled = "(document.querySelector('#more').scrollIntoView(), true)"
        page.wait_until(f"{scrolled} && document.querySelectorAll('.card').length === {COUNT}")
        assert page.ask(CARDS)[-1] == 1


def test_pictures_far_below_are_not_decoded(page: Browser) -> None:
    decoded = page.ask("document.querySelectorAll('.card img[src]').length")
    assert decoded < page.ask("document.querySelectorAll('.card img').length") <= 2 * COUNT
    page.ask("document.querySelectorAll('.card')[23].scrollIntoView()")
    page.wait_until("document.querySelectorAll('.card')[23].querySelector('img[src]')")


def test_any_two_views_are_on_a_slider(page: Browser) -> None:
    page.ask("document.querySelector('#gallery').scrollIntoView()")
    page.wait_until("document.querySelector('.card img[src]')")
    sources = "[...document.querySelector('.card').querySelectorAll('img')].map(i => i.src)"
    block = "document.getElementById('p' + document.querySelector('.card').dataset.picture)"
    lines = page.ask(f"{block}.textContent.split('\\n')")
    assert lines[4] == "=0"  # the baseline's picture is the grey itself
    lines[4] = lines[1]
    views = [f"data:image/webp;base64,{line}" for line in lines[1:-1]]
    assert len(set(views)) == len(MODELS) + 1
    for left, right in ((0, 1), (2, 4), (4, 4), (3, 0)):
        names = ["given", *(f"m{place}" for place in range(len(MODELS))), "true"]
        choose(page, "#left", names[left])
        choose(page, "#right", names[right])
        assert page.ask(sources) == [views[left], views[right]]
    choose(page, ".card .of-right", "true")
    assert page.ask(sources) == [views[3], views[4]]
    assert page.ask("document.querySelectorAll('.card')[1].querySelector('.of-right').value") == (
        "given"
    )


def test_the_divider_follows_mouse_and_keyboard(page: Browser) -> None:
    page.ask("document.querySelector('.card').scrollIntoView({block: 'center'})")
    box = "document.querySelector('.card .compare').getBoundingClientRect()"
    left, top, width = (page.ask(f"{box}.{side}") for side in ("left", "top", "width"))
    page.click(left + width / 4, top + 50)
    divider = "document.querySelector('.card .compare').style.getPropertyValue('--at')"
    assert page.ask(divider) == "25%"
    page.ask("document.querySelector('.card input').focus()")
    page.press("ArrowRight")
    assert page.ask(divider) == "26%"
    assert page.ask("getComputedStyle(document.querySelector('.card .over')).clipPath") == (
        "inset(0px 0px 0px 26%)"
    )


def test_a_picture_opens_large_and_is_worked_by_keys(page: Browser, evaluation: Evaluation) -> None:
    names = [evaluation.pictures[i].name for i in worst_first(evaluation)]
    page.ask("document.querySelector('.card .name').focus()")
    page.press("Enter")
    page.wait_until("document.querySelector('#viewer').open")
    title = "document.querySelector('#viewer-name').firstChild.textContent"
    sides = "[...document.querySelectorAll('#viewer .compare select')].map(s => s.value)"
    assert page.ask(title) == names[0]
    page.press("n")
    page.press("n")
    page.press("p")
    assert page.ask(title) == names[1]
    page.press("5")
    page.press("3", shift=True)
    assert page.ask(sides) == ["m1", "true"]
    page.press("s")
    assert page.ask(sides) == ["true", "m1"]
    assert page.ask("document.querySelectorAll('#viewer [aria-pressed=true]').length") == 2
    page.press("Escape")
    page.wait_until("!document.querySelector('#viewer').open")
    page.wait_until(f"document.activeElement.title === {names[1]!r}")
    assert page.complaints == []


def test_the_address_keeps_what_was_chosen(browser: Browser, report: Path) -> None:
    page = opened(browser, report)
    choose(page, "#metric", "psnr")
    choose(page, "#order", "best")
    choose(page, "#right", "true")
    address = page.ask("location.hash")
    opened(browser, report, address + "&picture=5&ours=99&nonsense=1")
    chosen = "['metric', 'order', 'right', 'ours'].map(id => document.getElementById(id).value)"
    assert page.ask(chosen) == ["psnr", "best", "true", "0"]
    assert page.ask("document.querySelector('#viewer').open")
    assert "photo-0005" in page.ask("document.querySelector('#viewer-name').textContent")


def test_a_model_without_the_measure_leaves_the_pictures_as_measured(page: Browser) -> None:
    choose(page, "#metric", "hints_10_psnr")
    choose(page, "#ours", "2")
    assert page.ask(CARDS)[:10] == list(range(10))
    chips = page.ask("document.querySelector('.card .chips').textContent")
    assert chips.endswith("grey: n/a")
    assert page.ask("document.querySelector('#scatter-figure').hidden")
    assert page.complaints == []
