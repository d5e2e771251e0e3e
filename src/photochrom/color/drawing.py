"""The way of a drawing: dark lines on white paper, colours painted under them, lines laid back on.

White paper can hold no chroma, so a model that `paints` rgb paints lightness too, small. What it
painted is freed of the lines that it painted along, enlarged, and multiplied with the drawing at
full size, as a layer of ink over paint.
"""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from photochrom.color.guided import box_mean
from photochrom.color.lab import lab_to_rgb, rgb_to_lab
from photochrom.color.resize import enlarge_rows, resize
from photochrom.color.srgb import Coded, Floats, levels_of
from photochrom.color.strips import each_strip

SAMPLED_PX = 512  # of each side, about
REACH = 4  # 3 × 3 means, one after the other: under a line colour comes from up to so many pixels
TRUST = np.float32(0.02)  # how little light a line lets through before its neighbours are asked


def dark_on_white(drawn: Coded) -> Coded:
    """A drawing (H, W), sRGB-coded grey, as models know it: light lines on dark turned round."""
    if not is_light_on_dark(drawn):
        return drawn
    return levels_of(drawn.dtype) - drawn


def is_light_on_dark(drawn: Coded) -> bool:
    """True where more than half of a drawing (H, W) is dark: it has more paper than ink."""
    return _mostly_dark(_sampled(drawn))


def on_paper(grey: Coded, alpha: Coded) -> Coded:
    """A drawing whose `grey` (H, W) is see-through where `alpha` (H, W) is 0, with paper there.

    Levels of a see-through pixel mean nothing: programs leave black, white or anything there. So
    paper is white, or black where the lines themselves are light.
    """
    share = alpha.astype(np.float32) / np.float32(levels_of(alpha.dtype))
    seen = _sampled(grey)[_sampled(alpha) > levels_of(alpha.dtype) // 2]
    is_mostly_clear = 2 * seen.size < _sampled(alpha).size
    # What can be seen of a drawing that is mostly clear is ink; of another it is mostly paper.
    is_black = seen.size > 0 and _mostly_dark(seen) != is_mostly_clear
    laid = grey * share
    laid += np.float32(0 if is_black else levels_of(grey.dtype)) * (1 - share)
    return cast(Coded, np.rint(laid, out=laid).astype(grey.dtype))


def merge_drawing(
    outline: Coded, painted: NDArray[np.uint16], *, strength: float = 1.0, threads: int = 2
) -> Coded:
    """The drawing in colour, rgb (H, W, 3) of the depth of `outline` (H, W), dark on white.

    `painted` (h, w, 3) is what the model painted, of any size. `strength` multiplies chroma.
    Multiplied as coded values, as the blend mode "multiply" does (W3C Compositing, 5.8).
    """
    if outline.ndim != 2 or painted.ndim != 3 or painted.shape[2] != 3:
        raise ValueError(
            f"outline (H, W) and painted (h, w, 3), not {outline.shape} and {painted.shape}"
        )
    height, width = outline.shape
    small = min(painted.shape[0], height), min(painted.shape[1], width)
    levels = np.float32(levels_of(outline.dtype))
    paint = _with_chroma(painted, strength).astype(np.float32) / np.float32(65535)
    under = paint_under(resize(outline, *small) / levels, resize(paint, *small))
    rgb = cast(Coded, np.empty((height, width, 3), outline.dtype))

    def lay(rows: slice, scratch: Floats) -> None:
        ink = scratch[0]
        ink[...] = outline[rows]
        colours = enlarge_rows(under, rows, height, width)
        colours *= ink[..., None]
        colours += np.float32(0.5)
        np.copyto(rgb[rows], colours, casting="unsafe")

    each_strip(height, width, lay, planes=1, threads=threads)
    return rgb


def paint_under(ink: Floats, painted: Floats) -> Floats:
    """The paint (h, w, 3) 0…1 which under `ink` (h, w), the light that it lets through, 0…1,
    gives `painted` (h, w, 3).

    Where ink is dense, nothing can be seen of the paint below it, so it is that of the places
    around: ridge regression of painted = ink · paint towards the neighbourhood's own solution.
    """
    seen = _around(ink * ink) + np.float32(1e-6)
    under = np.empty_like(painted)
    for channel in range(3):
        covered = painted[..., channel] * ink
        neighbours = _around(covered) / seen
        under[..., channel] = (covered + TRUST * neighbours) / (ink * ink + TRUST)
    return np.clip(under, 0, 1, out=under)


def _around(plane: Floats) -> Floats:
    for _ in range(REACH):
        plane = box_mean(plane)
    return plane


def _with_chroma(painted: NDArray[np.uint16], strength: float) -> NDArray[np.uint16]:
    """`painted` with its chroma multiplied, within sRGB; lightness and hue stay."""
    if strength == 1:
        return painted
    lightness, ab = rgb_to_lab(painted)
    mixed = lab_to_rgb(lightness, ab * np.float32(strength), dtype=np.uint16)
    return mixed.astype(np.uint16, copy=False)


def _mostly_dark(levels: Coded) -> bool:
    return 2 * int(np.count_nonzero(levels <= levels_of(levels.dtype) // 2)) > levels.size


def _sampled(plane: Coded) -> Coded:
    """Enough of `plane` (H, W) to tell which of paper and ink is more."""
    down, across = (max(1, side // SAMPLED_PX) for side in plane.shape)
    return plane[::down, ::across]
