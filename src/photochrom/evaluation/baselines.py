"""What no model should lose to: grey, the mean colour of photographs, sepia."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from photochrom.color.lab import grey_to_lightness, lab_to_rgb

Rgb = NDArray[np.uint8]

# a*, b* of each baseline, everywhere
BASELINES = {
    "grey": (0.0, 0.0),
    "mean-colour": (1.6, 6.5),  # of photographs for training: benchmarks/mean_colour.py
    "sepia": (8.0, 22.0),  # of a print toned with sulphide
}


def paint_baseline(name: str, grey: NDArray[np.uint8]) -> Rgb:
    """The baseline's picture rgb (H, W, 3) of grey (H, W), as light as the grey."""
    colour = BASELINES[name]
    if colour == (0.0, 0.0):
        return np.repeat(grey[..., None], 3, axis=2)
    ab = np.broadcast_to(np.array(colour, np.float32), (*grey.shape, 2))
    rgb: Rgb = lab_to_rgb(grey_to_lightness(grey), ab).astype(np.uint8, copy=False)
    return rgb


def baseline_sha256(name: str) -> str:
    """What identifies a baseline: its name and its colour."""
    return hashlib.sha256(f"{name} {BASELINES[name]}".encode()).hexdigest()
