"""What no model should lose to: grey, the mean colour of photographs, sepia."""

from __future__ import annotations

import hashlib
from functools import cache

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
    rgb: Rgb = _colour_of_levels(name)[grey]
    return rgb


@cache
def _colour_of_levels(name: str) -> Rgb:
    """The baseline's colour (256, 3) of each level of grey."""
    levels = np.arange(256, dtype=np.uint8)[None]
    ab = np.broadcast_to(np.array(BASELINES[name], np.float32), (1, 256, 2))
    colours: Rgb = lab_to_rgb(grey_to_lightness(levels), ab)[0].astype(np.uint8, copy=False)
    colours.flags.writeable = False
    return colours


def baseline_sha256(name: str) -> str:
    """What identifies a baseline: its name and its colour."""
    return hashlib.sha256(f"{name} {BASELINES[name]}".encode()).hexdigest()
