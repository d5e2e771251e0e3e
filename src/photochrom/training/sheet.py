"""A sheet of the same pictures: the input, what the network paints, the truth."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.color.lab import lab_to_rgb


def sheet(*rows: NDArray[Any]) -> Image.Image:
    """One row for each array (B, H, W, 3) of sRGB, a column for each of its pictures."""
    return Image.fromarray(np.concatenate([np.concatenate(list(row), axis=1) for row in rows]))


def sample_sheet(
    lightness: NDArray[np.float32], ab: NDArray[np.float32], truth: NDArray[np.float32]
) -> Image.Image:
    """Columns of grey, ours, real: lightness (B, H, W); ab and truth (B, H, W, 2)."""
    grey = np.zeros_like(ab)
    rows = [
        np.stack([lab_to_rgb(lightness[i], colours[i]) for i in range(len(lightness))])
        for colours in (grey, ab, truth)
    ]
    return sheet(*rows)
