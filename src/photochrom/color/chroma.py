"""Colour as a JPEG holds it: Cb and Cr beside a luma that stays as it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photochrom.color.bilateral import GUIDE_PER_AB, guide_size
from photochrom.color.guided import COLOUR_PLANES, EdgeModel
from photochrom.color.resize import resize
from photochrom.color.srgb import Floats
from photochrom.color.strips import each_strip
from photochrom.color.ycbcr import BT601, chroma_of, extremes, fit

GRAIN = 5.0  # luma that varies by less than 5 levels is a scan's grain, not an edge


def ab_to_cbcr(
    luma_half: NDArray[np.uint8],
    ab: Floats,
    *,
    tone: Floats | None = None,
    strength: float = 1.0,
    threads: int = 2,
    guide_per_ab: int = GUIDE_PER_AB,
    spares_neighbours: bool = True,
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Cb and Cr (h, w) uint8 that colour a grey JPEG with `ab` (…, …, 2) while its luma stays.

    `luma_half` (h, w) is the JPEG's luma at half size. `tone` (256,) is the linear light 0…1 of
    each grey level where the file's profile says other than sRGB; `guide_per_ab` is as in `merge`.
    Both planes are scaled together so that the R, G and B decoded with the file's own full-size
    luma stay in 0…255; where it `spares_neighbours`, also with that of the pixels beside, which
    share their chroma.
    """
    if luma_half.ndim != 2 or luma_half.dtype != np.uint8 or ab.ndim != 3 or ab.shape[2] != 2:
        raise ValueError(
            f"luma (h, w) uint8 and ab (…, …, 2), not {luma_half.shape} {luma_half.dtype} "
            f"and {ab.shape}"
        )
    if tone is not None and tone.shape != (256,):
        raise ValueError(f"a tone has 256 entries of linear light, not {tone.shape}")
    height, width = luma_half.shape
    guide = resize(luma_half, *guide_size(ab.shape[:2], height, width, guide_per_ab))
    colours = chroma_of(guide, ab * np.float32(strength), matrix=BT601, tone=tone)
    model = EdgeModel(guide, colours, (height, width), GRAIN)
    planes = np.empty((2, height, width), np.uint8)

    def paint(rows: slice, scratch: Floats) -> None:
        luma = scratch[0]
        luma[...] = luma_half[rows]
        colour = model.colour_rows(rows, luma, scratch[1 : 1 + COLOUR_PLANES])
        own = luma_half[rows]
        darkest, brightest = extremes(luma_half, rows) if spares_neighbours else (own, own)
        fit(colour, darkest, 255 - brightest, scratch[3:], BT601)
        for plane, result in zip(colour, planes[:, rows], strict=True):
            plane += np.float32(128.5)
            np.clip(plane, np.float32(0), np.float32(255), out=plane)
            np.copyto(result, plane, casting="unsafe")

    each_strip(height, width, paint, planes=7, threads=threads)
    return planes[0], planes[1]
