"""The table of an evaluation as plain text, for terminals, and as Markdown, for pages."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from photochrom.evaluation.report_table import GROUPS, best_models, between, number, summary_of
from photochrom.evaluation.result import Evaluation, Interval, MetricFacts, ModelFacts

TRUTH_TITLE = "true colours"
LEGEND = (
    "↑ more is better, ↓ less, → 1 close to 1; * best, or not different from the best: the paired "
    "95 % interval over photos includes zero; none is marked where none differs"
)
GAP = "  "


def table_lines(evaluation: Evaluation, width: int) -> list[str]:
    """A row each metric, a column each model, in as many blocks as a terminal so wide needs."""
    rows = [(metric, cells(evaluation, metric)) for metric in evaluation.metrics]
    heads = [model.name for model in evaluation.models]
    if evaluation.truth_summaries:
        heads.append(TRUTH_TITLE)
    titles = max(len(headed(metric)) for metric, _ in rows)
    columns = zip(heads, *(row for _, row in rows), strict=True)
    widths = [max(map(len, column)) for column in columns]
    lines: list[str] = []
    for block in _blocks(widths, width - titles):
        lines += ["", *_block(rows, heads, block, (titles, widths))]
    return [*lines[1:], "", LEGEND, "", *evaluation.protocol.lines(), *model_lines(evaluation)]


def model_lines(evaluation: Evaluation) -> list[str]:
    """What each model is, and the SHA-256 that identifies it."""
    return [
        f"{model.name}: {model.kind}{f' {model.source}' * (model.source != model.name)}, "
        f"SHA-256 {model.sha256}"
        for model in evaluation.models
    ]


def headed(metric: MetricFacts) -> str:
    """The metric's title with which way is better.

    >>> headed(MetricFacts("psnr", "PSNR", "reference", "higher", 2, "dB."))
    'PSNR ↑'
    """
    ways = {"higher": " ↑", "lower": " ↓", "none": "", "closest": f" → {metric.target or 0:g}"}
    return metric.title + ways[metric.better]


def markdown_rows(evaluation: Evaluation) -> list[str]:
    """The same as the rows of a Markdown table, head included."""
    heads = ["", *(model.name for model in evaluation.models), TRUTH_TITLE]
    lines = [f"| {' | '.join(heads)} |", f"|---|{'---|' * (len(heads) - 1)}"]
    for metric in evaluation.metrics:
        row = cells(evaluation, metric)
        row += [""] * (len(heads) - 1 - len(row))
        lines.append(f"| {headed(metric)} | {' | '.join(' '.join(cell.split()) for cell in row)} |")
    return lines


def cells(evaluation: Evaluation, metric: MetricFacts) -> list[str]:
    """A metric's cell for each model and, where there are any, for the true colours."""
    marked = good_models(evaluation, metric)
    row = [
        _cell(summary_of(evaluation, metric, model.name), metric, marked=model.name in marked)
        for model in evaluation.models
    ]
    if evaluation.truth_summaries:
        truth = evaluation.truth_summaries.get(metric.name)
        row.append("" if truth is None else _cell(truth, metric))
    return row


def good_models(evaluation: Evaluation, metric: MetricFacts) -> set[str]:
    """The models with the best mean, and those that have not been shown to differ from them."""
    best = best_models(evaluation, metric)
    measured = [
        model
        for model in evaluation.models
        if math.isfinite(summary_of(evaluation, metric, model.name).value)
    ]

    def ties(model: ModelFacts) -> bool:
        found = [evaluation.difference(metric.name, model.name, other) for other in best]
        return any(difference is None or not difference.differs for difference in found)

    good = best | {model.name for model in measured if ties(model)}
    return good if len(good) < len(measured) else set()


def skipped_lines(evaluation: Evaluation, most: int = 20) -> list[str]:
    """What was left out on request, and which photos have no colour, in words."""
    grey = [photo.name for photo in evaluation.pictures if photo.is_grey]
    lines = [
        f"{skipped.name}: {skipped.reason}" for skipped in evaluation.skipped if not skipped.failed
    ]
    return [
        *_listed(f"left out: {_photos(len(lines))}", lines, most),
        *_listed(f"without colour: {_photos(len(grey))}, see --skip-grey", grey, most),
    ]


def _photos(count: int) -> str:
    return f"{count} photo{'s' * (count != 1)}"


def _listed(title: str, lines: Sequence[str], most: int) -> list[str]:
    if not lines:
        return []
    rest = [f"  … and {len(lines) - most} more"] if len(lines) > most else []
    return [f"{title}:", *(f"  {line}" for line in lines[:most]), *rest]


def _cell(interval: Interval, metric: MetricFacts, *, marked: bool = False) -> str:
    value = number(interval.value, metric) + ("*" if marked else " ")
    return f"{value} {between(interval, metric)}".rstrip()


def _blocks(widths: Sequence[int], room: int) -> Iterator[list[int]]:
    """Columns in runs that fit into `room` characters, at least one each."""
    block: list[int] = []
    for i, width in enumerate(widths):
        taken = sum(widths[j] + len(GAP) for j in block)
        if block and taken + len(GAP) + width > room:
            yield block
            block = []
        block.append(i)
    if block:
        yield block


def _block(
    rows: Sequence[tuple[MetricFacts, list[str]]],
    heads: Sequence[str],
    block: Sequence[int],
    measures: tuple[int, Sequence[int]],
) -> Iterator[str]:
    titles, widths = measures
    yield _line("", [heads[i].ljust(widths[i]) for i in block], titles)
    group = None
    for metric, row in rows:
        if metric.group != group:
            group = metric.group
            yield GROUPS[group]
        yield _line(headed(metric), [row[i].ljust(widths[i]) for i in block], titles)


def _line(title: str, row: Sequence[str], titles: int) -> str:
    return GAP.join([title.ljust(titles), *row]).rstrip()
