"""A run's page as a browser shows it, from a file, with and without a run that goes on."""

from __future__ import annotations

import html.parser
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from browser import Browser, chromium
from photochrom.training.history import History
from photochrom.training.log import RunLog
from photochrom.training.page import MOST_POINTS, Standing, State, page_frame, write_page
from photochrom.training.sheet import write_sheet

PICTURES = 5
PX = 24


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if chromium() is None:
        if os.environ.get("CI"):
            pytest.fail("in CI Chromium may not be absent")
        pytest.skip("Chromium is absent: it shows the page")
    with Browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


def sheet_of(colour: tuple[int, int, int], path: Path) -> None:
    """Grey input, ours in one colour, truth green."""
    rows = [(128, 128, 128), colour, (0, 255, 0)]
    write_sheet([np.full((PICTURES, PX, PX, 3), row, np.uint8) for row in rows], path)


def tell(log: RunLog, steps: range) -> None:
    """A look at every hundredth step: red at first, then ever more blue."""
    for step in steps:
        if step % 100 == 0:
            path = log.folder / f"samples-{step:07d}.png"
            sheet_of((255 - step // 4, 0, step // 4), path)
            log.write(step=step, minutes=step / 10, held_out_l1=9.0, delta_e=8.0, grey_delta_e=9.0)
            log.write(step=step, chroma_share=0.4)
            log.picture("samples", path, step=step)
        if step % 10 == 0:
            log.write(step=step, minutes=step / 10, l1=1000.0 / (step + 1), px=64)
            log.write(step=step, training_chroma_share=0.5)
        log.show(f"step {step}", step / 1000)


@pytest.fixture
def going_on(tmp_path: Path) -> Iterator[RunLog]:
    """A run at step 400 of 1000 that goes on."""
    with RunLog(tmp_path / "my run", quiet=True) as log:
        log.describe(generator="unet <script>alert(1)</script>")
        log.say("precision bf16-mixed & why")
        tell(log, range(401))
        log.page()
        yield log


def text(browser: Browser, selector: str) -> str:
    return str(browser.ask(f"document.querySelector({selector!r})?.innerText ?? 'absent'"))


def slide_to(browser: Browser, place: int) -> None:
    browser.ask(
        "(() => { const range = document.querySelector('.slider input'); "
        f"range.value = {place}; range.dispatchEvent(new Event('input')) }})()"
    )


def ours(browser: Browser, folder: Path) -> np.ndarray:
    """The colour that the first card shows as ours; its canvas, of a file, may not be read."""
    browser.ask("document.querySelector('.card').scrollIntoView({block: 'center'})")
    time.sleep(0.3)
    box = browser.ask(
        "(() => { const box = document.querySelectorAll('.card canvas')[1]"
        ".getBoundingClientRect(); return [box.x, box.y, box.width, box.height] })()"
    )
    left, top, width, height = map(round, box)
    with Image.open(browser.screenshot(folder / "shot.png")) as shot:
        return np.asarray(shot)[top + height // 4, left + width // 2, :3].astype(int)


def test_it_shows_the_run(browser: Browser, going_on: RunLog) -> None:
    browser.screen(1440, 1000)
    browser.open(going_on.folder / "index.html")
    assert browser.complaints == []
    assert text(browser, "h1") == "my run"
    assert text(browser, "#state") == "running"
    assert browser.ask("document.title") == "40 % · my run"
    assert "400" in text(browser, "#standing") and "40 %" in text(browser, "#standing")
    assert "40 min" in text(browser, "#standing")
    assert "bf16-mixed & why" in text(browser, "#said")
    assert "<script>alert(1)</script>" in text(browser, "#facts")
    names = browser.ask("[...document.querySelectorAll('.chart')].map((c) => c.innerText)")
    assert [name.split("\n")[0] for name in names] == [
        *("l1", "colour error, ΔE2000", "chroma / real chroma", "crop, px")
    ]


def test_curves_of_one_loss_share_a_chart(browser: Browser, going_on: RunLog) -> None:
    browser.open(going_on.folder / "index.html")
    looks = browser.ask(
        "[...document.querySelectorAll('.chart')].map((chart) => "
        "[...chart.querySelectorAll('.now span')].map((span) => span.className))"
    )
    assert looks == [["training", "held"], ["held", "grey"], ["training", "held"], ["training"]]
    assert "(log)" in text(browser, ".plot .top"), "from 1000 to 2.5"


def test_the_pointer_tells_the_values_of_a_step_in_every_chart(
    browser: Browser, going_on: RunLog
) -> None:
    browser.screen(1440, 1000)
    browser.open(going_on.folder / "index.html")
    assert text(browser, ".chart .training") == "2.49"
    browser.ask(
        "(() => { const plot = document.querySelectorAll('.plot')[1], "
        "box = plot.getBoundingClientRect(); plot.dispatchEvent(new PointerEvent('pointermove', "
        "{clientX: box.left, clientY: box.top, bubbles: true})) })()"
    )
    assert text(browser, ".chart .training") == "1,000"


def test_the_slider_goes_through_the_samples_over_time(
    browser: Browser, going_on: RunLog, tmp_path: Path
) -> None:
    browser.screen(1440, 1000)
    browser.open(going_on.folder / "index.html")
    browser.wait_until("document.querySelectorAll('.card').length")
    assert browser.ask("document.querySelectorAll('.card').length") == PICTURES
    assert "step 400" in text(browser, ".slider output")
    assert np.abs(ours(browser, tmp_path) - (155, 0, 100)).max() <= 3
    slide_to(browser, 0)
    assert "step 0" in text(browser, ".slider output")
    assert np.abs(ours(browser, tmp_path) - (255, 0, 0)).max() <= 3


def test_while_the_run_goes_on_the_page_follows_it(browser: Browser, going_on: RunLog) -> None:
    browser.open(going_on.folder / "index.html")
    tell(going_on, range(401, 601))
    going_on.page()
    browser.ask("refresh()")
    browser.wait_until("document.querySelector('#standing').innerText.includes('600')")
    browser.wait_until("document.querySelector('.slider output').innerText.includes('step 600')")
    slide_to(browser, 1)
    tell(going_on, range(601, 701))
    going_on.standing.end(None)
    going_on.page()
    browser.ask("refresh()")
    browser.wait_until("document.querySelector('#state').innerText === 'finished'")
    assert "step 100" in text(browser, ".slider output"), "who looks at an old one stays there"
    assert browser.ask("document.querySelector('.slider input').max") == "7"
    assert browser.ask("document.querySelectorAll('iframe').length") == 0
    assert browser.complaints == []


@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_a_phone(browser: Browser, going_on: RunLog, dark: bool) -> None:
    browser.screen(390, 844, dark=dark, touch=True)
    browser.open(going_on.folder / "index.html")
    assert browser.ask("document.documentElement.scrollWidth") == 390
    surface = browser.ask("getComputedStyle(document.documentElement).backgroundColor")
    assert surface == ("rgb(20, 20, 20)" if dark else "rgb(244, 244, 244)")


def test_a_run_that_went_silent_is_not_called_running(browser: Browser, tmp_path: Path) -> None:
    write_page(tmp_path, History(), Standing())
    path = tmp_path / "index.html"
    page = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'"written": \d+', '"written": 1700000000', page), encoding="utf-8")
    browser.open(path)
    assert "was it ended?" in text(browser, "#state")


def test_why_a_run_ended_is_said(browser: Browser, tmp_path: Path) -> None:
    write_page(tmp_path, History(), Standing(state=State.FAILED, reason="grey output: since 5"))
    browser.open(tmp_path / "index.html")
    assert text(browser, "#reason") == "grey output: since 5"
    assert not browser.ask("document.querySelector('#curves').checkVisibility()")


def test_a_sheet_that_is_gone_is_named(browser: Browser, going_on: RunLog) -> None:
    (going_on.folder / "samples-0000400.png").unlink()
    browser.open(going_on.folder / "index.html")
    browser.wait_until("document.querySelector('.absent')")
    assert "samples-0000400.png" in text(browser, ".absent")


def test_it_needs_nothing_but_the_runs_folder(browser: Browser, going_on: RunLog) -> None:
    browser.open(going_on.folder / "index.html")
    browser.wait_until("document.querySelectorAll('.card').length")
    root = going_on.folder.as_uri()
    assert all(request.startswith((root, "data:")) for request in browser.requests)
    assert not re.search(r"(?:src|href)=\"(?!data:)", page_frame())


def test_every_tag_is_closed() -> None:
    class Tags(html.parser.HTMLParser):
        open: list[str]

        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in ("meta", "link"):
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

    tags = Tags()
    tags.open = []
    tags.feed(page_frame())
    assert tags.open == []


def test_a_long_run_makes_no_large_page(tmp_path: Path) -> None:
    history = History()
    for step in range(0, 100_000, 50):
        history.add({"time": 1.0, "step": step, "l1": 1 / (step + 1), "l2": 2.0})
    started = time.perf_counter()
    write_page(tmp_path, history, Standing())
    assert time.perf_counter() - started < 1
    assert (tmp_path / "index.html").stat().st_size < 60_000 + 2 * MOST_POINTS * 20


def test_the_time_that_is_left_follows_from_the_share(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("photochrom.training.page.time.time", lambda: now[0])
    standing = Standing()
    assert standing.left_s(1060.0) is None, "nothing is done yet"
    standing.show("decoding", 0.0)
    standing.show("decoding", 0.25)
    assert standing.left_s(1060.0) == pytest.approx(180.0)
    now[0] = 2000.0
    standing.show("step 5", 0.1)  # another job, and this run had been left there
    standing.show("step 9", 0.2)
    assert standing.left_s(2030.0) == pytest.approx(240.0)
    standing.end(None)
    assert standing.left_s(2030.0) is None
