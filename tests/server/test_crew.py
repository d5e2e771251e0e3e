"""Who does the jobs: the same answers from processes, and one that dies takes nothing with it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from fastapi import HTTPException

from photochrom.errors import InputError
from photochrom.server.crew import OwnThreads, Processes, make_crew
from photochrom.server.intake import Upload
from photochrom.server.paint import Colorize, Predict
from photochrom.server.settings import Settings
from photochrom.server.shelf import Shelf, load_shelf
from photochrom.server.wishes import ColorizeWishes, PaintWishes
from serving import encoded, grey_picture

MOST_MEGAPIXELS = 10.0


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return load_shelf(Settings())


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    crew = Processes(Settings(), 1)
    yield crew
    crew.close()


@pytest.fixture
def job(grey_jpeg: bytes) -> Colorize:
    return Colorize(Upload(grey_jpeg, "a.jpg"), ColorizeWishes(), MOST_MEGAPIXELS)


def test_a_process_answers_what_a_thread_does(
    shelf: Shelf, processes: Processes, job: Colorize
) -> None:
    ours, theirs = OwnThreads(shelf, 1).do(job, alone=True), processes.do(job, alone=True)
    assert theirs.body == ours.body
    assert theirs.facts == ours.facts
    assert set(theirs.stages_ms) == set(ours.stages_ms)


def test_refusals_and_errors_come_back_as_they_were(processes: Processes) -> None:
    with pytest.raises(HTTPException) as refusal:
        processes.do(Predict(Upload(b"words", "a.txt"), PaintWishes(), 1.0), alone=False)
    assert refusal.value.status_code == 415
    cut = Upload(encoded(grey_picture(64, 48))[:-300], "cut.jpg")
    with pytest.raises(InputError, match=r"cut\.jpg"):
        processes.do(Predict(cut, PaintWishes(), 1.0), alone=False)


@pytest.mark.parametrize("deaths", [1, 2])  # the replacement too, before it is ready
def test_a_process_that_dies_is_replaced(processes: Processes, job: Colorize, deaths: int) -> None:
    for _ in range(deaths):
        pid = processes._workers[0].process.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(HTTPException) as refusal:
            processes.do(job, alone=True)
        assert refusal.value.status_code == 503
    assert processes.do(job, alone=True).body
    assert [worker.process.pid for worker in processes._workers] != [pid]


def test_what_keeps_a_process_from_beginning_is_said() -> None:
    with pytest.raises(InputError, match="abacus"):
        Processes(Settings(device="abacus"), 1)


def test_they_end_with_the_crew(job: Colorize) -> None:
    crew = Processes(Settings(), 2)
    pids = [worker.process.pid for worker in crew._workers]
    assert len(set(pids)) == 2
    crew.close()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_cpu_gets_processes_unless_the_settings_say_otherwise(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photochrom.server.crew.cores", lambda: 3)
    monkeypatch.setattr("photochrom.server.crew.Processes", lambda _, size: f"{size} processes")
    assert make_crew(Settings(), shelf) == "3 processes"
    assert make_crew(Settings(processes=5), shelf) == "5 processes"
    for settings, size in ((Settings(processes=1), 4), (Settings(workers=2), 2)):
        crew = make_crew(settings, shelf)
        assert isinstance(crew, OwnThreads)
        assert crew.size == size
