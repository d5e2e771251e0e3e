"""Work on a tall picture in strips of rows: small working sets that stay in the cache, on threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

STRIP_ROWS = 64  # 64 rows × 4,000 columns of float32 = 1 MB, which a processor's L2 holds


def strips(height: int, rows: int = STRIP_ROWS) -> Iterator[slice]:
    """Slices that cover 0…`height` from the top, each at most `rows` tall.

    >>> list(strips(100))
    [slice(0, 64, None), slice(64, 100, None)]
    """
    for top in range(0, height, rows):
        yield slice(top, min(top + rows, height))


def each_strip(height: int, work: Callable[[slice], None], *, threads: int) -> None:
    """Call `work` once for every strip of a picture of `height` rows, on up to `threads` threads.

    NumPy lets go of the interpreter lock in its loops, so threads run side by side. What `work`
    raises is raised here.
    """
    if threads < 1:
        raise ValueError(f"threads is {threads}, but at least 1 is needed")
    pieces = list(strips(height))
    if threads == 1 or len(pieces) == 1:
        for rows in pieces:
            work(rows)
        return
    with ThreadPoolExecutor(min(threads, len(pieces))) as pool:
        for _ in pool.map(work, pieces):
            pass
