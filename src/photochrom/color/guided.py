"""Colour enlarged along the photo's own edges: the fast guided filter (He & Sun 2015).

In every small window colour is taken as a straight line in the picture's grey, a* = slope·grey +
offset. The lines are found at the guide's size, and applied where the grey is large, so that colour
turns exactly where the grey does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from photochrom.color.bilateral import guide_size, raise_colour
from photochrom.color.resize import interpolation, neighbours, resize
from photochrom.color.srgb import Floats
from photochrom.color.strips import each_strip

# Larger products OpenBLAS spreads over threads of its own, which get in the way of ours.
SINGLE_THREADED_PRODUCT = 1 << 18
GRAIN = 2 / 116  # f(Y): lightness that varies by less than 2 L* is a scan's grain, not an edge

READ_PX = 3  # how far round a pixel the guide's pixels have a say in its colour
# A row mixes from two rows of lines: weights for many rows at a time are mostly nought.
BAND_ROWS = 16
_Band: TypeAlias = tuple[slice, Floats, slice]  # rows, their weights (rows, lines), which lines

COLOUR_PLANES = 4  # what `EdgeModel.colour_rows` works in, the two that it returns included


def enlarge_ab(lightness: Floats, ab: Floats) -> Floats:
    """Small ab (h, w, 2) enlarged to (H, W, 2) along the edges of lightness (H, W) 0…100."""
    height, width = lightness.shape
    fy = (lightness + np.float32(16)) / np.float32(116)
    model = lab_model(resize(fy, *guide_size(ab.shape[:2], height, width)), ab, (height, width))
    enlarged = np.empty((height, width, 2), np.float32)

    def lay(rows: slice, scratch: Floats) -> None:
        da, db = model.colour_rows(rows, fy[rows], scratch)
        np.multiply(da, np.float32(500), out=enlarged[rows, :, 0])
        np.multiply(db, np.float32(200), out=enlarged[rows, :, 1])

    each_strip(height, width, lay, planes=COLOUR_PLANES, threads=1)
    return enlarged


def lab_model(guide: Floats, ab: Floats, size: tuple[int, int]) -> EdgeModel:
    """The model of a*/500 and b*/200 over a picture of `size`, of small `ab` and f(Y) `guide`."""
    colours = raise_colour(ab, guide)
    colours *= np.array([1 / 500, 1 / 200], np.float32)[:, None, None]
    return EdgeModel(guide, colours, size, GRAIN)


class EdgeModel:
    """Two colour planes as lines in grey at the guide's size, to be asked for full-size strips."""

    def __init__(self, guide: Floats, colours: Floats, size: tuple[int, int], grain: float) -> None:
        """Lay `colours` (2, h, w) over a picture of `size` (H, W) whose grey, shrunk, is `guide`.

        Windows whose grey varies with a standard deviation below `grain` count as flat.
        """
        lines = _lines(guide, colours, grain * grain)
        # Columns first: widening then gathers whole runs of rows.
        self._lines = np.ascontiguousarray(lines.transpose(2, 0, 1))
        self._height, width = size
        self._left, self._right, self._share = neighbours(guide.shape[1], slice(0, width), width)

    def colour_rows(self, rows: slice, grey: Floats, scratch: Floats) -> tuple[Floats, Floats]:
        """Both colours of rows `rows`, whose grey is given, each (len(rows), W).

        They lie in `scratch` (`COLOUR_PLANES`, len(rows), width), whose planes are overwritten.
        """
        bands, near = self._bands(rows)
        lowest, highest, *lines = self._widened(near)
        first, second, seen, term = scratch
        # Beyond what its window has seen, a line would run away into colours that are not there.
        np.maximum(grey, _product(bands, lowest, term), out=seen)
        np.minimum(seen, _product(bands, highest, term), out=seen)
        for colour, slope, offset in zip((first, second), lines[::2], lines[1::2], strict=True):
            _product(bands, slope, colour)
            colour *= seen
            colour += _product(bands, offset, term)
        return first, second

    def _bands(self, rows: slice) -> tuple[list[_Band], slice]:
        """How `rows` mix from the rows of lines, a few at a time, and which of these they need."""
        bands = []
        for top in range(rows.start, rows.stop, BAND_ROWS):
            own = slice(top, min(top + BAND_ROWS, rows.stop))
            weights, near = interpolation(self._lines.shape[2], own, self._height)
            bands.append((slice(own.start - rows.start, own.stop - rows.start), weights, near))
        first, last = bands[0][2].start, bands[-1][2].stop
        within = [
            (own, weights, slice(near.start - first, near.stop - first))
            for own, weights, near in bands
        ]
        return within, slice(first, last)

    def _widened(self, near: slice) -> Floats:
        """The six planes' rows `near` at full width, (6, len(near), width)."""
        columns = self._lines[:, :, near].reshape(len(self._lines), -1)
        start = columns.take(self._left, axis=0)
        rise = columns.take(self._right, axis=0)
        rise -= start
        rise *= self._share[:, None]
        start += rise
        return start.reshape(len(start), 6, -1).transpose(1, 2, 0)


