"""A progress bar with rate and time left, for a run at a terminal."""

from __future__ import annotations

from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from photochrom.cli.outcome import Finish, Outcome
from photochrom.cli.report import Report, summary


class RateColumn(ProgressColumn):
    """Pictures a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.1f}/s", style="progress.data.speed")


def bar(console: Console) -> Progress:
    """A bar with count, rate, time left and a task's description; not started yet."""
    return Progress(
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
        console=console,
    )


class BarReport(Report):
    """A bar on stderr; what failed is said at the end."""

    def __init__(self, total: int) -> None:
        self._console = Console(stderr=True)
        self._progress = bar(self._console)
        self._task = self._progress.add_task("", total=total)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def picture(self, outcome: Outcome) -> None:
        self._progress.update(self._task, advance=1, description=outcome.source)

    def end(self, finish: Finish) -> None:
        super().end(finish)
        for text in summary(finish):
            self._console.print(text, markup=False, highlight=False, soft_wrap=True)
