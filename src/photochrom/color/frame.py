"""One frame of a film: the Cb and Cr planes that colour it, while its luma stays as it is.

Colour comes as a small picture of chroma, steadied over time; it turns where the frame's own luma
does. Studio range, depth, subsampling and interlacing are those of the film.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from photochrom.color.guided import edge_lines, on_lines
from photochrom.color.resize import enlarge
from photochrom.color.srgb import Coded, Floats
from photochrom.color.strips import each_strip
from photochrom.color.ycbcr import Matrix, extremes, fit

GRAIN = 5.0  # luma that varies by less than 5 levels of 255 is grain, not an edge
Planes: TypeAlias = tuple[Coded, Coded]
Sums: TypeAlias = NDArray[np.uint16] | NDArray[np.uint32]


@dataclass(frozen=True)
class Coding:
    """How a film stores its pictures.

    `down` and `across` say how many lines and columns of luma share a chroma pixel. With
    `interlaced` a frame is two fields, lines 0, 2, 4 … and lines 1, 3, 5 …, each with its chroma.
    """

    matrix: Matrix
    full_range: bool
    bits: int = 8
    down: int = 2
    across: int = 2
    interlaced: bool = False

    @property
    def dtype(self) -> type[np.uint8] | type[np.uint16]:
        """What a stored level is held in."""
        return np.uint8 if self.bits == 8 else np.uint16

    @cached_property
    def luma_levels(self) -> tuple[int, int]:
        """The stored levels of black and of white."""
        if self.full_range:
            return 0, (1 << self.bits) - 1
        return 16 << (self.bits - 8), 235 << (self.bits - 8)

    @cached_property
    def chroma_levels(self) -> tuple[float, int, int, int]:
        """Stored levels per level of 255, the stored level of no colour, the least, the most."""
        deeper = 1 << (self.bits - 8)
        if self.full_range:
            return ((256 * deeper) - 1) / 255, 128 * deeper, 0, 256 * deeper - 1
        return 224 * deeper / 255, 128 * deeper, 16 * deeper, 240 * deeper

    def levels(self, luma: Coded | Floats) -> Floats:
        """Stored luma, any shape, as levels 0…255 between black and white."""
        black, white = self.luma_levels
        levels = luma.astype(np.float32)
        levels -= np.float32(black)
        levels *= np.float32(255 / (white - black))
        np.clip(levels, 0, 255, out=levels)
        return levels

    def chroma_size(self, height: int, width: int) -> tuple[int, int]:
        """Lines and columns of a chroma plane for `height` × `width` of luma."""
        return -(-height // self.down), -(-width // self.across)


class SmallFrame(NamedTuple):
    """A frame made small, in colour: what is laid over the large one."""

    luma: Floats  # (h, w), levels 0…255
    chroma: Floats  # (2, h, w), Cb and Cr around 0


Enlarge: TypeAlias = Callable[[Floats, int, int], Floats]  # a plane (h, w) to height and width


def paint_chroma(
    luma: Coded, small: SmallFrame, coding: Coding, planes: Planes, enlarge: Enlarge = enlarge
) -> None:
    """Write Cb and Cr of a frame whose `luma` (H, W) is given as stored, into `planes`.

    `planes` are two arrays of the film's own depth and chroma size. `enlarge` interpolates
    bilinearly; another may be faster.
    """
    lines = edge_lines(small.luma, small.chroma, GRAIN)
    if not coding.interlaced:
        _paint(luma, lines, coding, planes, enlarge)
        return
    for field in (0, 1):
        own = (planes[0][field::2], planes[1][field::2])
        _paint(luma[field::2], lines, coding, own, enlarge)


def _paint(
    luma: Coded, small_lines: Floats, coding: Coding, planes: Planes, enlarge: Enlarge
) -> None:
    height, width = planes[0].shape
    sited = sited_luma(luma, coding)
    levels = np.rint(sited).astype(np.uint8)
    lines = [enlarge(plane, height, width) for plane in small_lines]
    scale, middle, least, most = coding.chroma_levels

    def paint(rows: slice, scratch: Floats) -> None:
        colour = on_lines([plane[rows] for plane in lines], sited[rows])
        darkest, brightest = extremes(levels, rows)
        fit(colour, darkest, 255 - brightest, scratch, coding.matrix)
        for plane, result in zip(colour, planes, strict=True):
            plane *= np.float32(scale)
            plane += np.float32(middle + 0.5)
            np.clip(plane, np.float32(least), np.float32(most), out=plane)
            np.copyto(result[rows], plane, casting="unsafe")

    each_strip(height, width, paint, planes=4, threads=1)


def sited_luma(luma: Coded, coding: Coding) -> Floats:
    """Stored luma (H, W) averaged where the chroma pixels lie, in levels 0…255.

    Chroma lies between two lines, and on the first of the columns that share it (ITU-T H.273,
    chroma sample location type 0, what MPEG-2 and H.264 mean where a film says nothing).
    """
    total: Sums = luma.astype(np.uint16) if coding.bits <= 10 else luma.astype(np.uint32)
    weight = 1
    for _ in range(coding.down // 2):
        total, weight = _pairs_of_lines(total), 2 * weight
    for _ in range(coding.across // 2):
        total, weight = _around_even_columns(total), 4 * weight
    return coding.levels(total.astype(np.float32) * np.float32(1 / weight))


def _pairs_of_lines(plane: Sums) -> Sums:
    even, odd = plane[0::2], plane[1::2]
    total = even + even
    total[: len(odd)] += odd
    total[: len(odd)] -= even[: len(odd)]
    return total


def _around_even_columns(plane: Sums) -> Sums:
    """Each even column twice and its two neighbours once; borders repeat."""
    even, odd = plane[:, 0::2], plane[:, 1::2]
    total = even + even
    total[:, : odd.shape[1]] += odd
    total[:, odd.shape[1] :] += even[:, odd.shape[1] :]
    total[:, 1:] += odd[:, : even.shape[1] - 1]
    total[:, :1] += even[:, :1]
    return total
