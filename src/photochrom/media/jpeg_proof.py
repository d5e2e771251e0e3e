"""Whether two JPEGs have the same luma: by their coefficients, or decoded without jpeglib."""

from __future__ import annotations

import numpy as np

from photochrom.errors import InputError
from photochrom.media.decoding import decode_luma
from photochrom.media.jpeg_coefficients import has_jpeglib, read_planes
from photochrom.media.jpeg_segments import parse_jpeg


def luma_difference(result: bytes, original: bytes) -> str | None:
    """How the luma of `result` differs from that of `original`, in words; None where it does not.

    Compared are the quantized coefficients and their table; without the extra `jpeg` the levels
    that Pillow decodes. Raises `InputError` where one of them cannot be decoded.
    """
    one, other = parse_jpeg(result), parse_jpeg(original)
    if (one.width, one.height) != (other.width, other.height):
        return f"it is {one.width}×{one.height}, its original {other.width}×{other.height}"
    if not has_jpeglib():
        levels = [decode_luma(jpeg, "it", 1) for jpeg in (result, original)]
        differing = int(np.count_nonzero(levels[0] != levels[1]))
        return f"{differing} pixels of its luma differ" if differing else None
    ours, theirs = (read_planes(facts)[0] for facts in (one, other))
    if ours.blocks.shape != theirs.blocks.shape:
        raise InputError("the luma planes of the two have other sizes")
    if not np.array_equal(ours.table, theirs.table):
        return "its luma has another quantization table"
    differing = int(np.count_nonzero(ours.blocks != theirs.blocks))
    return f"{differing} coefficients of its luma differ" if differing else None
