"""Small colour and full-size lightness joined into the full-size colour picture."""

from __future__ import annotations

import numpy as np

from photochrom.color.gamut import write_rgb
from photochrom.color.guided import edge_model
from photochrom.color.lab import lightness_table
from photochrom.color.resize import resize
from photochrom.color.srgb import Coded, Floats
from photochrom.color.strips import each_strip


def merge(
    lightness_source: Coded | Floats, ab: Floats, *, strength: float = 1.0, threads: int = 2
) -> Coded:
    """The colour picture rgb (H, W, 3) with exactly the lightness of its source.

    `lightness_source` (H, W) is sRGB-coded grey, uint8 or uint16, which gives rgb of the same depth,
    or lightness float32 0…100, which gives uint8. `ab` (h, w, 2) may be of any smaller size; it is
    enlarged along the source's edges. `strength` multiplies chroma: 0 is grey, 1 as painted.
    """
    if lightness_source.ndim != 2 or ab.ndim != 3 or ab.shape[2] != 2:
        raise ValueError(
            f"lightness (H, W) and ab (h, w, 2), not {lightness_source.shape} and {ab.shape}"
        )
    height, width = lightness_source.shape
    guide = small_lightness(lightness_source, *ab.shape[:2])
    model = edge_model(guide, ab * np.float32(strength), height, width)
    depth = np.uint16 if lightness_source.dtype == np.uint16 else np.uint8
    rgb = np.empty((height, width, 3), depth)

    def paint(rows: slice) -> None:
        lightness = _lightness(lightness_source[rows])
        a, b = model.ab_rows(rows, lightness)
        write_rgb((lightness + 16) / np.float32(116), a / 500, b / 200, rgb[rows])

    each_strip(height, paint, threads=threads)
    return rgb


def small_lightness(lightness_source: Coded | Floats, height: int, width: int) -> Floats:
    """Lightness (height, width) 0…100 of grey (H, W) uint8, uint16 or of lightness itself.

    Coded values are averaged and then converted, as every photo viewer and the training data do.
    """
    small = resize(lightness_source, height, width)
    if lightness_source.dtype == np.float32:
        return small
    table = lightness_table(lightness_source.dtype)
    return np.interp(small, np.arange(len(table)), table).astype(np.float32)


def _lightness(source: Coded | Floats) -> Floats:
    if source.dtype == np.float32:
        return np.clip(source, 0, 100).astype(np.float32)
    return lightness_table(source.dtype).take(source)
