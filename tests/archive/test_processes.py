"""Processes that die take nothing with them: of workers, and of the whole run at any moment."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from archive_runs import Heard, files_below, grey_scan, rows_of, worker_that_breaks

from photochrom.archive import processes
from photochrom.archive.begin import Who, beginning
from photochrom.archive.processes import Processes
from photochrom.archive.records import Answer, Order
from photochrom.errors import InputError, WeightsError
from photochrom.media.jpeg_restore import restored

PICTURES = 24


@pytest.fixture
def many(tmp_path: Path) -> Path:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(PICTURES):
        grey_scan(number, 240, 320).save(folder / f"{number:02}.jpg")
    return folder


def assert_all_done_once(source: Path, target: Path, manifest: Path) -> None:
    rows = rows_of(manifest)
    assert {row["state"] for row in rows.values()} == {"coloured"}
    assert set(rows) == files_below(source)
    results = {name for name in files_below(target) if not name.startswith("photochrom.")}
    assert results == set(rows)
    for name in rows:
        original = restored((target / name).read_bytes()).jpeg
        assert original == (source / name).read_bytes()


def test_killed_workers_are_replaced_and_nothing_is_lost(many: Path, tmp_path: Path) -> None:
    heard, target = Heard(), tmp_path / "colour"
    order = Order(str(many), str(target))
    with beginning(order, heard, who=Who(processes=2)) as run:
        assert isinstance(run.crew, Processes)
        crew = run.crew

        def kill(answer: Answer) -> None:
            if len(heard.answers) in (3, 9):
                os.kill(random.Random(len(heard.answers)).choice(crew.pids), signal.SIGKILL)

        heard.on_answer = kill
        run.prepare()
        run.work()
    assert len(heard.answers) == PICTURES
    assert_all_done_once(many, target, target / "photochrom.sqlite")


def test_a_picture_that_kills_its_worker_twice_is_named_and_stops_no_other(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, target = Heard(), tmp_path / "colour"
    monkeypatch.setattr(processes, "serve", worker_that_breaks)
    with beginning(Order(str(many), str(target)), heard, who=Who(processes=2)) as run:
        run.prepare()
        run.work()
    assert "ended 2 times (signal 9)" in heard.error_of("05.jpg")
    assert len({name for name, state in heard.states.items() if state == "coloured"}) == 23


def test_a_model_that_is_missing_is_said_before_work(many: Path, tmp_path: Path) -> None:
    order = Order(str(many), str(tmp_path / "colour"), model=str(tmp_path / "no.onnx"))
    with pytest.raises(WeightsError, match=r"no\.onnx"), beginning(order, Heard()):
        pass


def command(many: Path, target: Path) -> list[str]:
    called = [sys.executable, "-m", "photochrom.cli.main", "archive", str(many), str(target)]
    return [*called, "--processes", "2", "--quiet"]


@pytest.mark.parametrize("after", [1, 8])
def test_a_run_that_is_killed_whole_goes_on_where_it_was(
    many: Path, tmp_path: Path, after: int
) -> None:
    target = tmp_path / "colour"
    running = subprocess.Popen(command(many, target), start_new_session=True)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and running.poll() is None:
        if target.is_dir() and len(list(target.glob("*.jpg"))) >= after:
            break
        time.sleep(0.005)
    os.killpg(running.pid, signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    kept = {path: path.stat().st_ino for path in target.glob("*.jpg")}
    subprocess.run(command(many, target), check=True)
    assert_all_done_once(many, target, target / "photochrom.sqlite")
    assert {path: path.stat().st_ino for path in kept} == kept, "some were coloured twice"


def test_two_runs_at_a_time_are_refused(many: Path, tmp_path: Path) -> None:
    order = Order(str(many), str(tmp_path / "colour"))
    with (
        beginning(order, Heard(), who=Who(processes=0)),
        pytest.raises(InputError, match="another run is at work"),
        beginning(order, Heard(), who=Who(processes=0)),
    ):
        pass
