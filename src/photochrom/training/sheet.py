"""A sheet of the same pictures: the input, what the network paints, the truth."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from photochrom.errors import PhotochromError
from photochrom.media.atomic import write_atomic

MOST_PX = 256  # of a picture in the sheet


def tiles(rgb: Tensor) -> NDArray[np.uint8]:
    """Pictures (B, 3, H, W) 0…1 as (B, h, w, 3), `MOST_PX` wide and high at most."""
    height, width = rgb.shape[-2:]
    factor = -(-max(height, width) // MOST_PX)
    if factor > 1:
        rgb = F.interpolate(rgb, size=(height // factor, width // factor), mode="area")
    coded = (rgb.clamp(0, 1) * 255).round().byte()
    return np.asarray(coded.permute(0, 2, 3, 1).cpu().numpy())


def write_sheet(rows: Sequence[NDArray[np.uint8]], path: Path) -> None:
    """A sheet with one row for each array (B, H, W, 3), a column for each of its pictures.

    Where it cannot be written there is no file, and no error: a full disk must not end a run.
    """
    whole = np.concatenate([np.concatenate(list(row), axis=1) for row in rows])
    encoded = io.BytesIO()
    Image.fromarray(whole).save(encoded, "PNG")
    with contextlib.suppress(PhotochromError):
        write_atomic(path, encoded.getvalue())
