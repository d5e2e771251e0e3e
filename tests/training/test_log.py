"""A run's log: lines that survive kills and full disks, and what is said where."""

from __future__ import annotations

import errno
import json
import math
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from photochrom.errors import InputError, SetupError
from photochrom.training.log import JsonLines, RunLog
from photochrom.training.page import State


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def page(folder: Path) -> dict[str, Any]:
    text = (folder / "index.html").read_text(encoding="utf-8")
    content = text.split('id="data">')[1].split("</script>")[0]
    found: dict[str, Any] = json.loads(content)
    return found


class FullDisk:
    """A file that takes half of what it is given, or nothing."""

    def __init__(self, *, takes: int = 0) -> None:
        self.takes = takes
        self.content = b""

    def write(self, content: bytes) -> int:
        if not self.takes:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.content += content[: self.takes]
        return self.takes

    def truncate(self, size: int) -> None:
        pass

    def close(self) -> None:
        pass


def test_a_run_leaves_lines_events_and_a_page(tmp_path: Path) -> None:
    with RunLog(tmp_path / "run", quiet=True) as log:
        log.describe(recipe="smoke")
        log.write(step=50, l1=0.5, minutes=1.0)
        log.say("all is well")
        log.show("step 50", 0.5)
    found = lines(tmp_path / "run")
    assert [set(line) - {"time"} for line in found] == [
        {"facts"},
        {"step", "l1", "minutes"},
        {"said"},
    ]
    assert all(line["time"] > 1.7e9 for line in found)
    assert len(list((tmp_path / "run").glob("events.out.tfevents.*"))) == 1
    shown = page(tmp_path / "run")
    assert shown["run"] == "run"
    assert shown["state"] == "finished"
    assert shown["facts"] == {"recipe": "smoke"}
    assert shown["curves"]["l1"] == [[50], [0.5]]
    assert shown["said"][0][1] == "all is well"
    assert (shown["message"], shown["share"]) == ("step 50", 0.5)


def test_a_number_that_is_none_is_written_as_null(tmp_path: Path) -> None:
    with RunLog(tmp_path, quiet=True) as log:
        log.write(step=1, l1=math.nan, l2=math.inf)
    assert lines(tmp_path)[0]["l1"] is None
    assert "l1" not in page(tmp_path)["curves"]


def test_pictures_are_told_with_their_step(tmp_path: Path) -> None:
    Image.new("RGB", (8, 6)).save(tmp_path / "a.png")
    with RunLog(tmp_path, quiet=True) as log:
        log.write(step=7, l1=1.0)
        log.picture("samples", tmp_path / "a.png")
        log.picture("samples", tmp_path / "a.png", step=9)
    assert page(tmp_path)["pictures"] == {"samples": [[7, "a.png"], [9, "a.png"]]}


def test_a_picture_that_is_not_there_ends_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with RunLog(tmp_path) as log:
        log.picture("samples", tmp_path / "gone.png", step=3)
    assert "gone.png" in capsys.readouterr().err
    assert page(tmp_path)["pictures"] == {}


def test_a_second_sitting_goes_on_in_the_same_log(tmp_path: Path) -> None:
    for first in (10, 20):
        with RunLog(tmp_path, quiet=True) as log:
            log.write(step=first, l1=1.0)
    assert page(tmp_path)["curves"]["l1"][0] == [10, 20]


def test_a_line_torn_by_a_kill_spoils_no_other(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text('{"time": 1, "step": 5, "l1": 1.0}\n{"time": 2, "st')
    with RunLog(tmp_path, quiet=True) as log:
        log.write(step=6, l1=2.0)
    assert (tmp_path / "log.jsonl").read_text().splitlines()[1] == '{"time": 2, "st'
    assert page(tmp_path)["curves"]["l1"] == [[5, 6], [1.0, 2.0]]


@pytest.mark.parametrize("takes", [0, 5])
def test_a_full_disk_ends_no_run_and_is_said_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], takes: int
) -> None:
    with RunLog(tmp_path) as log:
        assert log.lines is not None and log.events is not None
        log.lines.file.close()
        log.events.file.close()
        log.lines.file = log.events.file = FullDisk(takes=takes)  # type: ignore[assignment]
        for step in range(5):
            log.write(step=step, l1=1.0)
        log.say("still here")
    said = capsys.readouterr().err
    assert said.count("cannot be written") == 1
    assert "full" in said or "No space" in said
    assert "still here" in said
    assert page(tmp_path)["curves"]["l1"][0] == [0, 1, 2, 3, 4], "what was not written is shown"


def test_after_a_full_disk_the_next_line_stands_alone(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    written = JsonLines(path)
    real, written.file = written.file, FullDisk(takes=4)  # type: ignore[assignment]
    with pytest.raises(OSError, match="full"):
        written.write({"step": 1})
    real.write(b'{"st')  # what the disk took
    written.file = real
    written.write({"step": 2})
    written.close()
    assert path.read_text().splitlines() == ['{"st', '{"step": 2}']


def test_a_page_that_cannot_be_written_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise SetupError("cannot write index.html: the disk is full")

    monkeypatch.setattr("photochrom.training.page.write_atomic", full)
    with RunLog(tmp_path) as log:
        log.write(step=1, l1=1.0)
    assert capsys.readouterr().err.count("cannot be written") == 1
    assert lines(tmp_path)[0]["step"] == 1


def test_a_folder_that_cannot_be_made_is_said_before_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="--run"):
        RunLog(tmp_path / "file" / "run")


def test_a_log_file_that_cannot_be_opened_ends_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "log.jsonl").mkdir()
    with RunLog(tmp_path) as log:
        log.write(step=1, l1=1.0)
    assert "cannot be written" in capsys.readouterr().err
    assert page(tmp_path)["curves"]["l1"] == [[1], [1.0]]


def test_only_one_process_writes_and_speaks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with RunLog(tmp_path / "run", writes=False) as log:
        log.write(step=1, l1=1.0)
        log.say("hello")
        log.show("step 1", 0.5)
        log.describe(a="b")
        log.picture("samples", tmp_path / "run" / "a.png")
    assert capsys.readouterr().err == ""
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("error", "state", "reason"),
    [
        (KeyboardInterrupt(), State.STOPPED, ""),
        (InputError("no photos"), State.FAILED, "no photos"),
        (RuntimeError("oops"), State.FAILED, "RuntimeError: oops"),
    ],
)
def test_the_page_says_how_a_run_ended(
    tmp_path: Path, error: BaseException, state: State, reason: str
) -> None:
    with pytest.raises(type(error)), RunLog(tmp_path, quiet=True):
        raise error
    assert page(tmp_path)["state"] == state.value
    assert page(tmp_path)["reason"] == reason


def test_plain_lines_come_at_most_every_half_minute(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("photochrom.training.log.time.monotonic", lambda: now[0])
    with RunLog(tmp_path) as log:
        for step in range(4):
            log.show(f"step {step}", step / 4)
            now[0] += 16.0
    assert [line.split()[-1] for line in capsys.readouterr().err.splitlines()] == ["0", "2"]


def test_the_page_is_written_now_and_then_while_numbers_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("photochrom.training.log.time.monotonic", lambda: now[0])
    with RunLog(tmp_path, quiet=True) as log:
        shown = []
        for step in range(1, 5):
            log.write(step=step, l1=1.0)
            shown.append((page(tmp_path)["step"], page(tmp_path)["state"]))
            now[0] += 8.0
    assert shown == [(step, "running") for step in (1, 1, 3, 3)]
