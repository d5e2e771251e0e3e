"""The quantized DCT coefficients of a JPEG's planes, read and written by jpeglib (extra `jpeg`)."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photochrom.errors import InputError, missing_extra
from photochrom.media.jpeg_edits import Edit, apply_edits
from photochrom.media.jpeg_metadata import is_metadata
from photochrom.media.jpeg_segments import JpegFacts

#: Of the libraries in jpeglib the newest libjpeg-turbo: fast, and it decodes arithmetic coding.
LIBRARY = "turbo210"

Factors = Sequence[tuple[int, int]]  # (across, down) of each component
_choosing = threading.Lock()  # jpeglib reads headers into globals, and its choice is one too


class Coding(IntEnum):
    """How libjpeg writes a scan; the numbers stand in restore records."""

    STANDARD = 1  # Huffman tables of the standard (T.81, annex K.3)
    OPTIMIZED = 2  # Huffman tables made for the picture
    ARITHMETIC = 3


_FLAGS = {
    Coding.STANDARD: ["-OPTIMIZE_CODING"],
    Coding.OPTIMIZED: ["+OPTIMIZE_CODING"],
    Coding.ARITHMETIC: ["+ARITH_CODE"],
}


@dataclass(frozen=True, eq=False)
class Plane:
    """One component: `blocks` (rows, columns, 8, 8) int16, and the `table` (8, 8) they count in."""

    blocks: NDArray[np.int16]
    table: NDArray[np.uint16]

    @property
    def digest(self) -> bytes:
        """SHA-256 of the coefficients, row by row of blocks, little-endian, natural order."""
        return hashlib.sha256(np.ascontiguousarray(self.blocks, "<i2").tobytes()).digest()

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Plane)
            and np.array_equal(self.table, other.table)
            and np.array_equal(self.blocks, other.blocks)
        )

    __hash__ = None  # type: ignore[assignment]  # it is compared, never a key


def has_jpeglib() -> bool:
    """Whether the extra `jpeg` is installed."""
    return find_spec("jpeglib") is not None


def read_planes(facts: JpegFacts, name: str = "this JPEG") -> list[Plane]:
    """The planes of a JPEG of one or three components, as many as it has.

    Raises `SetupError` without the extra, `InputError` where they cannot be decoded.
    """
    library = _library(f"reading the coefficients of {name}")
    bare = [Edit(s.start, s.end, b"") for s in facts.segments if is_metadata(s)]
    with tempfile.TemporaryDirectory(prefix="photochrom-") as folder:
        path = Path(folder) / "planes.jpg"
        path.write_bytes(apply_edits(facts.jpeg, bare))
        try:
            with _choosing:
                read = library.read_dct(str(path))
            read.load()
        except OSError as error:
            raise InputError(f"the coefficients of {name} cannot be decoded: {error}") from error
    planes = [read.Y, read.Cb, read.Cr][: len(facts.frame.components)]
    return [
        Plane(np.asarray(blocks), np.asarray(read.get_component_qt(index)))
        for index, blocks in enumerate(planes)
    ]


def write_planes(
    planes: Sequence[Plane],
    height: int,
    width: int,
    factors: Factors = ((1, 1),),
    *,
    coding: Coding = Coding.OPTIMIZED,
) -> bytes:
    """A sequential JPEG of one plane, or of three (Y, Cb, Cr) interleaved; nothing is lost.

    `height` and `width` [px] are the picture's.
    """
    library = _library("writing coefficients")
    blocks = [plane.blocks for plane in planes]
    tables, slots = _slots(planes)
    made = library.from_dct(*blocks, qt=tables, quant_tbl_no=slots)
    made.height, made.width = height, width
    if len(planes) > 1:
        made.samp_factor = np.array([(down, across) for across, down in factors])
    with tempfile.TemporaryDirectory(prefix="photochrom-") as folder:
        path = Path(folder) / "planes.jpg"
        made.write_dct(str(path), flags=_FLAGS[coding])
        return path.read_bytes()


def _slots(planes: Sequence[Plane]) -> tuple[NDArray[np.uint16], list[int]]:
    """The tables without repetition (n, 8, 8), and which of them each plane has."""
    tables: list[NDArray[np.uint16]] = []
    slots = []
    for plane in planes:
        known = [np.array_equal(plane.table, table) for table in tables]
        slots.append(known.index(True) if any(known) else len(tables))
        tables += [] if any(known) else [plane.table]
    return np.array(tables, np.uint16), slots


def _library(job: str) -> Any:
    try:
        import jpeglib
    except ImportError as error:
        raise missing_extra(job, "jpeglib", "jpeg") from error
    with _choosing:
        if jpeglib.version.get() != LIBRARY:
            jpeglib.version.set(LIBRARY)
            # It prints the path of what it cannot read, where our stdout carries pictures and JSON.
            vars(jpeglib._bind)["print"] = lambda *_: None
    return jpeglib
