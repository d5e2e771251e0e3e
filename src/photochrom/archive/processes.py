"""A process per core of this machine; one that dies takes no other with it, and is replaced.

Each process works on a few pictures at a time, on threads: while one is in the network, another is
read, decoded, encoded or written, for which Python's lock is let go.
"""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from photochrom.archive.crew import Death
from photochrom.archive.memory import Room
from photochrom.archive.records import Answer, Order, Task
from photochrom.archive.work import Workshop, answer_of
from photochrom.errors import PhotochromError, SetupError
from photochrom.heap import keep_heap

MOST_STILLBORN = 3  # processes in a row that die before they are ready
_READY = "ready"


@dataclass(eq=False)
class _Worker:
    """A process, the way to talk to it, and what it is at."""

    process: SpawnProcess
    connection: Connection
    is_ready: bool = False
    tasks: dict[int, Task] = field(default_factory=dict)


class Processes:
    """`count` processes of this machine."""

    def __init__(self, order: Order, count: int) -> None:
        self._order = order
        self._stillborn = 0
        self._memory = Room()
        self._context = get_context("spawn")
        self._workers = [self._begin() for _ in range(count)]

    @property
    def words(self) -> str:
        count = len(self._workers)
        return f"{count} process{'es' if count > 1 else ''}"

    @property
    def pids(self) -> list[int]:
        """The processes' numbers."""
        return [worker.process.pid for worker in self._workers if worker.process.pid is not None]

    def has_room(self) -> bool:
        return any(self._has_room(worker) for worker in self._workers)

    def _has_room(self, worker: _Worker) -> bool:
        return worker.is_ready and len(worker.tasks) < self._order.overlap

    def is_idle(self) -> bool:
        return not any(worker.tasks for worker in self._workers)

    def fits(self, task: Task) -> bool:
        return self._memory.fits(task)

    def give(self, task: Task) -> None:
        self._memory.take(task)
        worker = min(filter(self._has_room, self._workers), key=lambda one: len(one.tasks))
        worker.tasks[task.id] = task
        try:
            worker.connection.send(task)
        except OSError:  # it has died, which `outcomes` finds out
            return

    def outcomes(self, timeout_s: float) -> list[Answer | Death]:
        by_connection = {worker.connection: worker for worker in self._workers}
        found: list[Answer | Death] = []
        for connection in wait(list(by_connection), timeout_s):
            assert isinstance(connection, Connection)
            worker = by_connection[connection]
            try:
                found += self._heard(worker, connection.recv())
            except (EOFError, OSError):
                found += self._replace(worker)
        return found

    def _heard(self, worker: _Worker, said: object) -> list[Answer | Death]:
        if isinstance(said, Answer):
            del worker.tasks[said.id]
            self._memory.leave(said.id)
            return [said]
        if isinstance(said, PhotochromError):  # it cannot begin, and neither can the others
            raise said
        worker.is_ready = True
        self._stillborn = 0
        return []

    def _begin(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=serve, args=(theirs, self._order), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _replace(self, worker: _Worker) -> list[Answer | Death]:
        worker.connection.close()
        worker.process.join()
        code = worker.process.exitcode or 0
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        if not worker.is_ready:
            self._stillborn += 1
            if self._stillborn >= MOST_STILLBORN:
                raise SetupError(
                    f"the worker processes end ({how}) before they are ready. Is there enough "
                    "memory? Try fewer with --processes"
                )
        self._workers[self._workers.index(worker)] = self._begin()
        for task_id in worker.tasks:
            self._memory.leave(task_id)
        return [Death(task, how) for task in worker.tasks.values()]

    def close(self, *, at_once: bool = False) -> None:
        for worker in self._workers:
            if at_once:
                worker.process.kill()
            worker.connection.close()  # the process ends when it reads that
        for worker in self._workers:
            worker.process.join()


def serve(connection: Connection, order: Order) -> None:
    """A worker process: tasks in, answers out, until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the run's to handle
    keep_heap()
    sending = threading.Lock()

    def answer(task: Task, done: Future[Answer]) -> None:
        try:
            with sending:
                connection.send(answer_of(task, done))
        except OSError:
            os._exit(1)  # nobody is left to work for

    try:
        shop = Workshop(order)
        shop.open()
    except PhotochromError as error:
        with suppress(OSError):
            connection.send(error)
        return
    with suppress(OSError):  # a run that has nothing to do is gone already
        connection.send(_READY)
    threads = ThreadPoolExecutor(order.overlap)
    while True:
        try:
            task: Task = connection.recv()
        except (EOFError, OSError):
            # The run has ended or was killed: what is under way will be begun again.
            os._exit(0)
        threads.submit(shop.do, task).add_done_callback(
            lambda done, task=task: answer(task, done)  # type: ignore[misc]
        )
