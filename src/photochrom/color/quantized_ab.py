"""Colour as a choice among bins of the ab plane (Zhang et al. 2016, "Colorful image colorization").

Bin centres lie on a square grid; a colour is spread softly over the nearest of them, and a
distribution over bins becomes one colour by the annealed mean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

GRID = 10.0  # a*, b* units between bin centres
SIGMA = 5.0  # a*, b* units, width of the soft encoding
NEAREST = 5  # bins that share a colour
TABLE_STEP = 2.0  # a*, b* units between the entries of the look-up table
TABLE_LIMIT = 128.0  # the table covers −128 … 128, 129 × 129 entries
TABLE_SIDE = int(2 * TABLE_LIMIT / TABLE_STEP) + 1


def grid_bins(ab: NDArray[np.float32]) -> NDArray[np.int32]:
    """The grid cell of each colour, (…, 2) → (…, 2), in whole steps of `GRID`."""
    cells: NDArray[np.int32] = np.rint(ab / GRID).astype(np.int32)
    return cells


def count_bins(
    ab: NDArray[np.float32], *, least: int = 1
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """The bins that hold at least `least` of the colours (N, 2): centres (K, 2) and shares (K,)."""
    reach = int(TABLE_LIMIT / GRID)
    side = 2 * reach + 1
    cells = grid_bins(ab).clip(-reach, reach) + reach
    counts = np.bincount(cells[:, 0] * side + cells[:, 1], minlength=side * side)
    kept = np.flatnonzero(counts >= least)
    centres = (np.stack(np.divmod(kept, side), axis=1) - reach) * np.float32(GRID)
    return centres.astype(np.float32), counts[kept] / counts[kept].sum()


def soft_table(
    centres: NDArray[np.float32],
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """For each entry of the look-up table its nearest bins and their shares, both (T², NEAREST).

    A share falls with distance as a Gaussian of width `SIGMA` (Zhang et al. 2016, section 2.2);
    shares sum to 1.
    """
    axis = np.arange(TABLE_SIDE, dtype=np.float32) * TABLE_STEP - TABLE_LIMIT
    entries = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 1, 2)
    squared = ((entries - centres[None]) ** 2).sum(axis=-1)
    count = min(NEAREST, len(centres))
    nearest = np.argsort(squared, axis=1, kind="stable")[:, :count]
    near = np.take_along_axis(squared, nearest, axis=1)
    shares = np.exp(-(near - near[:, :1]) / (2 * SIGMA**2))
    shares /= shares.sum(axis=1, keepdims=True)
    return nearest.astype(np.int64), shares.astype(np.float32)


def table_index(ab: NDArray[np.float32]) -> NDArray[np.int64]:
    """The look-up table's entry of each colour, (…, 2) → (…)."""
    cells = np.rint((ab + TABLE_LIMIT) / TABLE_STEP).clip(0, TABLE_SIDE - 1).astype(np.int64)
    return np.asarray(cells[..., 0] * TABLE_SIDE + cells[..., 1])


def rarity_weights(
    shares: NDArray[np.float64], *, power: float, limit: float
) -> NDArray[np.float32]:
    """Class weights ∝ share^−power with mean 1 over the distribution, none above `limit` (K,).

    Clipping the rarest lowers the mean a little, so the weights are scaled to 1 once more.
    """
    weights = shares**-power
    weights = np.minimum(weights / (weights * shares).sum(), limit)
    scaled: NDArray[np.float32] = (weights / (weights * shares).sum()).astype(np.float32)
    return scaled
