"""What a run says: plain lines, one JSON object a line, or nothing but failures; then a summary."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Self

import typer

from photochrom.cli.outcome import Finish, Outcome, Status

INTERRUPTED = "interrupted; what was finished is kept"

#: How a summary counts each status, in this order.
_COUNTED = {
    Status.COLOURED: "coloured",
    Status.RESTORED: "restored",
    Status.PAIRED: "paired",
    Status.PLANNED: "to do",
    Status.FINISHED: "already done",
    Status.LEFT_OUT: "left out",
    Status.PASSED_OVER: "passed over",
    Status.FAILED: "failed",
}

_WRITTEN = (Status.COLOURED, Status.RESTORED, Status.PAIRED)


class Report:
    """Says nothing while a run goes on: what `--quiet` wants, and the base of the others."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def picture(self, outcome: Outcome) -> None:
        """Say what became of one picture."""

    def total(self, counts: Counter[Status]) -> None:
        """Sum up a run of which only the counts are kept."""

    def end(self, finish: Finish) -> None:
        """Sum up the run; what failed goes to stderr in every report for people."""
        for outcome in finish.outcomes:
            if outcome.error is not None:
                named = error_in_words(outcome.source, str(outcome.error))
                typer.echo(f"photochrom: {named}", err=True)
        if finish.interrupted:
            typer.echo(f"photochrom: {INTERRUPTED}", err=True)


class JsonReport(Report):
    """One JSON object a line, on stdout, or on stderr where stdout carries the picture."""

    def __init__(self, *, err: bool = False) -> None:
        self._err = err

    def picture(self, outcome: Outcome) -> None:
        typer.echo(json.dumps(outcome.as_json(), ensure_ascii=False), err=self._err)

    def end(self, finish: Finish) -> None:
        if finish.interrupted:
            typer.echo(f"photochrom: {INTERRUPTED}", err=True)


class LineReport(Report):
    """One plain line a picture."""

    def __init__(self, *, err: bool = False) -> None:
        self._err = err

    def picture(self, outcome: Outcome) -> None:
        if outcome.status not in (Status.FAILED, Status.PASSED_OVER):
            typer.echo(line(outcome), err=self._err)

    def total(self, counts: Counter[Status]) -> None:
        typer.echo(counted(counts), err=self._err)

    def end(self, finish: Finish) -> None:
        super().end(finish)
        if len(finish.outcomes) > 1:
            typer.echo("\n".join(summary(finish)), err=self._err)


def line(outcome: Outcome) -> str:
    """One picture in one plain line.

    >>> from pathlib import Path
    >>> line(Outcome("a.jpg", Status.COLOURED, Path("out/a.jpg"), way="splice", seconds=0.31))
    'a.jpg → out/a.jpg  (splice, 0.31 s)'
    >>> line(Outcome("b.jpg", Status.LEFT_OUT, reason="it has real colour"))
    'b.jpg  left out: it has real colour'
    """
    if outcome.status is Status.LEFT_OUT:
        return f"{outcome.source}  left out: {outcome.reason}"
    arrow = f"{outcome.source} → {', '.join(map(str, (outcome.result, *outcome.extras)))}"
    if outcome.status is Status.FINISHED:
        return f"{arrow}  (already done)"
    if outcome.status is Status.PLANNED:
        return f"{arrow}  (would be written)"
    facts = [outcome.way, f"{outcome.seconds:.2f} s", outcome.reason]
    return f"{arrow}  ({', '.join(fact for fact in facts if fact)})"


def summary(finish: Finish) -> list[str]:
    """The counts of a run, then by name what was left out and what is noteworthy."""
    outcomes = finish.outcomes
    counts = Counter(outcome.status for outcome in outcomes)
    lines = [f"{counted(counts)}  ({finish.seconds:.1f} s)"]
    lines += _listed("left out", outcomes, lambda outcome: outcome.status is Status.LEFT_OUT)
    lines += _listed(
        "noted",
        outcomes,
        lambda outcome: outcome.status in _WRITTEN and bool(outcome.reason),
    )
    return lines


def counted(counts: Counter[Status]) -> str:
    """How many pictures came to what, in one line."""
    words = [f"{counts[status]} {word}" for status, word in _COUNTED.items() if counts[status]]
    return ", ".join(words) or "nothing done"


def _listed(
    title: str, outcomes: Sequence[Outcome], chosen: Callable[[Outcome], bool]
) -> list[str]:
    """The chosen outcomes under a title, grouped by their reason."""
    by_reason: dict[str, list[str]] = {}
    for outcome in outcomes:
        if chosen(outcome):
            by_reason.setdefault(outcome.reason or "", []).append(outcome.source)
    return [
        text
        for reason, sources in by_reason.items()
        for text in (f"{title}: {reason}", *(f"  {source}" for source in sources))
    ]


def error_in_words(source: str, said: str) -> str:
    """What was said of a picture, with its whole path once.

    >>> error_in_words("scans/a.jpg", "a.jpg is empty"), error_in_words("a.jpg", "the disk is full")
    ('scans/a.jpg is empty', 'a.jpg: the disk is full')
    """
    name = PurePath(source).name
    if said.startswith(f"{name} "):
        return f"{source} {said.removeprefix(name).lstrip()}"
    return said if source in said else f"{source}: {said}"
