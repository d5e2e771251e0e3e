"""Dask distributed as a crew: it sends pictures to workers, and again where one is lost.

A picture may then be begun twice. That does no harm: results are written whole, and whoever comes
second finds the first one's result and says so.
"""

from __future__ import annotations

import logging
import math
import queue
import signal
import time
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from photochrom.archive.crew import Death
from photochrom.archive.records import Answer, Order, Task
from photochrom.archive.work import failed, shop_of, unexpected, why_it_cannot_begin
from photochrom.errors import InputError, PhotochromError, SetupError, missing_extra

if TYPE_CHECKING:
    from distributed import Client, Future

WAIT_FOR_WORKERS_S = 60
COUNT_EVERY_S = 2.0
TOGETHER = 8  # pictures to a Dask task, which costs some milliseconds of its scheduler
DEATHS_ALLOWED = 1  # by our own cluster, before a picture is tried alone


class Cluster:
    """A scheduler's workers, or `workers` processes of this machine behind a scheduler of our own.

    Raises `SetupError` without the extra, where the scheduler or its workers cannot be reached, and
    where a worker lacks the model, the source or the target.
    """

    def __init__(self, order: Order, *, scheduler: str | None, workers: int | None) -> None:
        self._order = order
        self._cluster, self._client = _connect(scheduler, workers, order.overlap)
        self._tasks: dict[str, list[Task]] = {}  # what is under way, by the future's key
        self._machines: dict[str, str] = {}  # of those under way that were put off
        self._waiting: list[Task] = []
        self._done: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self._threads: dict[str, int] = {}  # of each worker, by its address
        self._counted = -COUNT_EVERY_S
        try:
            self._look_at_workers()
        except PhotochromError:
            self.close(at_once=True)
            raise

    def _look_at_workers(self) -> None:
        """See that there are workers, and that each of them can begin."""
        try:
            self._client.wait_for_workers(1, timeout=WAIT_FOR_WORKERS_S)
        except TimeoutError as error:
            raise SetupError(
                f"the scheduler {self._client.scheduler.address} has had no workers for "
                f"{WAIT_FOR_WORKERS_S} s. Start some: dask worker {self._client.scheduler.address}"
            ) from error
        try:
            said = self._client.run(why_it_cannot_begin, self._order)
        except ImportError as error:
            raise SetupError(
                f"a Dask worker cannot import photochrom ({error}). Install it there too: "
                "pip install 'photochrom[archive]'"
            ) from error
        for address, words in said.items():
            if words is not None:
                raise SetupError(f"the Dask worker {address} cannot begin: {words}")

    @property
    def words(self) -> str:
        count = len(self._client.nthreads())
        return f"{count} Dask workers, dashboard {self._client.dashboard_link}"

    def has_room(self) -> bool:
        if time.monotonic() - self._counted >= COUNT_EVERY_S:
            self._threads = dict(self._client.nthreads())
            self._counted = time.monotonic()
        room = sum(self._threads.values()) + len(self._threads)  # one more each waits at its worker
        return len(self._tasks) < room

    def fits(self, task: Task) -> bool:
        del task  # one of them a machine, whatever it needs
        return self._machine_without() is not None

    def _machine_without(self) -> str | None:
        """A machine where nothing is under way that was put off."""
        machines = {_machine_of(address) for address in self._threads}
        return min(machines - set(self._machines.values()), default=None)

    def is_idle(self) -> bool:
        return not self._tasks and not self._waiting

    def give(self, task: Task) -> None:
        self._waiting.append(task)
        if task.alone or len(self._waiting) == TOGETHER:
            self._send(machine=self._machine_without() if task.alone else None)

    def _send(self, *, machine: str | None = None) -> None:
        """Several pictures at once: the scheduler's milliseconds are for all of them."""
        asked = (self._order, self._waiting, _most_on_one_machine(self._threads))
        where = [address for address in self._threads if _machine_of(address) == machine] or None
        future = self._client.submit(
            _do, *asked, pure=False, workers=where, allow_other_workers=where is not None
        )
        self._tasks[future.key] = self._waiting
        if machine is not None:
            self._machines[future.key] = machine
        self._waiting = []
        future.add_done_callback(self._done.put)

    def outcomes(self, timeout_s: float) -> list[Answer | Death]:
        if self._waiting:
            self._send()
        found: list[Answer | Death] = []
        try:
            found += self._outcomes_of(self._done.get(timeout=timeout_s))
            while not self._done.empty():
                found += self._outcomes_of(self._done.get())
        except queue.Empty:
            return []
        return found

    def _outcomes_of(self, future: Future) -> list[Answer] | list[Death]:
        from distributed import KilledWorker

        tasks = self._tasks.pop(future.key)
        self._machines.pop(future.key, None)
        if future.status in ("cancelled", "lost"):
            raise SetupError(
                f"the Dask scheduler {self._client.scheduler.address} is gone. What was finished "
                "is kept; start it again, and the same command goes on"
            )
        if future.status == "finished":
            answers: list[Answer] = future.result()
            return answers
        error = future.exception()
        if isinstance(error, KilledWorker):
            return [Death(task, "its Dask workers were lost") for task in tasks]
        return [unexpected(task, error) for task in tasks]

    def close(self, *, at_once: bool = False) -> None:
        del at_once  # Dask drops what nobody waits for
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()


