"""The tables of a report as HTML that needs no script: measures, protocol, who is missing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from itertools import groupby

import numpy as np

from photochrom.evaluation.result import Better, Evaluation, Interval, MetricFacts, Skipped

GROUPS = {
    "reference": "Against the true colours",
    "distribution": "Distribution of colours",
    "colour": "Errors that people see",
    "film": "Old film, simulated",
    "hints": "With hints",
    "video": "Video",
}
MOST_MEANS = 6  # at the top of the page
BETTER: dict[Better, str] = {
    "higher": "higher is better",
    "lower": "lower is better",
    "closest": "closest to {target:g} is best",
    "none": "describes only",
}


def number(value: float, metric: MetricFacts) -> str:
    """The value in the metric's digits, or n/a."""
    return f"{value:.{metric.digits}f}".replace("-", "−") if math.isfinite(value) else "n/a"


def between(interval: Interval, metric: MetricFacts) -> str:
    """`[low, high]`; nothing where there is no interval."""
    if not math.isfinite(interval.low):
        return ""
    return f"[{number(interval.low, metric)}, {number(interval.high, metric)}]"


def verdict(evaluation: Evaluation, metric: MetricFacts, model: str, other: str) -> tuple[str, str]:
    """What may be said of `model` beside `other`: a kind (better, worse …) and its sign."""
    found = None if model == other else evaluation.difference(metric.name, model, other)
    if found is None or not math.isfinite(found.interval.low):
        return "none", ""
    if not found.differs:
        return "same", "≈"
    if metric.better == "none":
        return "differs", "◆"
    rises = found.interval.value > 0
    return ("better", "▲") if rises == (metric.better == "higher") else ("worse", "▼")


def best_models(evaluation: Evaluation, metric: MetricFacts) -> set[str]:
    """The models with the best mean, as printed; none where no way is better.

    Where a target is best, that is the mean distance to it, picture by picture.
    """
    found = {}
    for model in evaluation.models:
        value = summary_of(evaluation, metric, model.name).value
        if math.isfinite(value):
            scores = evaluation.scores[model.name].get(metric.name, np.array([value]))
            distances = np.abs(scores - (metric.target or 0.0))
            bad = np.nanmean(distances) if metric.better == "closest" else badness(value, metric)
            found[model.name] = round(float(bad), metric.digits)
    if metric.better == "none" or len(found) < 2:
        return set()
    return {model for model, bad in found.items() if bad == min(found.values())}


def summary_of(evaluation: Evaluation, metric: MetricFacts, model: str) -> Interval:
    """The model's mean with its interval; NaN where it has none."""
    return evaluation.summaries[model].get(metric.name, Interval(math.nan))


def badness(value: float, metric: MetricFacts) -> float:
    """How far from the best: smaller is better."""
    if metric.better == "closest":
        return abs(value - (metric.target or 0.0))
    return -value if metric.better == "higher" else value


def table(evaluation: Evaluation) -> str:
    """All measures: a row each, a column each model, and one for the photos' own colours."""
    with_truth = bool(evaluation.truth_summaries)
    columns = [*(escape(model.name) for model in evaluation.models)]
    kinds = [escape(model.kind) for model in evaluation.models]
    heads = "".join(
        f'<th scope="col">{name}<small>{kind}</small></th>'
        for name, kind in zip(columns, kinds, strict=True)
    )
    if with_truth:
        heads += '<th scope="col">true colours<small>photos</small></th>'
    rows = []
    for group, metrics in groupby(evaluation.metrics, key=lambda metric: metric.group):
        width = 1 + len(evaluation.models) + with_truth
        title = escape(GROUPS.get(group, group))
        rows.append(f'<tr class="group"><th scope="rowgroup" colspan="{width}">{title}</th></tr>')
        rows.extend(_row(evaluation, metric, with_truth=with_truth) for metric in metrics)
    head = f'<thead><tr><th scope="col">Measure</th>{heads}</tr></thead>'
    return f"<table>{head}<tbody>\n" + "\n".join(rows) + "\n</tbody></table>"


def means(evaluation: Evaluation, metric: MetricFacts) -> str:
    """The first models' means of one measure, for the top of the page."""
    rows = "".join(
        f"<tr><th scope='row'>{escape(model.name)}</th><td>{_mean(summary, metric)} "
        f"{between(summary, metric)}</td></tr>"
        for model in evaluation.models[:MOST_MEANS]
        for summary in [summary_of(evaluation, metric, model.name)]
    )
    return f"<table>{rows}</table>"


def _row(evaluation: Evaluation, metric: MetricFacts, *, with_truth: bool) -> str:
    title = f'<span class="title">{escape(metric.title)}</span>'
    if metric.per_picture:
        title = f'<button type="button" class="pick">{escape(metric.title)}</button>'
    words = BETTER[metric.better].format(target=metric.target or 0)
    cells = [f'<th scope="row" title="{escape(metric.meaning)}">{title}<small>{words}</small></th>']
    best = best_models(evaluation, metric)
    for place, model in enumerate(evaluation.models):
        summary = summary_of(evaluation, metric, model.name)
        kind, sign = verdict(evaluation, metric, model.name, evaluation.models[0].name)
        classes = ' class="best"' if model.name in best else ""
        cells.append(
            f'<td data-model="{place}"{classes}>{_mean(summary, metric)}'
            f'<i class="mark {kind}">{sign}</i>{_small(summary, metric)}</td>'
        )
    if with_truth:
        real = evaluation.truth_summaries.get(metric.name)
        cells.append(
            f"<td>{_mean(real, metric)}{_small(real, metric)}</td>" if real else "<td></td>"
        )
    return f'<tr data-metric="{escape(metric.name)}">{"".join(cells)}</tr>'


def _mean(summary: Interval, metric: MetricFacts) -> str:
    return f"<b>{number(summary.value, metric)}</b>"


def _small(summary: Interval, metric: MetricFacts) -> str:
    words = between(summary, metric)
    return f"<small>{words}</small>" if words else ""


def protocol(evaluation: Evaluation) -> str:
    """The protocol, what each model is, and the measures in words."""
    facts = dict(evaluation.protocol.facts)
    for model in evaluation.models:
        seen = f", SHA-256 {model.sha256[:16]}" if model.sha256 else ""
        facts[model.name] = f"{model.kind}: {model.source}{seen}"
    measures = {metric.title: metric.meaning for metric in evaluation.metrics}
    return (
        _facts(facts)
        + f"<details><summary>What each measure is</summary>{_facts(measures)}</details>"
    )


def _facts(facts: dict[str, str]) -> str:
    pairs = "".join(
        f"<div><dt>{escape(key)}</dt><dd>{escape(value)}</dd></div>" for key, value in facts.items()
    )
    return f'<dl class="facts">{pairs}</dl>'


def skipped(evaluation: Evaluation) -> str:
    """Who failed, who was left out, and which photos have no colours of their own."""
    failed = [_skipped_words(one) for one in evaluation.skipped if one.failed]
    left_out = [_skipped_words(one) for one in evaluation.skipped if not one.failed]
    grey = [picture.name for picture in evaluation.pictures if picture.is_grey]
    photos = "grey photo" if len(grey) == 1 else "grey photos"
    return (
        _list("failed", failed)
        + _list("left out on request", left_out)
        + _list(f"{photos}, measured with the others", grey)
    )


def _skipped_words(one: Skipped) -> str:
    return f"{one.name}{f' ({one.model})' if one.model else ''}: {one.reason}"


def _list(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<details><summary>{len(lines)} {title}</summary><ul>{items}</ul></details>"
