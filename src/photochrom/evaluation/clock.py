"""Where the time of an evaluation goes."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Clock:
    """Seconds spent on each kind of work, over all threads."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._lock = threading.Lock()

    @contextmanager
    def __call__(self, work: str) -> Iterator[None]:
        """Count the time inside the `with` to `work`."""
        started = time.perf_counter()
        yield
        with self._lock:
            self.seconds[work] += time.perf_counter() - started
