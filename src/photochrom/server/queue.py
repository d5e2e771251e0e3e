"""Who is next: threads that colour pictures, and a waiting line that ends."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from photochrom.server.problems import refused

Result = TypeVar("Result")
FIRST_GUESS_S = 1.0  # what a picture takes, before any was finished
SHARE_OF_LATEST = 0.1  # in the running mean of what pictures take


class Queue:
    """Runs jobs on threads, first come, first served; refuses more than may wait.

    Used on the event loop only, so that its counts need no lock.
    """

    def __init__(self, *, workers: int, places: int, timeout_s: float) -> None:
        self.workers = workers
        self.places = places
        self.timeout_s = timeout_s
        self.taken = 0  # waiting or under way
        self._mean_s = FIRST_GUESS_S
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="colour")

    @property
    def waiting(self) -> int:
        """Jobs that wait for a thread."""
        return max(0, self.taken - self.workers)

    @property
    def under_way(self) -> int:
        """Jobs that a thread works on."""
        return min(self.taken, self.workers)

    def refuse_when_full(self) -> None:
        """Raise 429, with the time after which it is worth trying again."""
        if self.taken >= self.workers + self.places:
            raise refused(
                429,
                f"{self.waiting} pictures wait already, which is the most here; try again soon",
                Retry_After=str(self._retry_s()),
            )

    def _retry_s(self) -> int:
        """When half of the line will have gone [s]."""
        return max(1, math.ceil(self._mean_s * self.taken / self.workers / 2))

    async def run(
        self, job: Callable[[bool], Result], left: Callable[[], Awaitable[object]]
    ) -> Result:
        """What `job` gives; it is told whether it is alone.

        A job that waits too long, or whose sender has `left`, is not begun. Refuses with 429 and
        503, and raises what `job` raises.
        """
        self.refuse_when_full()
        loop = asyncio.get_running_loop()
        self.taken += 1
        alone = self.taken == 1
        begun: list[float] = []

        def timed() -> Result:
            begun.append(time.perf_counter())
            return job(alone)

        task = self._pool.submit(timed)
        task.add_done_callback(lambda _: loop.call_soon_threadsafe(self._done, begun))
        result, gone = asyncio.wrap_future(task), asyncio.ensure_future(left())
        ends: set[asyncio.Future[Any]] = {result, gone}
        try:
            await asyncio.wait(ends, timeout=self.timeout_s, return_when=asyncio.FIRST_COMPLETED)
            if not result.done():
                task.cancel()  # at once; what a thread has begun does not notice
                raise self._given_up(left=gone.done())
            return result.result()
        finally:
            gone.cancel()

    def _given_up(self, *, left: bool) -> Exception:
        if left:
            return refused(400, "the sender left before the picture was ready")
        return refused(
            503,
            f"the picture was not ready after {self.timeout_s:g} s, and was given up; "
            "try a smaller one, or try again later",
            Retry_After=str(self._retry_s()),
        )

    def _done(self, begun: list[float]) -> None:
        self.taken -= 1
        if begun:
            took_s = time.perf_counter() - begun[0]
            self._mean_s += SHARE_OF_LATEST * (took_s - self._mean_s)

    def close(self) -> None:
        """Finish what was taken; nothing more can be."""
        self._pool.shutdown(wait=True)
