"""From scores to what can be said: means with intervals, and which models differ."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from photochrom.evaluation.intervals import interval_of_means, mean_intervals
from photochrom.evaluation.measures import CDC_DISTANCES, METRICS
from photochrom.evaluation.result import Difference, Interval, MetricFacts
from photochrom.evaluation.tally import Columns

Floats64 = NDArray[np.float64]
CDC_STEPS = tuple(f"cdc_{distance}" for distance in CDC_DISTANCES)
BLOCK_VALUES = 1 << 22  # of columns that are resampled at a time, 32 MB


def means(columns: Columns) -> dict[str, Interval]:
    """The mean of every column with its interval."""
    return dict(zip(columns, _intervals(columns.values()), strict=True))


def set_values(
    wanted: Sequence[str], columns: Columns, truth: Columns | None, frechet: Mapping[str, float]
) -> dict[str, Interval]:
    """The values that only a whole set has; `truth` None for those of the photos themselves."""
    found = {}
    if "colourfulness_of_means" in wanted and truth is not None:
        both = np.stack([columns["colourfulness"], truth["colourfulness"]], axis=1)
        found["colourfulness_of_means"] = interval_of_means(both, _apart)
    if "cdc" in wanted:
        steps = np.stack([columns[name] for name in CDC_STEPS], axis=1)
        found["cdc"] = interval_of_means(steps, lambda each: each.mean(axis=-1))
    found |= {name: Interval(value, count=len(_any(columns))) for name, value in frechet.items()}
    return found


def differences(scores: Mapping[str, Columns], metrics: Iterable[MetricFacts]) -> list[Difference]:
    """The paired difference of every two models by every metric of single pictures."""
    named = [
        (facts, first, second)
        for facts in metrics
        if facts.per_picture
        for first, second in combinations(scores, 2)
    ]
    columns = (
        _graded(scores[first][facts.name], facts) - _graded(scores[second][facts.name], facts)
        for facts, first, second in named
    )
    intervals = _intervals(columns)
    return [
        Difference(facts.name, first, second, interval)
        for (facts, first, second), interval in zip(named, intervals, strict=True)
    ]


def differences_of_sets(
    wanted: Sequence[str], scores: Mapping[str, Columns], truth: Columns
) -> list[Difference]:
    """The paired differences of |mean M − mean M of the photos|, and of CDC."""
    found = []
    for first, second in combinations(scores, 2):
        pair = scores[first], scores[second]
        if "colourfulness_of_means" in wanted:
            columns = np.stack([each["colourfulness"] for each in (*pair, truth)], axis=1)
            interval = interval_of_means(columns, _nearer)
            found.append(Difference("colourfulness_of_means", first, second, interval))
        if "cdc" in wanted:
            steps = np.stack([each[name] for each in pair for name in CDC_STEPS], axis=1)
            found.append(Difference("cdc", first, second, interval_of_means(steps, _less)))
    return found


def measured(
    wanted: Iterable[str], scores: Mapping[str, Columns], *, asked: bool
) -> list[MetricFacts]:
    """The metrics to show: all that are `asked` for, else no old films and hints that are n/a."""
    return [
        METRICS[name]
        for name in wanted
        if asked
        or METRICS[name].group not in ("film", "hints")
        or any(np.isfinite(columns[name]).any() for columns in scores.values())
    ]


def _graded(scores: Floats64, facts: MetricFacts) -> Floats64:
    """Scores as they are compared: where a target is best, their distance to it."""
    return scores if facts.target is None else np.abs(scores - facts.target)


def _intervals(columns: Iterable[Floats64]) -> list[Interval]:
    """Mean and interval of each column, a block of columns at a time."""
    found: list[Interval] = []
    block: list[Floats64] = []
    for column in columns:
        block.append(column)
        if len(block) * len(column) >= BLOCK_VALUES:
            found += mean_intervals(np.stack(block, axis=1))
            block = []
    return found + (mean_intervals(np.stack(block, axis=1)) if block else [])


def _apart(each: Floats64) -> Floats64:
    return np.asarray(np.abs(each[..., 0] - each[..., 1]))


def _nearer(each: Floats64) -> Floats64:
    return np.asarray(np.abs(each[..., 0] - each[..., 2]) - np.abs(each[..., 1] - each[..., 2]))


def _less(each: Floats64) -> Floats64:
    first, second = np.split(each, 2, axis=-1)
    return np.asarray(first.mean(axis=-1) - second.mean(axis=-1))


def _any(columns: Columns) -> Floats64:
    return next(iter(columns.values()), np.array([math.nan]))
