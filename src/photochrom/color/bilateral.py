"""Small colour raised to the size of a small lightness picture, without mixing across its edges.

Joint bilateral upsampling (Kopf et al. 2007): a pixel takes the colours of the nearest small ones
in proportion to how alike their lightness is. Small pixels on an edge hold a mixture already, so
the difference between what was asked for and the mean of what was made is put back (iterative
back-projection, Irani & Peleg 1991): in the end every small pixel's mean is its own colour again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photochrom.color.resize import resize, shrink
from photochrom.color.srgb import Floats

GUIDE_PER_AB = 4  # guide pixels per colour pixel, along each side
NEARNESS = 0.55  # standard deviation in space [small pixels]
LIKENESS = 4.0 / 116  # standard deviation in f(Y): 4 L*
LEAST_LIKE = 1e-3  # a pixel unlike all its neighbours still takes their plain mean
BACK_PROJECTIONS = 3  # benchmarks/bleeding.py: a fourth bleeds 2 % less and errs as much


def guide_size(
    ab_size: tuple[int, int], height: int, width: int, per_ab: int = GUIDE_PER_AB
) -> tuple[int, int]:
    """The size (h, w) of the guide for colour of `ab_size` and a picture of `height` × `width`."""
    return min(height, per_ab * ab_size[0]), min(width, per_ab * ab_size[1])


def raise_colour(ab: Floats, guide: Floats) -> Floats:
    """a* and b* as planes (2, H, W), for small `ab` (h, w, 2) and f(Y) `guide` (H, W).

    Colours that are as large as their guide stay as they are.
    """
    if ab.shape[:2] == guide.shape:
        return np.array(np.moveaxis(ab, -1, 0), np.float32, order="C")
    small = resize(ab, min(ab.shape[0], guide.shape[0]), min(ab.shape[1], guide.shape[1]))
    wanted = np.ascontiguousarray(np.moveaxis(small, -1, 0))
    taps = _Taps(guide, *wanted.shape[1:])
    raised = taps.spread(wanted)
    for _ in range(BACK_PROJECTIONS):
        made = np.stack([shrink(plane, *wanted.shape[1:]) for plane in raised])
        raised += taps.spread(wanted - made)
    return raised


class _Taps:
    """Which nine small pixels every pixel of the guide listens to, and how much to each."""

    def __init__(self, guide: Floats, height: int, width: int) -> None:
        small = shrink(guide, height, width)
        down, near_down = _near(guide.shape[0], height)
        across, near_across = _near(guide.shape[1], width)
        self._places = [(rows, columns) for rows in down for columns in across]
        self._shares: list[Floats] = []
        total = np.zeros_like(guide)
        for number, (rows, columns) in enumerate(self._places):
            unlike = _pick(small, rows, columns)
            unlike -= guide
            unlike *= unlike
            unlike *= np.float32(-0.5 / LIKENESS**2)
            share: Floats = np.exp(unlike, out=unlike)
            share += np.float32(LEAST_LIKE)
            share *= near_down[number // 3][:, None] * near_across[number % 3]
            total += share
            self._shares.append(share)
        for share in self._shares:
            share /= total

    def spread(self, small: Floats) -> Floats:
        """Planes (2, h, w) laid over the guide, (2, H, W)."""
        spread = np.zeros((len(small), *self._shares[0].shape), np.float32)
        for (rows, columns), share in zip(self._places, self._shares, strict=True):
            for plane, result in zip(small, spread, strict=True):
                colour = _pick(plane, rows, columns)
                colour *= share
                result += colour
        return spread


def _near(length: int, small: int) -> tuple[list[NDArray[np.intp]], list[Floats]]:
    """Along one axis: the three small pixels nearest to each pixel, and their weights."""
    place = (np.arange(length) + 0.5) * (small / length) - 0.5
    nearest = np.rint(place).astype(np.intp)
    steps = (-1, 0, 1)
    weights = [np.exp(-0.5 * ((nearest + step - place) / NEARNESS) ** 2) for step in steps]
    return (
        [np.clip(nearest + step, 0, small - 1) for step in steps],
        [weight.astype(np.float32) for weight in weights],
    )


def _pick(plane: Floats, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Floats:
    return plane.take(columns, axis=1).take(rows, axis=0)
