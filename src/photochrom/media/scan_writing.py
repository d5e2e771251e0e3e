"""TIFFs of any size written strip by strip: tiled, BigTIFF where it must be, with a pyramid."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from photochrom.errors import InputError, SetupError, missing_extra
from photochrom.media.atomic import in_words
from photochrom.media.exif import ExifTags
from photochrom.media.scan_tags import add_tags

TILE_PX = 256
LARGEST_CLASSIC_BYTES = 4_000_000_000  # of pixels; offsets of classic TIFF have 32 bits
SMALLEST_LEVEL_PX = 512  # a pyramid ends where its longer side is no longer than this
COMPRESSIONS = {"zlib": "zlib", "lzw": "lzw", "zstd": "zstd", "none": None}
XMP_TAG, ORIENTATION_TAG = 700, 274
BYTE, SHORT = 1, 3  # TIFF field types

Strips = Iterable[NDArray[Any]]  # (h, W, channels), each but the last `TILE_PX` high


@dataclass(frozen=True)
class TiffPage:
    """What is written of a page, besides its pixels."""

    width: int
    height: int
    channels: int  # 3, or 4 with alpha
    dtype: type[np.uint8] | type[np.uint16]
    icc: bytes
    xmp: bytes
    orientation: int
    dpi: tuple[float, float]
    tags: ExifTags | None  # what else it says of itself

    @property
    def bytes(self) -> int:
        """Of its pixels, uncompressed."""
        return self.width * self.height * self.channels * np.dtype(self.dtype).itemsize

    def level(self, number: int) -> tuple[int, int]:
        """Height and width at a level of the pyramid; 0 is the page itself."""
        return -(-self.height >> number), -(-self.width >> number)

    @property
    def levels(self) -> int:
        """How many smaller copies a pyramid has."""
        longer, number = max(self.width, self.height), 0
        while longer > SMALLEST_LEVEL_PX:
            longer, number = (longer + 1) // 2, number + 1
        return number


class TiffWriter:
    """One TIFF, which appears whole or not at all."""

    def __init__(
        self, path: Path, *, bigtiff: bool, compression: str, pyramid: bool, threads: int
    ) -> None:
        try:
            import tifffile
        except ModuleNotFoundError as error:
            raise missing_extra("writing a large scan", "tifffile", "scans") from error
        self._path = path
        self._temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}.part")
        self._compression = COMPRESSIONS[compression]
        self._pyramid = pyramid
        self._threads = threads
        self._tags: list[ExifTags | None] = []  # of the pages so far
        with words_for(path):
            self._tiff = tifffile.TiffWriter(self._temporary, bigtiff=bigtiff)

    def write(self, page: TiffPage, strips: Strips) -> None:
        """Write a page, and its pyramid where one is wanted."""
        self._tags.append(page.tags)
        with words_for(self._path), ExitStack() as stack:
            levels = page.levels if self._pyramid else 0
            smaller = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(levels)]
            copied = _copying(strips, smaller[0]) if smaller else strips
            self._write(page, copied, 0, subifds=levels)
            for number, file in enumerate(smaller, 1):
                shape = (*page.level(number), page.channels)
                below = smaller[number] if number < levels else None
                strips_of = _strips_of(file, shape, page.dtype)
                copied = _copying(strips_of, below) if below is not None else strips_of
                self._write(page, copied, number, subifds=0)

    def _write(self, page: TiffPage, strips: Strips, level: int, *, subifds: int) -> None:
        height, width = page.level(level)
        about: dict[str, Any] = {"subfiletype": 1}
        if level == 0:
            about = {
                "subifds": subifds,
                "iccprofile": page.icc,
                "extratags": [
                    (XMP_TAG, BYTE, len(page.xmp), page.xmp, True),
                    (ORIENTATION_TAG, SHORT, 1, page.orientation, True),
                ],
            }
            if min(page.dpi) > 0:
                about |= {"resolution": page.dpi, "resolutionunit": "INCH"}
        self._tiff.write(
            tiles(strips),
            shape=(height, width, page.channels),
            dtype=page.dtype,
            tile=(TILE_PX, TILE_PX),
            photometric="rgb",
            planarconfig="contig",
            extrasamples=["unassalpha"] if page.channels == 4 else [],
            compression=self._compression,
            predictor=self._compression is not None,
            maxworkers=self._threads,
            metadata=None,
            software=False,
            **about,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        with words_for(self._path):
            try:
                self._tiff.close()
                if error is None:
                    add_tags(self._temporary, self._tags)
                    self._temporary.replace(self._path)
            finally:
                self._temporary.unlink(missing_ok=True)


def tiles(strips: Strips) -> Iterator[NDArray[Any]]:
    """Tiles of `TILE_PX` square, row by row; those at the borders are filled up with nought."""
    for strip in strips:
        for left in range(0, strip.shape[1], TILE_PX):
            piece = strip[:, left : left + TILE_PX]
            if piece.shape[:2] == (TILE_PX, TILE_PX):
                yield np.ascontiguousarray(piece)
                continue
            whole = np.zeros((TILE_PX, TILE_PX, strip.shape[2]), strip.dtype)
            whole[: piece.shape[0], : piece.shape[1]] = piece
            yield whole


def _copying(strips: Strips, file: IO[bytes]) -> Iterator[NDArray[Any]]:
    """The same strips; each at half the size is written to `file`."""
    for strip in strips:
        file.write(halved(strip).tobytes())
        yield strip


def _strips_of(
    file: IO[bytes], shape: tuple[int, int, int], dtype: type[np.generic]
) -> Iterator[NDArray[Any]]:
    """The strips of a level that was written to `file`."""
    height, width, channels = shape
    file.seek(0)
    for top in range(0, height, TILE_PX):
        rows = min(TILE_PX, height - top)
        size = rows * width * channels * np.dtype(dtype).itemsize
        yield np.frombuffer(file.read(size), dtype).reshape(rows, width, channels)


def halved(strip: NDArray[Any]) -> NDArray[Any]:
    """Means of 2 × 2 pixels, (h, w, channels); an odd last row or column is taken twice."""
    wide = np.pad(
        strip, ((0, strip.shape[0] % 2), (0, strip.shape[1] % 2), (0, 0)), mode="edge"
    ).astype(np.uint32)
    sums = wide[0::2, 0::2] + wide[0::2, 1::2] + wide[1::2, 0::2] + wide[1::2, 1::2]
    sums += 2
    return (sums >> 2).astype(strip.dtype)


@contextmanager
def words_for(path: Path) -> Iterator[None]:
    """Errors of the disk in words."""
    try:
        yield
    except OSError as error:
        raise in_words(path, error) from error


def refuse_target(path: Path, source: Path) -> None:
    """`InputError` where a scan cannot be written to `path`."""
    if path.suffix.lower() not in (".tif", ".tiff"):
        raise InputError(f"{path}: large scans are written as .tif")
    if path.exists() and path.samefile(source):
        raise InputError(f"{path} is the scan itself: choose another name for the result")
    if not path.parent.is_dir():
        raise InputError(f"{path}: the folder {path.parent} does not exist")
    if path.is_dir():
        raise SetupError(f"{path} is a folder")
