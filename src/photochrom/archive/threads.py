"""Threads of this process: for places that no other process can see, such as memory://."""

from __future__ import annotations

import queue
from concurrent.futures import Future, ThreadPoolExecutor

from photochrom.archive.crew import Death
from photochrom.archive.memory import Room
from photochrom.archive.records import Answer, Order, Task
from photochrom.archive.work import Workshop, answer_of


class Threads:
    """`count` threads."""

    def __init__(self, order: Order, count: int) -> None:
        self._shop = Workshop(order)
        self._shop.open()
        self._count = count
        self._pool = ThreadPoolExecutor(count)
        self._under_way = 0
        self._memory = Room()
        self._done: queue.SimpleQueue[Answer] = queue.SimpleQueue()

    @property
    def words(self) -> str:
        return f"{self._count} thread{'s' if self._count > 1 else ''} of this process"

    def has_room(self) -> bool:
        return self._under_way < self._count

    def is_idle(self) -> bool:
        return self._under_way == 0

    def fits(self, task: Task) -> bool:
        return self._memory.fits(task)

    def give(self, task: Task) -> None:
        self._memory.take(task)
        self._under_way += 1

        def hand_in(done: Future[Answer]) -> None:
            self._done.put(answer_of(task, done))

        self._pool.submit(self._shop.do, task).add_done_callback(hand_in)

    def outcomes(self, timeout_s: float) -> list[Answer | Death]:
        try:
            found = [self._done.get(timeout=timeout_s)]
            while not self._done.empty():
                found.append(self._done.get())
        except queue.Empty:
            return []
        self._under_way -= len(found)
        for answer in found:
            self._memory.leave(answer.id)
        return [*found]

    def close(self, *, at_once: bool = False) -> None:
        self._pool.shutdown(wait=True, cancel_futures=at_once)
