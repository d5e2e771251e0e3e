"""The way of a picture: lightness → network → ab → edge-aware enlarge → merge."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from photochrom.color.lab import rgb_to_lightness
from photochrom.color.merge import merge, small_lightness
from photochrom.color.resize import resize
from photochrom.color.srgb import Coded, Floats

# Paints lightness (h, w) 0…100 with ab (h', w', 2) of any size.
Predict: TypeAlias = Callable[[NDArray[np.float32]], NDArray[np.float32]]

LONGEST_PER_SHORT = (
    3  # a strip of film or a panorama is squeezed, rather than painted at any length
)


def network_size(height: int, width: int, short_side_px: int) -> tuple[int, int]:
    """The size (h, w) to paint a picture of `height` × `width` at: the same shape, where it can be.

    >>> network_size(3000, 4000, 192)
    (192, 256)
    >>> network_size(1, 10000, 192)
    (192, 576)
    """
    if height < 1 or width < 1 or short_side_px < 1:
        raise ValueError(f"no size for {height} × {width} pixels at {short_side_px} px")
    longest = LONGEST_PER_SHORT * short_side_px
    scale = short_side_px / min(height, width)
    return min(longest, round(height * scale)), min(longest, round(width * scale))


def network_lightness(pixels: Coded, height: int, width: int) -> Floats:
    """Lightness (height, width) 0…100 of grey (H, W) or rgb (H, W, 3), uint8 or uint16."""
    if pixels.ndim == 2:
        return small_lightness(pixels, height, width)
    small = np.rint(resize(pixels, height, width)).astype(pixels.dtype)
    return rgb_to_lightness(cast("Coded", small))


def colorize(
    grey: Coded,
    predict: Predict,
    *,
    short_side_px: int,
    strength: float = 1.0,
    threads: int = 2,
) -> Coded:
    """Grey (H, W), uint8 or uint16, painted by `predict`: rgb (H, W, 3) of the same depth."""
    height, width = network_size(grey.shape[0], grey.shape[1], short_side_px)
    ab = predict(small_lightness(grey, height, width))
    return merge(grey, ab, strength=strength, threads=threads)
