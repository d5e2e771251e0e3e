"""The page of a report around its pictures: the template filled with numbers, tables and words."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photochrom.evaluation import report_table as tables
from photochrom.evaluation.report_pictures import FORMAT, Plan
from photochrom.evaluation.result import Evaluation, Interval, MetricFacts
from photochrom.version import __version__

PREFERRED = ("delta_e", "lpips_alex", "psnr")  # what the page opens with, where measured
STYLES = ("report.css", "pictures.css")
SCRIPTS = (
    *("given.js", "state.js", "compare.js", "table.js", "scatter.js", "plots.js"),
    *("gallery.js", "viewer.js", "start.js"),
)
MORE_DIGITS = 2  # of single pictures' numbers, beside those of the means


def page(evaluation: Evaluation, plan: Plan) -> tuple[str, str, str]:
    """The page's text before the first picture, between it and the others, and after them."""
    metric = opening_metric(evaluation)
    filled = {
        "title": escape(_title(evaluation)),
        "lead": escape(_lead(evaluation, metric)),
        "means": tables.means(evaluation, metric) if metric else "",
        "version": __version__,
        "css": _read(STYLES),
        "js": _read(SCRIPTS),
        "table": tables.table(evaluation),
        "reference": escape(evaluation.models[0].name),
        "pictures_note": escape(_pictures_note(evaluation, plan)),
        "protocol": tables.protocol(evaluation),
        "skipped": tables.skipped(evaluation),
        "data": _json(_data(evaluation, plan, metric)),
    }
    template = _read(("report.html",))
    head, script, tail = re.split(r"\{\{(?:first|blocks)\}\}\n", template)
    return _fill(head, filled), _fill(script, filled), _fill(tail, filled)


def opening_metric(evaluation: Evaluation) -> MetricFacts | None:
    """The measure that the page opens with; None where single pictures have no numbers."""
    scored = {
        metric.name: metric
        for metric in evaluation.metrics
        if metric.per_picture and metric.name in evaluation.scores[evaluation.models[0].name]
    }
    named = [scored[name] for name in PREFERRED if name in scored]
    return next(iter([*named, *scored.values()]), None)


def order_of_opening(evaluation: Evaluation, plan: Plan) -> list[int]:
    """Places in `plan.shown` in the order in which an opened page shows them.

    The one at the top first, then from the worst of the first model to its best.
    """
    badness = _badness(evaluation, plan)
    top = _typical(badness)
    worst_first = np.argsort(-badness, kind="stable").tolist()
    return sorted(worst_first, key=lambda place: place != top)


def _badness(evaluation: Evaluation, plan: Plan) -> NDArray[np.float64]:
    """How far each shown picture of the first model is from the best; −∞ where n/a."""
    metric = opening_metric(evaluation)
    if metric is None:
        return np.full(len(plan.shown), -np.inf)
    values = evaluation.scores[evaluation.models[0].name][metric.name][list(plan.shown)]
    return np.array([tables.badness(v, metric) if math.isfinite(v) else -np.inf for v in values])


def _typical(badness: NDArray[np.float64]) -> int:
    """The place of the middle one; the first where there are no numbers."""
    measured = np.flatnonzero(np.isfinite(badness))
    if not len(measured):
        return 0
    return int(measured[np.argsort(badness[measured], kind="stable")[len(measured) // 2]])


def _data(evaluation: Evaluation, plan: Plan, metric: MetricFacts | None) -> dict[str, Any]:
    """What the page's script is given; models and pictures go by their places."""
    places = {model.name: place for place, model in enumerate(evaluation.models)}
    shown = list(plan.shown)
    digits = {facts.name: facts.digits + MORE_DIGITS for facts in evaluation.metrics}
    return {
        "format": FORMAT,
        "metric": metric.name if metric else None,
        "typical": _typical(_badness(evaluation, plan)),
        "groups": tables.GROUPS,
        "models": [{"name": model.name, "kind": model.kind} for model in evaluation.models],
        "metrics": [asdict(facts) for facts in evaluation.metrics],
        "pictures": [
            {"name": one.name, "width": one.width, "height": one.height, "is_grey": one.is_grey}
            for one in (evaluation.pictures[i] for i in shown)
        ],
        "scores": [
            _columns(evaluation.scores[model.name], shown, digits) for model in evaluation.models
        ],
        "truth": _columns(evaluation.truth, shown, digits),
        "summaries": [
            _intervals(evaluation.summaries[model.name], digits) for model in evaluation.models
        ],
        "truth_summaries": _intervals(evaluation.truth_summaries, digits),
        "differences": [
            {
                "metric": found.metric,
                "first": places[found.first],
                "second": places[found.second],
                **_interval(found.interval, digits[found.metric]),
            }
            for found in evaluation.differences
        ],
    }


def _columns(
    scores: Mapping[str, NDArray[np.float64]], shown: list[int], digits: Mapping[str, int]
) -> dict[str, list[float | None]]:
    return {
        name: [_rounded(value, digits[name]) for value in values[shown]]
        for name, values in scores.items()
    }


def _intervals(
    intervals: Mapping[str, Interval], digits: Mapping[str, int]
) -> dict[str, dict[str, float | None]]:
    return {name: _interval(interval, digits[name]) for name, interval in intervals.items()}


def _interval(interval: Interval, digits: int) -> dict[str, float | None]:
    values = {"value": interval.value, "low": interval.low, "high": interval.high}
    # four digits more: whether an interval includes zero must not be rounded away
    return {name: _rounded(value, digits + 4) for name, value in values.items()}


def _rounded(value: float, digits: int) -> float | None:
    """JSON has no NaN."""
    return round(float(value), digits) if math.isfinite(value) else None


def _json(data: Mapping[str, Any]) -> str:
    """JSON that may stand in a script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def _title(evaluation: Evaluation) -> str:
    first, *others = (model.name for model in evaluation.models)
    if not others:
        return first
    if len(others) <= 3:
        return f"{first} beside {', '.join(others[:-1])}{' and ' * (len(others) > 1)}{others[-1]}"
    return f"{first} beside {len(others)} others"


def _lead(evaluation: Evaluation, metric: MetricFacts | None) -> str:
    count = len(evaluation.pictures)
    words = f"Measured on {count:,} photograph{'s' * (count != 1)}"
    failed = sum(one.failed for one in evaluation.skipped)
    if evaluation.skipped:
        words += f"; {failed} failed, {len(evaluation.skipped) - failed} left out"
    words += "."
    if metric is None:
        return words
    better = tables.BETTER[metric.better].format(target=metric.target or 0)
    return f"{words} {metric.title}, {better}:"


def _pictures_note(evaluation: Evaluation, plan: Plan) -> str:
    count = len(evaluation.pictures)
    note = (
        f"To keep this file small its pictures are compressed: {plan.words(count)}. "
        "All numbers were measured before that, on the pictures at their own size."
    )
    if len(plan.shown) < count:
        note += (
            f" Of {count:,} pictures {len(plan.shown):,}, evenly chosen, are here and in the plots;"
            " the table is about all."
        )
    return note


def _fill(template: str, filled: Mapping[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda found: filled[found[1]], template)


@cache
def _read(names: tuple[str, ...]) -> str:
    folder = files("photochrom.evaluation") / "templates"
    return "\n".join((folder / name).read_text(encoding="utf-8").rstrip() for name in names)
