"""What `photochrom archive` says while it works: a bar, plain lines, JSON, or failures alone."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from typing import Self

import typer

from photochrom.archive.manifest import Manifest
from photochrom.archive.names import shown
from photochrom.archive.records import Answer, State
from photochrom.archive.run import Run
from photochrom.cli.outcome import SOME_FAILED
from photochrom.cli.report import INTERRUPTED, error_in_words
from photochrom.cli.run import INTERRUPTED as INTERRUPTED_CODE
from photochrom.media.notes import FURTHER_PAGES

EVERY_S = 10.0  # a plain line of progress
NAMED = 20  # failures that are named at the end; the manifest holds all


class Report:
    """Counts what happens, and says nothing until the end but what failed: `--quiet`."""

    def __init__(self) -> None:
        self.interrupted = False
        self.looks = 0
        self.total = 0
        self.done = 0
        self.failed = 0
        self.began = time.perf_counter()
        self._before = 0  # what was done when the present work began
        self._work_began = self.began

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def at_work(self, run: Run) -> None:
        """Say who works, and where what is done is noted."""

    def begins(self, counts: dict[State, int]) -> None:
        self.looks += 1
        to_do = counts.get(State.TO_DO, 0)
        self.total = self.done + to_do
        if to_do:
            self._before, self._work_began = self.done, time.perf_counter()
        if not self.done:
            self.began = time.perf_counter()

    def settled(self, answer: Answer) -> None:
        self.done += 1
        self.total = max(self.total, self.done)  # a folder that cannot be listed was not counted
        self.failed += answer.state is State.FAILED
        if answer.state is State.FAILED and self.failed <= NAMED:
            named = error_in_words(shown(answer.name), str(answer.error))
            self.say_error(f"photochrom: {named}")

    def waits(self) -> None:
        return None

    def note(self, text: str) -> None:
        """One line of less weight, at the end."""

    def say_error(self, text: str) -> None:
        """One line for people about something that failed."""
        typer.echo(text, err=True)

    def end(self, manifest: Manifest) -> None:
        """Sum up."""
        if self.failed > NAMED:
            self.say_error(f"photochrom: {self.failed - NAMED} more failed, see {manifest.path}")
        if self.interrupted:
            self.say_error(f"photochrom: {INTERRUPTED}")

    @property
    def exit_code(self) -> int:
        """Of the run as far as it has come."""
        if self.interrupted:
            return INTERRUPTED_CODE
        return SOME_FAILED if self.failed else 0

    @property
    def rate(self) -> float:
        """Pictures a second since the present work began; waiting for new ones is no work."""
        seconds = time.perf_counter() - self._work_began
        return (self.done - self._before) / max(seconds, 1e-9)


class JsonReport(Report):
    """One JSON object a picture, on stdout."""

    def settled(self, answer: Answer) -> None:
        super().settled(answer)
        typer.echo(json.dumps(as_json(answer), ensure_ascii=False))

    def say_error(self, text: str) -> None:
        if self.interrupted:
            typer.echo(text, err=True)


class LineReport(Report):
    """A plain line every ten seconds, and the counts at the end."""

    def __init__(self) -> None:
        super().__init__()
        self._last = time.perf_counter()

    def at_work(self, run: Run) -> None:
        typer.echo(
            f"{run.order.source} → {run.order.target}  ({run.crew.words}, {run.manifest.path})"
        )

    def begins(self, counts: dict[State, int]) -> None:
        first = not self.looks
        super().begins(counts)
        to_do = counts.get(State.TO_DO, 0)
        if first or to_do:
            typer.echo(f"{to_do} to do, {sum(counts.values()) - to_do} done before")

    def note(self, text: str) -> None:
        typer.echo(text)

    def settled(self, answer: Answer) -> None:
        super().settled(answer)
        if time.perf_counter() - self._last >= EVERY_S:
            self._last = time.perf_counter()
            typer.echo(progress_line(self.done, self.total, self.failed, self.rate))

    def end(self, manifest: Manifest) -> None:
        super().end(manifest)
        for text in summary(manifest, self.done, time.perf_counter() - self.began):
            typer.echo(text)


class BarReport(LineReport):
    """A bar at a terminal: how many, the rate, the time left, failures."""

    def __init__(self) -> None:
        super().__init__()
        from rich.console import Console

        from photochrom.cli.progress import bar

        self._console = Console(stderr=True)
        self._bar = bar(self._console)
        self._task = self._bar.add_task("listing", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def begins(self, counts: dict[State, int]) -> None:
        super().begins(counts)
        self._bar.update(self._task, total=self.total, completed=self.done, description="")

    def settled(self, answer: Answer) -> None:
        Report.settled(self, answer)
        words = f"{self.failed} failed" if self.failed else ""
        self._bar.update(self._task, advance=1, description=words)

    def say_error(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def end(self, manifest: Manifest) -> None:
        self._bar.stop()
        super().end(manifest)


def choose_report(*, quiet: bool, as_json: bool) -> Report:
    """The report for people, at a terminal or not, or for programs."""
    if as_json:
        return JsonReport()
    if quiet:
        return Report()
    return BarReport() if sys.stderr.isatty() else LineReport()


def progress_line(done: int, total: int, failed: int, rate: float) -> str:
    """How far a run has come, in one line.

    >>> progress_line(1200, 10000, 3, 40.0)
    '1200 of 10000  40.0/s  3 failed  4 min left'
    """
    words = [f"{done} of {total}", f"{rate:.1f}/s"]
    if failed:
        words.append(f"{failed} failed")
    if rate > 0:
        words.append(f"{duration((total - done) / rate)} left")
    return "  ".join(words)


def duration(seconds: float) -> str:
    """A time in the unit that fits it.

    >>> duration(42), duration(250), duration(9000)
    ('42 s', '4 min', '2.5 h')
    """
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def summary(manifest: Manifest, done: int, seconds: float) -> list[str]:
    """The counts of the whole archive after a run, and this run's rate."""
    counts = manifest.counts()
    counted = [f"{counts[state]} {state}" for state in State if counts.get(state)]
    rate = f"{done} in {duration(seconds)}, {done / max(seconds, 1e-9):.1f}/s"
    lines = [f"{', '.join(counted) or 'no pictures'}  ({rate})"]
    if pages := manifest.noted(FURTHER_PAGES):
        files = "1 file has" if pages == 1 else f"{pages} files have"
        lines.append(f"{files} further pages, which were not coloured: {FURTHER_PAGES}")
    return lines


def links_in_words(links: Sequence[str]) -> str:
    """That links to folders were not followed, and what to do.

    >>> links_in_words(["1923/more"])
    '1 link to a folder was not followed (1923/more): give that folder in a run of its own'
    """
    if len(links) == 1:
        said, them = "1 link to a folder was", "that folder in a run of its own"
    else:
        said, them = f"{len(links)} links to folders were", "those folders in runs of their own"
    first = shown(links[0]) + (", …" if len(links) > 1 else "")
    return f"{said} not followed ({first}): give {them}"


def as_json(answer: Answer) -> dict[str, object]:
    """A flat object for one JSON line."""
    return {
        "source": shown(answer.name),
        "status": str(answer.state),
        "result": None if answer.result is None else shown(answer.result),
        "way": answer.way,
        "reason": answer.note,
        "error": answer.error,
        "source_sha256": answer.source_sha256,
        "result_sha256": answer.result_sha256,
        "seconds": round(answer.seconds, 3),
    }
