"""How sure a mean is: percentile bootstrap over pictures (Efron & Tibshirani 1993, ch. 13)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from photochrom.evaluation.result import Interval

RESAMPLES = 2000
SEED = 7
LOW_HIGH = (2.5, 97.5)  # percentiles: 95 %
CHUNK_VALUES = 1 << 23  # of counts held at a time, 32 MB

Floats64 = NDArray[np.float64]


def resampled_means(columns: Floats64, *, resamples: int = RESAMPLES, seed: int = SEED) -> Floats64:
    """Means (resamples, K) of columns (N, K), each over N pictures drawn with replacement.

    Every column of a call, and every call with the same N, sees the same draws, so that differences
    are paired. NaN entries are left out of their column's mean; a mean over none is NaN.
    """
    count = len(columns)
    valid = np.isfinite(columns)
    entries = np.concatenate([np.where(valid, columns, 0.0), valid], axis=1)
    rng = np.random.default_rng(seed)
    sums = np.empty((resamples, entries.shape[1]))
    step = max(1, CHUNK_VALUES // max(count, 1))
    for first in range(0, resamples, step):
        rows = min(step, resamples - first)
        picks = rng.integers(0, count, (rows, count))
        picks += np.arange(rows)[:, None] * count
        drawn = np.bincount(picks.ravel(), minlength=rows * count).reshape(rows, count)
        sums[first : first + rows] = drawn.astype(np.float64) @ entries
    totals, counts = np.split(sums, 2, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(totals / counts)


def mean_intervals(columns: Floats64) -> list[Interval]:
    """The mean of each column (N, K) over its pictures that have a value, with its interval."""
    if not columns.size:
        return [Interval(np.nan)] * columns.shape[1]
    means = resampled_means(columns)
    return [
        interval_of(column, resampled) for column, resampled in zip(columns.T, means.T, strict=True)
    ]


def interval_of(column: Floats64, resampled: Floats64) -> Interval:
    """The mean of `column` with the interval of its `resampled` means."""
    measured = column[np.isfinite(column)]
    if not len(measured):
        return Interval(np.nan)
    low, high = _percentiles(resampled) if len(measured) > 1 else (np.nan, np.nan)
    return Interval(float(measured.mean()), low, high, len(measured))


def interval_of_means(columns: Floats64, combine: Callable[[Floats64], Floats64]) -> Interval:
    """`combine` of the means (…, K) of columns (N, K) and its interval: a set's own value.

    NaN entries are left out of their column's mean; where one has none left the value is NaN.
    """
    valid = np.isfinite(columns)
    if not valid.any(axis=0).all():
        return Interval(np.nan)
    means = np.where(valid, columns, 0.0).sum(axis=0) / valid.sum(axis=0)
    value = float(combine(means))
    if len(columns) < 2:
        return Interval(value, count=len(columns))
    return Interval(value, *_percentiles(combine(resampled_means(columns))), len(columns))


def _percentiles(resampled: Floats64) -> tuple[float, float]:
    low, high = np.nanpercentile(resampled, LOW_HIGH)
    return float(low), float(high)
