"""A plane through a Gaussian."""

from __future__ import annotations

import numpy as np

from photochrom.color.srgb import Floats

REACH = 2.5  # standard deviations, beyond which the Gaussian counts as 0


def blurred(plane: Floats, sigma_px: float) -> Floats:
    """The plane (H, W) through a Gaussian of that width, edges repeated."""
    if sigma_px <= 0:
        return plane
    radius = max(1, round(REACH * sigma_px))
    kernel = np.exp(-0.5 * (np.arange(radius + 1) / sigma_px) ** 2)
    kernel = (kernel / (kernel[0] + 2 * kernel[1:].sum())).astype(np.float32)
    for axis in (0, 1):
        padded = np.pad(
            plane, [(radius, radius) if i == axis else (0, 0) for i in range(2)], "edge"
        )
        plane = _weighted_sum(padded, kernel, axis)
    return plane


def _weighted_sum(padded: Floats, kernel: Floats, axis: int) -> Floats:
    """A symmetric kernel, given from its middle outwards, laid over every place along `axis`."""
    radius = len(kernel) - 1
    size = padded.shape[axis] - 2 * radius

    def shifted(by: int) -> Floats:
        rows = slice(radius + by, radius + by + size)
        return padded[rows] if axis == 0 else padded[:, rows]

    total: Floats = shifted(0) * kernel[0]
    pair = np.empty_like(total)
    for distance in range(1, radius + 1):
        np.add(shifted(-distance), shifted(distance), out=pair)
        pair *= kernel[distance]
        total += pair
    return total
