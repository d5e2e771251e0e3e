"""Colours told at points of a picture, spread over the objects that these lie on.

As in Yatziv & Sapiro 2006 ("Fast image and video colorization using chrominance blending") a told
colour counts the less, the more the picture changes on the way to it. What is spread here is the
difference from the colours that were painted: far from every hint these stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photochrom.color.geodesic import geodesic_distance
from photochrom.color.guided import box_mean, read_at
from photochrom.color.hints import Hint
from photochrom.color.lab import lab_to_rgb, rgb_to_lab
from photochrom.color.srgb import Floats

# What costs 1 on the way to a hint, where it counts no more than 0.6 [benchmarks/hints.py].
CROSSING_L = 9.0  # a step in lightness of so many L*; squared, so that shading is nearly free
CROSSING_AB = 13.0  # a step in painted colour of so many a*b*, squared too
REACH = 0.6  # so many short sides of the picture, on nothing but plain ground
FARTHEST = 3.0  # of what a hint reaches at all
BLENDING = 3  # between hints the shares fall with this power of the distance [b of the paper]
AT_ONCE = 0.03  # a distance that is as good as none
DISC_PX = 1.6  # radius of what the network is shown of a point
STIFFNESS = 0.01  # how little hints that contradict each other side by side may overdo it


@dataclass(frozen=True, eq=False)
class Spots:
    """Colours told at places of a picture, wherever it is painted."""

    places: NDArray[np.float64]  # (K, 2): row and column, each a share 0…1 of the picture's side
    ab: Floats  # (K, 2)

    def pixels(self, height: int, width: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The row and the column of each spot in a picture of `height` × `width`."""
        cells = (self.places * (height, width)).astype(np.intp)
        cells = np.minimum(cells, (height - 1, width - 1))
        return cells[:, 0], cells[:, 1]

    def mirrored(self) -> Spots:
        """The same, left and right exchanged."""
        return Spots(self.places * (1, -1) + (0, 1), self.ab)

    def stored(self, orientation: int) -> Spots:
        """The same in a file that stores its rows as EXIF `orientation` 1…8 says."""
        rows, columns = self.places.T
        rows = 1 - rows if orientation in (3, 4, 7, 8) else rows
        columns = 1 - columns if orientation in (2, 3, 6, 7) else columns
        turned = (columns, rows) if orientation >= 5 else (rows, columns)
        return Spots(np.stack(turned, axis=1), self.ab)


def spots_of(hints: Sequence[Hint], *, height: int, width: int) -> Spots:
    """The spots of hints in a photo displayed at `width` × `height` px."""
    pixels = np.array([(int(hint.y), int(hint.x)) for hint in hints], np.float64)
    pixels = np.minimum(pixels, (height - 1, width - 1))
    colours = np.array([[hint.colour for hint in hints]], np.uint8)
    return Spots((pixels + 0.5) / (height, width), rgb_to_lab(colours)[1][0])


def within_gamut(lightness: Floats, ab: Floats) -> Floats:
    """Colours ab (K, 2) with no more chroma than sRGB holds at lightness (K,); hue kept."""
    held: Floats = rgb_to_lab(lab_to_rgb(lightness[None], ab[None], dtype=np.uint16))[1][0]
    return held


def hint_planes(spots: Spots, lightness: Floats) -> Floats:
    """What a network is shown: a*, b* and 1 in a small disc round each spot, else 0, (3, h, w).

    Where discs overlap, their colours are averaged. `lightness` (h, w) is what it paints on.
    """
    height, width = lightness.shape
    rows, columns = spots.pixels(height, width)
    down, across = np.ogrid[:height, :width]
    colours = within_gamut(lightness[rows, columns], spots.ab)
    planes = np.zeros((3, height, width), np.float32)
    for row, column, (a, b) in zip(rows, columns, colours, strict=True):
        disc = (down - row) ** 2 + (across - column) ** 2 <= DISC_PX**2
        planes[:, disc] += np.array([[a], [b], [1]], np.float32)
    planes[:2] /= np.maximum(planes[2], 1)
    np.minimum(planes[2], 1, out=planes[2])
    return planes


def spread(ab: Floats, lightness: Floats, spots: Spots, own_lightness: Floats) -> Floats:
    """Colours ab (h, w, 2) changed so that the spots' pixels get the spots' own at full size.

    The change ends at edges of `lightness` (h, w) 0…100 and of the colours themselves.
    `own_lightness` (K,) is that of the spots' pixels. What the pixels get is linear in what is told
    at the spots, so that this is found by solving for it.
    """
    shares = influence(ab, lightness, *spots.pixels(*lightness.shape))
    planes = np.concatenate([np.moveaxis(ab, -1, 0), shares])
    reached = read_at(lightness, planes, spots.places, own_lightness)
    painted, response = reached[:, :2], reached[:, 2:]
    softened = response.T @ response + STIFFNESS * np.eye(len(response))
    told = np.linalg.solve(softened, response.T @ (spots.ab - painted)).astype(np.float32)
    return ab + np.tensordot(shares, told, axes=(0, 0))


def influence(
    ab: Floats, lightness: Floats, rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> Floats:
    """How much each point's told colour counts at every pixel, (K, h, w); together at most 1."""
    distance = distances(ab, lightness, rows, columns)
    nearer = (distance + np.float32(AT_ONCE)) ** -BLENDING
    shares: Floats = nearer * (reached(distance).max(axis=0) / nearer.sum(axis=0))
    return shares


def distances(
    ab: Floats, lightness: Floats, rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> Floats:
    """How far every pixel is from each point, (K, h, w), when edges are hard to cross."""
    smooth = box_mean(lightness)  # over texture it goes on
    length = np.float32(1 / (REACH * min(lightness.shape)))
    across, down = (
        length
        + (np.diff(smooth, axis=axis) / np.float32(CROSSING_L)) ** 2
        + (np.diff(ab, axis=axis) ** 2).sum(axis=2) / np.float32(CROSSING_AB**2)
        for axis in (1, 0)
    )
    return geodesic_distance(across, down, rows, columns)


def reached(distance: Floats) -> Floats:
    """How much a point says at these distances: 1 at once … 0 too far away."""
    near: Floats = np.exp(np.float32(-0.5) * np.minimum(distance, FARTHEST) ** 3)
    return near * (distance < FARTHEST)
