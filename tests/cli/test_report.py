"""What a run says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from photochrom.cli.outcome import Finish, Outcome, Status, exit_code, failure
from photochrom.cli.progress import BarReport
from photochrom.cli.report import JsonReport, LineReport, Report, line, summary
from photochrom.cli.run import choose_report
from photochrom.errors import InputError, SetupError, WeightsError

COLOURED = Outcome("a.jpg", Status.COLOURED, Path("out/a.jpg"), way="splice", seconds=0.3)
NOTED = Outcome(
    "c.jpg", Status.COLOURED, Path("out/c.jpg"), way="ordinary", reason="three components"
)
FINISHED = Outcome("d.jpg", Status.FINISHED, Path("out/d.jpg"))
LEFT_OUT = Outcome("e.jpg", Status.LEFT_OUT, reason="it has real colour")
OURS = Outcome("f.color.jpg", Status.PASSED_OVER, reason="it was coloured by Photochrom")
FAILED = failure("b.jpg", InputError("it is empty"))
ALL = [COLOURED, FAILED, NOTED, FINISHED, LEFT_OUT, OURS]


def test_nothing_failed_is_exit_code_zero() -> None:
    assert exit_code([]) == exit_code([COLOURED, LEFT_OUT, FINISHED]) == 0


@pytest.mark.parametrize(
    ("error", "code"), [(InputError("x"), 2), (WeightsError("x"), 3), (SetupError("x"), 4)]
)
def test_one_picture_has_its_errors_own_exit_code(error: InputError, code: int) -> None:
    assert exit_code([failure("a", error)]) == code
    assert exit_code([failure("a", error), COLOURED]) == 1


def test_a_summary_counts_and_names() -> None:
    assert summary(Finish(ALL, 2.04)) == [
        "2 coloured, 1 already done, 1 left out, 1 passed over, 1 failed  (2.0 s)",
        "left out: it has real colour",
        "  e.jpg",
        "noted: three components",
        "  c.jpg",
    ]
    assert summary(Finish([], 0.0)) == ["nothing done  (0.0 s)"]


def test_lines_say_where_the_result_lies() -> None:
    assert line(FINISHED) == "d.jpg → out/d.jpg  (already done)"
    assert line(NOTED) == "c.jpg → out/c.jpg  (ordinary, 0.00 s, three components)"
    planned = Outcome("a", Status.PLANNED, Path("b"))
    assert line(planned) == "a → b  (would be written)"


def test_an_error_has_the_whole_path_once(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = [
        failure("box/a.jpg", InputError("a.jpg is empty")),
        failure("box/b.jpg", InputError("it is empty")),
        failure("box/c.jpg", InputError("there is no file box/c.jpg")),
    ]
    Report().end(Finish(outcomes, 1.0))
    assert capsys.readouterr().err.splitlines() == [
        "photochrom: box/a.jpg is empty",
        "photochrom: box/b.jpg: it is empty",
        "photochrom: there is no file box/c.jpg",
    ]


def say(report: Report, *, interrupted: bool = False) -> None:
    with report:
        for outcome in ALL:
            report.picture(outcome)
    report.end(Finish(ALL, 1.0, interrupted))


def test_plain_lines_go_to_stdout_and_failures_to_stderr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say(LineReport())
    said = capsys.readouterr()
    assert said.out.splitlines()[0] == "a.jpg → out/a.jpg  (splice, 0.30 s)"
    assert said.err == "photochrom: b.jpg: it is empty\n"
    assert "f.color.jpg" not in said.out


def test_a_report_beside_a_picture_on_stdout_goes_to_stderr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say(LineReport(err=True))
    assert capsys.readouterr().out == ""


def test_quiet_says_only_what_failed(capsys: pytest.CaptureFixture[str]) -> None:
    say(choose_report(6, quiet=True, as_json=False), interrupted=True)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "photochrom: b.jpg: it is empty",
        "photochrom: interrupted; what was finished is kept",
    ]


def test_json_is_one_object_a_picture(capsys: pytest.CaptureFixture[str]) -> None:
    say(JsonReport(), interrupted=True)
    said = capsys.readouterr()
    records = [json.loads(text) for text in said.out.splitlines()]
    assert [record["status"] for record in records] == [
        "coloured",
        "failed",
        "coloured",
        "finished",
        "left-out",
        "passed-over",
    ]
    assert records[0]["way"] == "splice"
    assert records[1]["error"] == "it is empty"
    assert records[1]["exit_code"] == 2
    assert "interrupted" in said.err


def test_a_terminal_gets_a_bar(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "120")
    report = choose_report(6, quiet=False, as_json=False)
    assert isinstance(report, BarReport)
    say(report)
    said = capsys.readouterr().err
    assert "6/6" in said
    assert "/s" in said
    assert "photochrom: b.jpg: it is empty" in said
    assert "2 coloured" in said


def test_one_picture_needs_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert isinstance(choose_report(1, quiet=False, as_json=False), LineReport)
