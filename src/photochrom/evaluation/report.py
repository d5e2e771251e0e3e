"""`report.html`: one file that shows an evaluation to people, tables, plots and every picture.

The file needs no network and keeps to a size: the pictures inside are as large and as good as it
allows, and the page says how large. What is drawn and clicked is in `templates/`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from photochrom.errors import InputError
from photochrom.evaluation.report_page import order_of_opening, page
from photochrom.evaluation.report_pictures import LADDER, Plan, blocks, plan
from photochrom.evaluation.result import Evaluation, Pictures
from photochrom.media.atomic import write_atomic

MOST_BYTES = 25_000_000
NUMBERS_SHARE = 0.25  # of the file, at most, for the numbers of single pictures

Progress = Callable[[int, int], None]  # pictures done, pictures in all


@dataclass(frozen=True)
class ReportFacts:
    """What was written: its size, how many pictures of those measured it shows, and how."""

    size_bytes: int
    measured: int
    plan: Plan

    @property
    def words(self) -> str:
        """The same in words, for people."""
        return f"{self.size_bytes / 1e6:.1f} MB, {self.plan.words(self.measured)}"


def write_report(
    evaluation: Evaluation,
    pictures: Pictures,
    path: Path,
    *,
    most_bytes: int = MOST_BYTES,
    on_progress: Progress | None = None,
) -> ReportFacts:
    """Write the report of `evaluation` to `path`, at most `most_bytes` large.

    Pictures are asked for one at a time; the size and quality of what is embedded follow from a
    sample. Where not all fit at the smallest size, an even choice is shown, and the page says so.

    Raises `InputError` where nothing was measured or `most_bytes` is too few for the tables,
    `SetupError` where `path` cannot be written.
    """
    if not evaluation.pictures or not evaluation.models:
        raise InputError("nothing was measured, so there is nothing to show in a report")
    planned = _first_plan(evaluation, pictures, most_bytes)
    while (content := _content(evaluation, pictures, planned, most_bytes, on_progress)) is None:
        planned = planned.smaller()
    write_atomic(path, content)
    return ReportFacts(len(content), len(evaluation.pictures), planned)


def _first_plan(evaluation: Evaluation, pictures: Pictures, most_bytes: int) -> Plan:
    """What should fit, by a sample of the pictures."""
    count = len(evaluation.pictures)
    bare, whole = (
        sum(len(part.encode()) for part in page(evaluation, Plan(shown, LADDER[0])))
        for shown in ((), tuple(range(count)))
    )
    if bare > most_bytes // 2:
        raise InputError(
            f"a report of {most_bytes} bytes has no room for pictures: its tables alone take {bare}"
        )
    row_bytes = (whole - bare) / count
    most_pictures = min(count, int(most_bytes * NUMBERS_SHARE / row_bytes))
    room = most_bytes - bare - int(row_bytes * most_pictures)
    return plan(evaluation, pictures, room, most_pictures=most_pictures)


def _content(
    evaluation: Evaluation,
    pictures: Pictures,
    planned: Plan,
    most_bytes: int,
    on_progress: Progress | None,
) -> bytes | None:
    """The file, None as soon as it outgrows `most_bytes`.

    The picture at the top comes before the script, so that it is seen while the rest is read.
    """
    head, script, tail = (part.encode() for part in page(evaluation, planned))
    parts = [head]
    left = most_bytes - len(head) - len(script) - len(tail)
    order = order_of_opening(evaluation, planned)
    made = blocks(evaluation, pictures, planned, order)
    for done, block in enumerate(made, start=1):
        parts.append(block)
        left -= len(block)
        if left < 0:
            made.close()
            return None
        if done == 1:
            parts.append(script)
        if on_progress:
            on_progress(done, len(order))
    return b"".join([*parts, tail])
