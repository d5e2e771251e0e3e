"""Small colour and full-size lightness joined into the full-size colour picture."""

from __future__ import annotations

from functools import cache
from typing import cast

import numpy as np

from photochrom.color.bilateral import GUIDE_PER_AB, guide_size
from photochrom.color.gamut import write_rgb
from photochrom.color.guided import COLOUR_PLANES, lab_model
from photochrom.color.lab import lightness_table
from photochrom.color.resize import resize
from photochrom.color.srgb import Coded, Floats
from photochrom.color.strips import each_strip
from photochrom.color.tristimulus import RGB_PLANES

MERGE_PLANES = 3 + RGB_PLANES  # what `ColoursOver.paint` works in


def merge(
    lightness_source: Coded | Floats,
    ab: Floats,
    *,
    strength: float = 1.0,
    threads: int = 2,
    guide_per_ab: int = GUIDE_PER_AB,
) -> Coded:
    """The colour picture rgb (H, W, 3) with exactly the lightness of its source.

    `lightness_source` (H, W) is sRGB-coded grey, uint8 or uint16, which gives rgb of the same
    depth, or lightness float32 0…100, which gives uint8. `ab` (h, w, 2) may be of any smaller size;
    it is enlarged along the source's edges, first to `guide_per_ab` times its size. `strength`
    multiplies chroma: 0 is grey, 1 as painted.
    """
    if lightness_source.ndim != 2 or ab.ndim != 3 or ab.shape[2] != 2:
        raise ValueError(
            f"lightness (H, W) and ab (h, w, 2), not {lightness_source.shape} and {ab.shape}"
        )
    height, width = lightness_source.shape
    size = guide_size(ab.shape[:2], height, width, guide_per_ab)
    guide = small_lightness(lightness_source, *size)
    colours = ColoursOver(guide, ab * np.float32(strength), (height, width))
    depth = np.uint16 if lightness_source.dtype == np.uint16 else np.uint8
    rgb = np.empty((height, width, 3), depth)

    def paint(rows: slice, scratch: Floats) -> None:
        colours.paint(rows, lightness_source[rows], rgb[rows], scratch)

    each_strip(height, width, paint, planes=MERGE_PLANES, threads=threads)
    return rgb


class ColoursOver:
    """Small colours laid over a picture of any size, which need never be in memory as a whole."""

    def __init__(self, guide: Floats, ab: Floats, size: tuple[int, int]) -> None:
        """`guide` (h, w) is the lightness 0…100, made small, of a picture of `size` (H, W)."""
        self._model = lab_model((guide + 16) / np.float32(116), ab, size)

    def paint(
        self, rows: slice, lightness_source: Coded | Floats, rgb: Coded, scratch: Floats
    ) -> None:
        """Write `rows` of the colour picture into `rgb` (len(rows), W, 3); grey as `merge` takes.

        `scratch` (`MERGE_PLANES`, len(rows), W) is overwritten.
        """
        fy = scratch[0]
        _fold(lightness_source, fy)
        da, db = self._model.colour_rows(rows, fy, scratch[1 : 1 + COLOUR_PLANES])
        write_rgb(fy, da, db, rgb, scratch[3:])


def small_lightness(lightness_source: Coded | Floats, height: int, width: int) -> Floats:
    """Lightness (height, width) 0…100 of grey (H, W) uint8, uint16 or of lightness itself.

    Coded values are averaged and then converted, as every photo viewer and the training data do.
    """
    small = resize(lightness_source, height, width)
    if lightness_source.dtype == np.float32:
        return small
    table = lightness_table(lightness_source.dtype)
    return np.interp(small, np.arange(len(table)), table).astype(np.float32)


@cache
def _fold_table(dtype: np.dtype[np.generic]) -> Floats:
    """f(Y) of every grey level of uint8 or uint16."""
    return (lightness_table(dtype) + 16) / np.float32(116)


def _fold(source: Coded | Floats, fy: Floats) -> None:
    """Write f(Y) of grey or lightness into `fy`."""
    if source.dtype == np.float32:
        np.clip(source, 0, 100, out=fy)
        fy += np.float32(16)
        fy /= np.float32(116)
    else:
        _fold_table(source.dtype).take(cast("Coded", source), out=fy, mode="clip")
