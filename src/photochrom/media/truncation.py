"""Whether a file stops before its end, where of its picture, and how the rest is still shown."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from photochrom.color.srgb import Coded, Floats
from photochrom.errors import InputError
from photochrom.media.jpeg_kinds import require_decodable
from photochrom.media.jpeg_segments import parse_jpeg
from photochrom.media.pixels import as_stored, upright
from photochrom.media.png_chunks import SIGNATURE, chunks_in

JPEG_START, JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"


def ends_early(encoded: bytes, name: str) -> bool:
    """Whether a JPEG has no end marker, or a PNG no end chunk; False for every other format.

    Raises `InputError` for a JPEG that is damaged before its pixels, or of a kind (12-bit,
    lossless, …) that cannot be decoded.
    """
    if encoded.startswith(JPEG_START):
        try:
            facts = parse_jpeg(encoded)
            require_decodable(facts)
        except InputError as error:
            raise InputError(f"{name}: {error}") from error
        return facts.end_of_image is None
    if encoded.startswith(SIGNATURE):
        return all(kind != b"IEND" for kind, _ in chunks_in(encoded))
    return False


def with_end(encoded: bytes) -> bytes:
    """A cut-off JPEG with an end marker, which makes decoders give what is there; others as is."""
    return encoded + JPEG_END if encoded.startswith(JPEG_START) else encoded


def absent_pixels(grey: Coded, orientation: int) -> NDArray[np.bool_]:
    """Where (H, W) a truncated file ended: the last stored rows that are all of one level."""
    rows = as_stored(cast(Floats, grey), orientation)
    differ = (rows != rows[-1:, :1]).any(axis=1)
    there = int(np.flatnonzero(differ).max(initial=-1)) + 1
    absent = np.zeros(rows.shape, np.uint8)
    absent[there:] = 1
    return upright(absent, orientation).astype(np.bool_)
