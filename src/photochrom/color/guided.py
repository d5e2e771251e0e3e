"""Colour enlarged along the photo's own edges: the fast guided filter (He & Sun 2015).

In every small window colour is taken as a straight line in lightness, a* = slope·L* + offset. The
lines are found where the colour is small and applied where the lightness is large, so that colour
turns exactly where lightness does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from photochrom.color.resize import enlarge_rows, widen
from photochrom.color.srgb import Floats

RADIUS = 1  # windows of 3 × 3 colour pixels
# Variance of L* below which a window counts as flat, so that grain does not tint.
FLATNESS = 4.0


@dataclass(frozen=True)
class EdgeModel:
    """ab as lines in lightness, ready to be asked for rows of a picture of `height` × `width`.

    `lines` (h, 6, W): slope and offset of a*, of b*, lowest and highest L* that they were seen at.
    """

    lines: Floats
    height: int

    def ab_rows(self, rows: slice, lightness: Floats) -> tuple[Floats, Floats]:
        """a* and b* of rows `rows`, whose lightness 0…100 is given, each (len(rows), W)."""
        lines = enlarge_rows(self.lines, rows, self.height)
        slope_a, offset_a, slope_b, offset_b, lowest, highest = lines.transpose(1, 0, 2)
        # Beyond what the window has seen a line would run away into colours that are not there.
        seen = np.minimum(np.maximum(lightness, lowest), highest)
        return slope_a * seen + offset_a, slope_b * seen + offset_b


def edge_model(guide: Floats, ab: Floats, height: int, width: int) -> EdgeModel:
    """The lines that make ab (h, w, 2) follow lightness: `guide` is L* (h, w), shrunk to ab's size."""
    if ab.shape != (*guide.shape, 2):
        raise ValueError(f"the guide (h, w) and ab (h, w, 2) differ: {guide.shape}, {ab.shape}")
    mean_guide = box_mean(guide)
    variance = np.maximum(box_mean(guide * guide) - mean_guide * mean_guide, 0)
    planes = []
    for colour in (ab[..., 0], ab[..., 1]):
        mean_colour = box_mean(colour)
        slope = (box_mean(guide * colour) - mean_guide * mean_colour) / (variance + FLATNESS)
        planes += [box_mean(slope), box_mean(mean_colour - slope * mean_guide)]
    planes += [-_box_max(-guide), _box_max(guide)]
    lines = np.stack([widen(plane, width) for plane in planes], axis=1)
    return EdgeModel(np.ascontiguousarray(lines), height)


def box_mean(plane: Floats, radius: int = RADIUS) -> Floats:
    """Mean of every window of 2·radius + 1 pixels a side; borders repeat."""
    for axis in (0, 1):
        windows = _windows(plane, radius, axis)
        plane = (windows.sum(axis=-1) / np.float32(2 * radius + 1)).astype(np.float32)
    return plane


def _box_max(plane: Floats, radius: int = RADIUS) -> Floats:
    for axis in (0, 1):
        plane = _windows(plane, radius, axis).max(axis=-1)
    return plane


def _windows(plane: Floats, radius: int, axis: int) -> Floats:
    margin = [(0, 0), (0, 0)]
    margin[axis] = (radius, radius)
    padded = np.pad(plane, margin, mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * radius + 1, axis=axis)
