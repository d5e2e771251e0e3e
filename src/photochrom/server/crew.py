"""Who does the jobs: threads of the server's own process, or processes beside it.

Threads share one session, and pictures that wait go to the network together: right for a GPU. On a
CPU a process per core gets a third more done, for Python's lock is held between all those steps.
"""

from __future__ import annotations

import os
import queue
import signal
import weakref
from abc import ABC, abstractmethod
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from photochrom.errors import PhotochromError, SetupError
from photochrom.heap import keep_heap, trim_heap
from photochrom.resources import cores
from photochrom.server.paint import Done, Job
from photochrom.server.problems import refused
from photochrom.server.settings import Settings
from photochrom.server.shelf import Shelf, load_shelf

LARGE_MEGAPIXELS = 8  # what such a picture took is given back, rather than kept for the next
RETRY_S = 5


class Crew(ABC):
    """Does jobs, each on the thread that asks for it."""

    size: int  # jobs at a time

    @abstractmethod
    def do(self, job: Job, *, alone: bool) -> Done:
        """The answer, with all cores where the job is `alone`; raises what it ends with."""

    @abstractmethod
    def close(self) -> None:
        """End; nothing is under way any more."""


class OwnThreads(Crew):
    """The server's own process."""

    def __init__(self, shelf: Shelf, size: int) -> None:
        self._shelf = shelf
        self.size = size

    def do(self, job: Job, *, alone: bool) -> Done:
        return job.done(self._shelf, alone=alone)

    def close(self) -> None:
        """Nothing is to be ended."""


@dataclass(eq=False)
class _Worker:
    process: SpawnProcess
    connection: Connection
    is_ready: bool = False


class Processes(Crew):
    """Processes that have loaded the models; one that dies is replaced.

    Raises what loading the models raises there.
    """

    def __init__(self, settings: Settings, size: int) -> None:
        self._settings = settings
        self.size = size
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._workers: list[_Worker] = []
        self._end = weakref.finalize(self, _end, self._workers)
        for worker in [self._begin() for _ in range(size)]:
            try:
                self._wait_until_ready(worker)
            except EOFError as error:
                raise SetupError(
                    "a process that colours ended before it was ready. Is there enough memory? "
                    "Try fewer with PHOTOCHROM_PROCESSES"
                ) from error
            self._idle.put(worker)

    def _begin(self) -> _Worker:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=work, args=(theirs, self._settings), daemon=True)
        process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours))
        return self._workers[-1]

    def _wait_until_ready(self, worker: _Worker) -> None:
        if worker.is_ready:
            return
        said = worker.connection.recv()
        if isinstance(said, Exception):
            raise said
        worker.is_ready = True

    def _replaced(self, worker: _Worker) -> _Worker:
        """Another in its place, which gets ready while nobody waits."""
        self._workers.remove(worker)
        _end([worker])
        return self._begin()

    def do(self, job: Job, *, alone: bool) -> Done:
        worker = self._idle.get()
        try:
            self._wait_until_ready(worker)
            worker.connection.send((job, alone))
            said = worker.connection.recv()
        except (EOFError, OSError):
            worker = self._replaced(worker)
            raise refused(
                503,
                f"the process that coloured {job.upload.name} ended, perhaps for want of memory; "
                "try a smaller picture, or try again",
                Retry_After=str(RETRY_S),
            ) from None
        finally:
            self._idle.put(worker)
        if isinstance(said, Exception):
            raise said
        assert isinstance(said, Done)
        return said

    def close(self) -> None:
        self._end()


def _end(workers: list[_Worker]) -> None:
    """Let processes end, which they do when their connection closes."""
    for worker in workers:
        worker.connection.close()
    for worker in workers:
        worker.process.join()


def work(connection: Connection, settings: Settings) -> None:
    """A worker process: jobs in, answers out, until the other side is gone."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the server's to handle: what was taken is finished
    keep_heap()
    try:
        shelf = load_shelf(settings)
    except PhotochromError as error:  # raised again where the server begins
        connection.send(error)
        return
    connection.send(None)
    while True:
        try:
            job, alone = connection.recv()
        except (EOFError, OSError):
            os._exit(0)
        answer = _answer(job, shelf, alone=alone)
        try:
            connection.send(answer)
        except OSError:
            os._exit(0)
        if isinstance(answer, Done) and answer.megapixels > LARGE_MEGAPIXELS:
            trim_heap()


def _answer(job: Job, shelf: Shelf, *, alone: bool) -> Done | Exception:
    try:
        return job.done(shelf, alone=alone)
    except Exception as error:  # noqa: BLE001 - raised again on the thread that asked
        return error


def make_crew(settings: Settings, shelf: Shelf) -> Crew:
    """The crew that the settings name; unless said, by what the models run on."""
    count = settings.processes or (cores() if settings.workers == 0 else 1)
    if count == 1 or (settings.processes == 0 and not shelf.is_on_cpu):
        return OwnThreads(shelf, settings.workers or cores() + 1)
    return Processes(settings, count)