def read_at(
    lightness: Floats, planes: Floats, places: NDArray[np.float64], own_lightness: Floats
) -> Floats:
    """What planes (C, h, w), laid over a picture along its edges, are at single pixels, (K, C).

    `lightness` (h, w) 0…100 is the picture's, shrunk; `places` (K, 2) are rows and columns, each a
    share 0…1 of the picture's side, and `own_lightness` (K,) is that of the pixels there.
    """
    guide = (lightness + 16) / np.float32(116)
    own = (own_lightness + 16) / np.float32(116)
    height, width = guide.shape
    cells = np.clip(places * (height, width) - 0.5, 0, (height - 1, width - 1))
    read = np.empty((len(places), len(planes)), np.float32)
    for number, (row, column) in enumerate(cells):
        top, left = max(int(row) - READ_PX, 0), max(int(column) - READ_PX, 0)
        window = slice(top, int(row) + READ_PX + 2), slice(left, int(column) + READ_PX + 2)
        lines = _lines(guide[window], planes[:, *window], GRAIN * GRAIN)
        lowest, highest, *rest = between(lines, row - top, column - left)
        grey = np.clip(own[number], lowest, highest)
        read[number] = np.array(rest[::2]) * grey + np.array(rest[1::2])
    return read


def between(planes: Floats, row: float, column: float) -> Floats:
    """Planes (C, h, w) at a place between their pixels, (C,)."""
    top, left = int(row), int(column)
    down, across = row - top, column - left
    near = planes[:, top : top + 2, left : left + 2]
    rows = near[:, 0] + np.float32(down) * (near[:, -1] - near[:, 0])
    mixed: Floats = rows[:, 0] + np.float32(across) * (rows[:, -1] - rows[:, 0])
    return mixed


def edge_lines(guide: Floats, colours: Floats, grain: float) -> Floats:
    """The lines that `EdgeModel` lays over a picture, (6, h, w), for those who enlarge them."""
    return _lines(guide, colours, grain * grain)


def on_lines(lines: Sequence[Floats], grey: Floats) -> tuple[Floats, Floats]:
    """Both colours (h, w) of `grey`, of the six planes of lines (h, w) enlarged to its size.

    They lie in two planes of `lines`, which are overwritten.
    """
    lowest, highest, first, first_offset, second, second_offset = lines
    seen = np.maximum(grey, lowest, out=lowest)
    np.minimum(seen, highest, out=seen)
    for colour, offset in ((first, first_offset), (second, second_offset)):
        colour *= seen
        colour += offset
    return first, second


def _lines(guide: Floats, colours: Floats, flatness: float) -> Floats:
    """For each window its lowest and highest grey, then each colour's slope and offset: (6, h, w).

    He & Sun 2015, equations 3 to 6; `flatness` is their ε, a variance of grey.
    """
    mean = box_mean(guide)
    spread = box_mean(guide * guide)
    spread -= mean * mean
    np.maximum(spread, 0, out=spread)
    spread += np.float32(flatness)
    lines = [-_box_max(-guide), _box_max(guide)]
    for colour in colours:
        mean_colour = box_mean(colour)
        slope = box_mean(guide * colour)
        slope -= mean * mean_colour
        slope /= spread
        lines += [box_mean(slope), box_mean(mean_colour - slope * mean)]
    return np.stack(lines)


def _product(bands: list[_Band], lines: Floats, product: Floats) -> Floats:
    """The matrix product, band by band, written into `product`, on this thread alone."""
    for own, weights, near in bands:
        columns = max(1, SINGLE_THREADED_PRODUCT // weights.size)
        for left in range(0, lines.shape[1], columns):
            part = slice(left, left + columns)
            np.matmul(weights, lines[near, part], out=product[own, part])
    return product


def box_mean(plane: Floats) -> Floats:
    """Mean of every window of 3 × 3 pixels; borders repeat."""
    rows = plane.copy()
    rows[1:] += plane[:-1]
    rows[0] += plane[0]
    rows[:-1] += plane[1:]
    rows[-1] += plane[-1]
    total = rows.copy()
    total[:, 1:] += rows[:, :-1]
    total[:, 0] += rows[:, 0]
    total[:, :-1] += rows[:, 1:]
    total[:, -1] += rows[:, -1]
    total *= np.float32(1 / 9)
    return total


def _box_max(plane: Floats) -> Floats:
    rows = plane.copy()
    np.maximum(rows[1:], plane[:-1], out=rows[1:])
    np.maximum(rows[:-1], plane[1:], out=rows[:-1])
    highest = rows.copy()
    np.maximum(highest[:, 1:], rows[:, :-1], out=highest[:, 1:])
    np.maximum(highest[:, :-1], rows[:, 1:], out=highest[:, :-1])
    return highest
