"""A quantity over a photograph, such as its uncertainty, as a grey PNG of the photo's size."""

from __future__ import annotations

import numpy as np

from photochrom.color.resize import enlarge_rows, resize
from photochrom.color.srgb import Floats
from photochrom.color.strips import strips
from photochrom.media.encoders import Picture, encode
from photochrom.media.metadata import Metadata


def encode_grey_map(values: Floats, *, height: int, width: int, xmp: bytes | None = None) -> bytes:
    """A PNG of `height` × `width` in which `values` (h, w), 0…1, go from black to white."""
    small = resize(values, min(height, values.shape[0]), min(width, values.shape[1]))
    levels = np.empty((height, width), np.uint8)
    for rows in strips(height, width):
        grey = enlarge_rows(small, rows, height, width) * np.float32(255)
        levels[rows] = np.rint(np.clip(grey, 0, 255)).astype(np.uint8)
    return encode(Picture(levels, Metadata(xmp=xmp), quality=100), "PNG")
