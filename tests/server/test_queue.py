"""The waiting line: who is begun, who is refused, and who is given up."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine

import pytest
from fastapi import HTTPException

from photochrom.server.queue import Queue


async def never() -> None:
    """A sender who stays."""
    await asyncio.Event().wait()


async def at_once() -> None:
    """A sender who has left."""


def in_queue(test: Callable[[Queue], Coroutine], **limits: float) -> None:
    """Run the coroutine with a queue of one worker."""

    async def run() -> None:
        queue = Queue(**{"workers": 1, "places": 1, "timeout_s": 10, **limits})  # type: ignore[arg-type]
        try:
            await test(queue)
        finally:
            await asyncio.to_thread(queue.close)

    asyncio.run(run())


def test_a_job_is_told_whether_it_is_alone() -> None:
    async def test(queue: Queue) -> None:
        go = threading.Event()
        first = asyncio.ensure_future(queue.run(lambda alone: go.wait(10) and alone, never))
        await asyncio.sleep(0)
        second = asyncio.ensure_future(queue.run(lambda alone: alone, never))
        await asyncio.sleep(0)
        assert (queue.under_way, queue.waiting) == (1, 1)
        go.set()
        assert await first is True
        assert await second is False
        await asyncio.sleep(0.01)
        assert queue.taken == 0

    in_queue(test)


def test_a_full_line_refuses_and_says_when_to_come_again() -> None:
    async def test(queue: Queue) -> None:
        go = threading.Event()
        taken = [asyncio.ensure_future(queue.run(lambda _: go.wait(10), never)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(HTTPException) as refusal:
            await queue.run(lambda _: None, never)
        assert refusal.value.status_code == 429
        assert int(refusal.value.headers["Retry-After"]) >= 1
        go.set()
        assert await asyncio.gather(*taken) == [True, True]

    in_queue(test)


@pytest.mark.parametrize(("left", "status"), [(at_once, 400), (never, 503)])
def test_who_left_or_waited_too_long_is_not_begun(left: Callable, status: int) -> None:
    async def test(queue: Queue) -> None:
        go, begun = threading.Event(), threading.Event()
        first = asyncio.ensure_future(queue.run(lambda _: go.wait(10), never))
        await asyncio.sleep(0)
        queue.timeout_s = 0.05
        with pytest.raises(HTTPException) as refusal:
            await queue.run(lambda _: begun.set(), left)
        assert refusal.value.status_code == status
        go.set()
        await first
        await asyncio.sleep(0.05)
        assert not begun.is_set()
        assert queue.taken == 0

    in_queue(test)


def test_what_a_job_raises_reaches_its_sender() -> None:
    async def test(queue: Queue) -> None:
        def fail(_: bool) -> None:
            raise ValueError("inside")

        with pytest.raises(ValueError, match="inside"):
            await queue.run(fail, never)
        await asyncio.sleep(0.01)
        assert queue.taken == 0

    in_queue(test)


def test_closing_finishes_what_was_taken() -> None:
    async def test(queue: Queue) -> None:
        done: list[int] = []
        jobs = [
            asyncio.ensure_future(queue.run(lambda _, number=number: done.append(number), never))
            for number in range(2)
        ]
        await asyncio.sleep(0)
        await asyncio.to_thread(queue.close)
        await asyncio.gather(*jobs)
        assert done == [0, 1]

    in_queue(test)
