"""Work through pictures: several at a time, errors picture by picture, reports, Ctrl-C."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from photochrom.cli.inputs import Findings, Picture, refused_by_machine
from photochrom.cli.outcome import Finish, Outcome, Status, exit_code, failure
from photochrom.cli.report import JsonReport, LineReport, Report
from photochrom.errors import PhotochromError, SetupError
from photochrom.pipeline import in_order
from photochrom.resources import cores

INTERRUPTED = 130

Work = Callable[[Picture], Outcome]


def run(findings: Findings, work: Work, report: Report, *, workers: int | None = None) -> int:
    """Do `work` on every picture and report it; the exit code of the run.

    A picture that fails does not stop the others. Ctrl-C lets the pictures under way finish.
    """
    outcomes: list[Outcome] = []
    started = time.perf_counter()
    interrupted = False
    with report:
        try:
            for outcome in _outcomes(findings, work, workers or default_workers()):
                outcomes.append(outcome)
                report.picture(outcome)
        except KeyboardInterrupt:
            interrupted = True
    report.end(Finish(outcomes, time.perf_counter() - started, interrupted))
    return INTERRUPTED if interrupted else exit_code(outcomes)


def default_workers(threads: int | None = None) -> int:
    """Two pictures at a time keep two cores busy; a large machine takes up to eight.

    With `threads` given no more pictures than that are worked on at a time.
    """
    workers = min(8, max(2, cores() // 2))
    return workers if threads is None else min(workers, threads)


def choose_report(total: int, *, quiet: bool, as_json: bool, err: bool = False) -> Report:
    """The report for people, at a terminal or not, or for programs.

    With `err` everything goes to stderr, because stdout carries a picture.
    """
    if as_json:
        return JsonReport(err=err)
    if quiet:
        return Report()
    if total > 1 and sys.stderr.isatty():
        from photochrom.cli.progress import BarReport

        return BarReport(total)
    return LineReport(err=err)


def _outcomes(findings: Findings, work: Work, workers: int) -> Iterator[Outcome]:
    yield from (failure(name, error) for name, error in findings.failures)
    for path in findings.passed_over:
        yield Outcome(str(path), Status.PASSED_OVER, reason="it lies under the output folder")
    attempt = partial(_attempt, work)
    if len(findings.pictures) == 1:
        yield from map(attempt, findings.pictures)
    else:
        yield from in_order(attempt, findings.pictures, workers=workers)


def _attempt(work: Work, picture: Picture) -> Outcome:
    """What becomes of one picture, with the seconds that it took."""
    name = str(picture.path)
    started = time.perf_counter()
    try:
        outcome = work(picture)
    except PhotochromError as error:
        outcome = failure(name, error)
    except MemoryError:
        outcome = failure(name, SetupError(f"{name} needs more memory than this machine has free"))
    except OSError as error:
        outcome = failure(name, refused_by_machine(name, error))
    return replace(outcome, seconds=time.perf_counter() - started)
