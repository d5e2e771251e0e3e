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
    if width == plane.shape[1]:
        return rows
    return _turned(_area_mean(_turned(rows), width))


def enlarge(plane: Floats, height: int, width: int) -> Floats:
    """`plane` (h, w) or (h, w, C) interpolated bilinearly to float32 of `height` × `width`."""
    _check(plane, height, width)
    return enlarge_rows(plane, slice(0, height), height, width)


def enlarge_rows(plane: Floats, rows: slice, height: int, width: int) -> Floats:
    """Rows `rows` only of `enlarge(plane, height, width)`."""
    weights, near = interpolation(len(plane), rows, height)
    widened = widen(plane[near], width)
    mixed = weights @ widened.reshape(len(widened), -1)
    return mixed.reshape(len(mixed), *widened.shape[1:])


def resize(plane: NDArray[np.generic], height: int, width: int) -> Floats:
    """`plane` with each side shrunk by area mean or enlarged bilinearly, whichever it needs."""
    _check(plane, height, width)
    least = shrink(plane, min(height, plane.shape[0]), min(width, plane.shape[1]))
    return least if least.shape[:2] == (height, width) else enlarge(least, height, width)


def widen(plane: Floats, width: int) -> Floats:
    """`plane` (h, w) or (h, w, C) interpolated along its rows to `width`."""
    left, right, share = neighbours(plane.shape[1], slice(0, width), width)
    share = share.reshape(-1, *[1] * (plane.ndim - 2))
    start = plane.take(left, axis=1).astype(np.float32, copy=False)
    rise = plane.take(right, axis=1) - start
    rise *= share
    start += rise
    return start


def interpolation(short: int, rows: slice, height: int) -> tuple[Floats, slice]:
    """How `rows` of `height` mix from `short` rows: weights (len(rows), n), and which n rows."""
    first, last, share = neighbours(short, rows, height)
    near = slice(int(first[0]), int(last[-1]) + 1)
    weights = np.zeros((len(share), near.stop - near.start), np.float32)
    each = np.arange(len(share))
    weights[each, last - near.start] = share
    weights[each, first - near.start] += 1 - share
    return weights, near


def neighbours(
    short: int, positions: slice, length: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """The two samples of `short` beside each of `positions` of `length`, and the second's share."""
    place = (np.arange(positions.start, positions.stop) + 0.5) * (short / length) - 0.5
    place = np.clip(place, 0, short - 1)
    first = place.astype(np.intp)
    return first, np.minimum(first + 1, short - 1), (place - first).astype(np.float32)


def _area_mean(plane: NDArray[np.generic], height: int) -> Floats:
    """Means over `height` equal runs of rows; a row that two runs share counts to each in part."""
    tall = len(plane)
    if height == tall:
        return plane.astype(np.float32)
    edges = np.arange(height + 1) * (tall / height)
    # An edge within rounding of a whole row is that row's.
    starts = np.floor(edges + 1e-6).astype(np.intp)
    parts = np.maximum(edges - starts, 0).astype(np.float32)
    whole = np.uint32 if plane.dtype.kind == "u" else np.float32
    means = np.empty((height, *plane.shape[1:]), np.float32)
    for row, mean in enumerate(means):
        start, stop = starts[row], starts[row + 1]
        mean[...] = plane[start:stop].sum(axis=0, dtype=whole)
        if parts[row]:
            mean -= plane[start] * parts[row]
        if stop < tall and parts[row + 1]:
            mean += plane[stop] * parts[row + 1]
    means *= np.float32(height / tall)
    return means


def _turned(plane: Floats) -> Floats:
    return np.ascontiguousarray(np.swapaxes(plane, 0, 1))


def _check(plane: NDArray[np.generic], height: int, width: int) -> None:
    if plane.ndim not in (2, 3) or 0 in plane.shape or height < 1 or width < 1:
        raise ValueError(f"cannot resize {plane.shape} to {(height, width)}")
