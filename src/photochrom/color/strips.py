"""Work on a picture in strips of rows, on threads, in memory that is taken once and stays warm.

A full-size float plane of a 12-megapixel photo is 48 MB; a strip's is 256 KB, which a processor's
caches hold. Fresh memory costs more than the arithmetic done in it, so each thread keeps its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from photochrom.color.srgb import Floats

STRIP_PIXELS = 1 << 16


def strips(height: int, width: int) -> Iterator[slice]:
    """Slices of rows that cover a picture of `height` × `width` from the top.

    >>> list(strips(100, 1024))
    [slice(0, 64, None), slice(64, 100, None)]
    """
    rows = _strip_rows(height, width)
    for top in range(0, height, rows):
        yield slice(top, min(top + rows, height))


def each_strip(
    height: int, width: int, work: Callable[[slice, Floats], None], *, planes: int, threads: int
) -> None:
    """Call `work(rows, scratch)` once for every strip of a picture, on up to `threads` threads.

    `scratch` (planes, len(rows), width) holds anything. NumPy lets go of the interpreter lock in
    its loops, so threads run side by side. What `work` raises is raised here.
    """
    if threads < 1:
        raise ValueError(f"threads is {threads}, but at least 1 is needed")
    pieces = list(strips(height, width))
    threads = min(threads, len(pieces))

    def work_share(first: int) -> None:
        scratch = np.empty((planes, _strip_rows(height, width), width), np.float32)
        for rows in pieces[first::threads]:
            work(rows, scratch[:, : rows.stop - rows.start])

    if threads == 1:
        work_share(0)
        return
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(work_share, range(threads)):
            pass


def _strip_rows(height: int, width: int) -> int:
    return min(height, max(1, STRIP_PIXELS // max(1, width)))
