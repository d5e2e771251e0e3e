"""What `photochrom archive` says while it works, waits and watches."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from archive_runs import grey_scan
from PIL import Image

from photochrom.archive.records import Answer, State
from photochrom.cli import archive_report
from photochrom.cli.archive_report import LineReport

COLOURED = Answer(id=1, name="a.jpg", state=State.COLOURED)
FAILED = Answer(id=2, name="b.jpg", state=State.FAILED, error="b.jpg is empty")


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let so many seconds pass on the report's clock."""
    clock = [100.0]
    monkeypatch.setattr(archive_report.time, "perf_counter", lambda: clock[0])

    def later(seconds: float) -> None:
        clock[0] += seconds

    return later


def test_the_rate_and_the_time_left_are_those_of_the_present_work(pass_time, capsys) -> None:
    report = LineReport()
    report.begins({State.TO_DO: 41, State.COLOURED: 9})
    pass_time(10)
    report.settled(COLOURED)
    for _ in range(9):
        report.settled(COLOURED)
    pass_time(5)
    report.settled(FAILED)
    pass_time(6)
    report.settled(COLOURED)
    assert capsys.readouterr().out.splitlines() == [
        "41 to do, 9 done before",
        "1 of 41  0.1/s  7 min left",
        "12 of 41  0.6/s  1 failed  51 s left",
    ]
    pass_time(3600)  # waiting for new ones is no work
    report.begins({State.TO_DO: 30})
    pass_time(20)
    for _ in range(10):
        report.settled(COLOURED)
    assert report.rate == pytest.approx(0.5)
    assert "13 of 42  0.1/s  1 failed  10 min left" in capsys.readouterr().out


def test_a_look_that_finds_nothing_new_says_nothing(pass_time, capsys) -> None:
    report = LineReport()
    report.begins({State.TO_DO: 1})
    report.settled(COLOURED)
    for _ in range(3):
        report.begins({State.COLOURED: 1})
    report.begins({State.TO_DO: 2, State.COLOURED: 1})
    assert capsys.readouterr().out.splitlines() == [
        "1 to do, 0 done before",
        "2 to do, 1 done before",
    ]


def test_further_pages_and_links_are_said_at_the_end(photochrom, tmp_path) -> None:
    box = tmp_path / "box"
    (box / "deep").mkdir(parents=True)
    grey_scan(1).save(box / "album.tif", save_all=True, append_images=[grey_scan(2)])
    grey_scan(3).save(box / "deep" / "one.tif")
    (box / "link").symlink_to(box / "deep")
    ran = photochrom("archive", box, tmp_path / "colour", "--processes", "0")
    assert ran.code == 0
    assert "1 file has further pages" in ran.out
    assert "`photochrom scan`" in ran.out
    assert "1 link to a folder was not followed (link)" in ran.out
    ran = photochrom("archive", box, tmp_path / "colour", "--processes", "0", "--json")
    assert ran.out == ""


def test_watching_takes_what_arrives_and_ends_in_order(tmp_path: Path) -> None:
    box, colour = tmp_path / "box", tmp_path / "colour"
    box.mkdir()
    grey_scan(1).save(box / "a.jpg")
    os.utime(box / "a.jpg", (1e9, 1e9))
    called = [sys.executable, "-u", "-m", "photochrom.cli.main", "archive", str(box), str(colour)]
    with subprocess.Popen(
        [*called, "--processes", "0", "--watch", "--every", "0.1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as watching:
        until((colour / "a.jpg").is_file)
        time.sleep(1)  # some looks with nothing to do
        grey_scan(2).save(tmp_path / "b.jpg")
        os.utime(tmp_path / "b.jpg", (1e9, 1e9))
        (tmp_path / "b.jpg").rename(box / "b.jpg")
        until((colour / "b.jpg").is_file)
        time.sleep(1)
        watching.send_signal(signal.SIGINT)
        out, err = watching.communicate(timeout=30)
    assert (watching.returncode, err) == (0, "")
    assert out.count(" to do, ") == 2
    assert "2 coloured" in out
    with Image.open(colour / "b.jpg") as picture:
        assert picture.mode == "RGB"


def until(is_so: Callable[[], bool]) -> None:
    """Wait for it, half a minute at most."""
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.05)
    raise TimeoutError
