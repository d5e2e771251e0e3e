"""How far apart points of a picture are when edges are hard to cross (Toivanen 1996).

Distances spread in scans along rows and columns, as in GeoS (Criminisi et al. 2008). A scan is one
running minimum: where C is the cost summed up from the row's beginning, the way from j to i costs
C[i] − C[j], so that the least of D[j] − C[j] so far, plus C[i], is the new distance at i.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photochrom.color.srgb import Floats

SCANS = 8  # each way; a way may turn twice in each


def geodesic_distance(
    across: Floats, down: Floats, rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> Floats:
    """The least cost from every point (rows[k], columns[k]) to every pixel, (K, h, w).

    `across` (h, w − 1) and `down` (h − 1, w) are what a step to the next pixel costs.
    """
    height, width = across.shape[0], down.shape[1]
    each = np.arange(len(rows))
    distance = np.full((len(rows), height, width), np.inf, np.float32)
    distance[each, rows, columns] = 0
    along_rows = _summed(across, axis=1)
    along_columns = _summed(down, axis=0)
    for _ in range(SCANS):
        _scan(distance, along_rows, axis=2)
        _scan(distance, along_columns, axis=1)
    return distance


def _summed(cost: Floats, axis: int) -> Floats:
    """The cost of the way from each line's first pixel, (h, w)."""
    start = [(0, 0), (0, 0)]
    start[axis] = (1, 0)
    summed: Floats = np.pad(cost.cumsum(axis=axis, dtype=np.float32), start)
    return summed


def _scan(distance: Floats, summed: Floats, *, axis: int) -> None:
    """Let distances spread forwards and backwards along `axis`."""
    forwards = distance - summed
    np.minimum.accumulate(forwards, axis=axis, out=forwards)
    forwards += summed
    backwards = np.flip(distance + summed, axis)
    np.minimum.accumulate(backwards, axis=axis, out=backwards)
    backwards = np.flip(backwards, axis)
    backwards -= summed
    np.minimum(forwards, backwards, out=distance)
