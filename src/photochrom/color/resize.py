"""Planes made smaller by the mean of the area that each pixel covers, or larger by interpolation.

Pixel centres lie at half-integers: the picture's corners stay where they are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photochrom.color.srgb import Floats


def shrink(plane: NDArray[np.generic], height: int, width: int) -> Floats:
    """The area mean of `plane` (H, W) or (H, W, C) as float32 of `height` × `width`.

    Neither side may grow; use `resize` where one might.
    """
    _check(plane, height, width)
    if height > plane.shape[0] or width > plane.shape[1]:
        raise ValueError(f"shrink cannot make {plane.shape[:2]} into {(height, width)}")
    rows = _area_mean(plane, height)
    return _turned(_area_mean(_turned(rows), width))


def enlarge(plane: Floats, height: int, width: int) -> Floats:
    """`plane` (h, w) or (h, w, C) interpolated bilinearly to float32 of `height` × `width`."""
    _check(plane, height, width)
    return enlarge_rows(widen(plane, width), slice(0, height), height)


def widen(plane: Floats, width: int) -> Floats:
    """`plane` (h, w) or (h, w, C) interpolated along its rows to (h, `width`) or (h, `width`, C)."""
    left, right, share = _neighbours(plane.shape[1], np.arange(width), width)
    share = share.reshape(-1, *[1] * (plane.ndim - 2))
    start = plane[:, left].astype(np.float32)
    start += (plane[:, right] - start) * share
    return start


def enlarge_rows(widened: Floats, rows: slice, height: int) -> Floats:
    """Rows `rows` of what `widened` (h, W, …) becomes when interpolated to `height` rows."""
    first, last, share = _neighbours(len(widened), np.arange(rows.start, rows.stop), height)
    low, high = int(first[0]), int(last[-1]) + 1
    weights = np.zeros((len(share), high - low), np.float32)
    each = np.arange(len(share))
    weights[each, last - low] = share
    weights[each, first - low] += 1 - share
    between = weights @ widened[low:high].reshape(high - low, -1)
    return between.reshape(len(share), *widened.shape[1:])


def resize(plane: NDArray[np.generic], height: int, width: int) -> Floats:
    """`plane` with each side shrunk by area mean or enlarged bilinearly, whichever it needs."""
    _check(plane, height, width)
    least = shrink(plane, min(height, plane.shape[0]), min(width, plane.shape[1]))
    return enlarge(least, height, width)


def _area_mean(plane: NDArray[np.generic], height: int) -> Floats:
    """Mean over equal, possibly fractional, runs of rows: whole rows first, then the cut ones."""
    tall = len(plane)
    if height == tall:
        return plane.astype(np.float32)
    edges = np.arange(height + 1) * (tall / height)
    starts = np.minimum(np.floor(edges + 1e-9).astype(np.intp), tall)
    fractions = np.maximum(edges - starts, 0).astype(np.float32)
    rows = np.empty((height, *plane.shape[1:]), np.float32)
    wide = np.uint32 if plane.dtype == np.uint8 else np.float32
    for row in range(height):
        rows[row] = plane[starts[row] : starts[row + 1]].sum(axis=0, dtype=wide)
        rows[row] -= plane[starts[row]] * fractions[row]
        if fractions[row + 1] and starts[row + 1] < tall:
            rows[row] += plane[starts[row + 1]] * fractions[row + 1]
    rows *= np.float32(height / tall)
    return rows


def _turned(plane: Floats) -> Floats:
    return np.ascontiguousarray(np.swapaxes(plane, 0, 1))


def _neighbours(
    short: int, positions: NDArray[np.intp], length: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """The two samples of `short` beside each of `positions` of `length`, and the second's share."""
    place = (positions + 0.5) * (short / length) - 0.5
    place = np.clip(place, 0, short - 1)
    first = place.astype(np.intp)
    return first, np.minimum(first + 1, short - 1), (place - first).astype(np.float32)


def _check(plane: NDArray[np.generic], height: int, width: int) -> None:
    if plane.ndim not in (2, 3) or 0 in plane.shape or height < 1 or width < 1:
        raise ValueError(f"cannot resize {plane.shape} to {(height, width)}")
