"""Work on several pictures at a time, in order, with few in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_order(
    work: Callable[[Item], Result], items: Iterable[Item], *, workers: int
) -> Iterator[Result]:
    """The results of `work`, in the order of `items`, at most `workers` under way at a time.

    While one picture is in the network, another is read or written: decoders, NumPy and ONNX
    Runtime let go of Python's lock. When the caller stops early (Ctrl-C too), what is under way
    is finished and nothing further is begun.
    """
    remaining = iter(items)
    pool = ThreadPoolExecutor(workers)
    try:
        under_way: deque[Future[Result]] = deque(
            pool.submit(work, item) for item in islice(remaining, workers + 1)
        )
        while under_way:
            yield under_way.popleft().result()
            under_way.extend(pool.submit(work, item) for item in islice(remaining, 1))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
