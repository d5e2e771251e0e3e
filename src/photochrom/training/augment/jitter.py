"""Colour jitter: brightness, contrast, saturation and hue, as one affine map of sRGB.

It befalls the target before grey is made of it, so input and target stay one picture.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

HUE_TURN = math.pi / 2  # at jitter 1; 0.2 turns by up to 18°
GREY = np.array([0.299, 0.587, 0.114])  # luma, Rec. 601
# R, G, B to luma and two axes of colour (YIQ, NTSC 1953); a hue turns in the plane of the two
YIQ_FROM_RGB = np.array([GREY, [0.595716, -0.274453, -0.321263], [0.211456, -0.522591, 0.311135]])
RGB_FROM_YIQ = np.linalg.inv(YIQ_FROM_RGB)


def jittered(rgb: NDArray[np.uint8], amount: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """`rgb` (H, W, 3) with each of the four changed at random by up to `amount`, 0…1."""
    brightness, contrast, saturation, hue = rng.uniform(-amount, amount, 4)
    mean = float(rgb[::4, ::4].mean(axis=(0, 1)) @ GREY)
    matrix = jitter_matrix(1 + brightness, 1 + contrast, 1 + saturation, hue * HUE_TURN, mean)
    values = tuple(float(value) for value in matrix.ravel())
    changed = Image.fromarray(np.ascontiguousarray(rgb)).convert("RGB", values)
    return np.asarray(changed, dtype=np.uint8)


def jitter_matrix(
    brightness: float, contrast: float, saturation: float, hue: float, mean: float
) -> NDArray[np.float64]:
    """The affine map (3, 4) of R, G, B 0…255: factors, a turn of the hue [radians], a mean luma.

    Contrast stretches about `mean`, the picture's own mean luma, 0…255.
    """
    turn = saturation * np.array([[math.cos(hue), -math.sin(hue)], [math.sin(hue), math.cos(hue)]])
    colour = np.eye(3)
    colour[1:, 1:] = turn
    linear = brightness * contrast * (RGB_FROM_YIQ @ colour @ YIQ_FROM_RGB)
    offset = np.full((3, 1), brightness * (1 - contrast) * mean)
    return np.hstack([linear, offset])