def _connect(scheduler: str | None, workers: int | None, threads: int) -> tuple[Any, Client]:
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise missing_extra("a cluster", "dask[distributed]", "archive") from error
    if scheduler is not None:
        try:
            return None, Client(scheduler, timeout=f"{WAIT_FOR_WORKERS_S // 4}s")
        except (OSError, TimeoutError) as error:
            raise SetupError(f"there is no Dask scheduler at {scheduler}: {error}") from error
        except ValueError as error:
            raise InputError(f"{scheduler} is no address of a scheduler: {error}") from error
    dask.config.set(
        {
            "distributed.scheduler.allowed-failures": DEATHS_ALLOWED,
            "distributed.worker.profile.enabled": False,  # it looks at stacks all the time
        }
    )
    cluster = LocalCluster(
        n_workers=workers,
        threads_per_worker=threads,
        dashboard_address=":0",
        silence_logs=logging.CRITICAL,
        preload=[__name__],  # whose `dask_setup` the workers call
    )
    return cluster, Client(cluster)


def dask_setup(worker: object) -> None:
    """Called by Dask in every worker of ours: Ctrl-C is the run's to handle, not theirs."""
    del worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _do(order: Order, tasks: list[Task], at_once: int) -> list[Answer]:
    """Tasks on a Dask worker, one after the other on one of its threads.

    `at_once` pictures at most are under way on its machine.
    """
    try:
        shop = shop_of(order)
    except PhotochromError as error:  # a worker that came later, and lacks something
        return [failed(task, error) for task in tasks]
    shop.at_once = max(at_once, _at_once_by_limit())
    return [shop.do(task) for task in tasks]


def _at_once_by_limit() -> int:
    """How many pictures a machine full of workers like this one would have under way.

    Dask ends a worker that takes more than its part of the machine's memory.
    """
    from distributed import get_worker
    from distributed.system import MEMORY_LIMIT

    worker: Any = get_worker()
    limit: int | None = worker.memory_manager.memory_limit
    threads: int = worker.state.nthreads
    part: float = (limit or MEMORY_LIMIT) / MEMORY_LIMIT
    return math.ceil(threads / part)


def _most_on_one_machine(threads: Mapping[str, int]) -> int:
    """Threads of the machine that has the most, from those of each worker's address.

    >>> _most_on_one_machine({"tcp://a:1": 2, "tcp://a:2": 2, "tcp://b:1": 3})
    4
    """
    by_machine: Counter[str] = Counter()
    for address, count in threads.items():
        by_machine[_machine_of(address)] += count
    return max(by_machine.values(), default=1)


def _machine_of(address: str) -> str:
    """The machine of a worker's address: "tcp://10.0.0.7:4021" without its port."""
    return address.rpartition(":")[0]
