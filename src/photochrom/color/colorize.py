"""The way of a picture: lightness → network → ab, at the size that the network works at.

What follows, enlarging along edges and merging with the full-size lightness, is `merge.merge`, or
for a JPEG whose luma stays as it is `chroma.ab_to_cbcr`; for drawings it is
`drawing.merge_drawing`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from photochrom.color.merge import small_lightness
from photochrom.color.srgb import Coded, Floats

Painted = TypeVar("Painted")

# A strip of film or a panorama is squeezed, rather than painted at any length.
LONGEST_PER_SHORT = 3


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


def colorize(grey: Coded, predict: Callable[[Floats], Painted], *, short_side_px: int) -> Painted:
    """What `predict` paints for grey (H, W), uint8 or uint16, made small: lightness (h, w) 0…100.

    That is ab (h', w', 2) of any size, or rgb of a model that paints lightness too.
    """
    height, width = network_size(grey.shape[0], grey.shape[1], short_side_px)
    return predict(small_lightness(grey, height, width))
