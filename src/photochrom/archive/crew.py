"""Who does the work: the interface that a run needs of processes, threads or a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from photochrom.archive.records import Answer, Task


@dataclass(frozen=True, slots=True)
class Death:
    """A worker ended while it was at a task."""

    task: Task
    how: str  # "signal 9", "exit code 1"


class Crew(Protocol):
    """Workers that tasks are given to."""

    @property
    def words(self) -> str:
        """Who they are, for people."""

    def has_room(self) -> bool:
        """Whether another task would find a worker, or a place in its short queue."""

    def fits(self, task: Task) -> bool:
        """Whether a task that was put off has the memory that it needs, beside those under way.

        To be asked once before it is given; all under way are of that kind.
        """

    def is_idle(self) -> bool:
        """Whether nothing is under way."""

    def give(self, task: Task) -> None:
        """Put a task under way."""

    def outcomes(self, timeout_s: float) -> list[Answer | Death]:
        """What has come back since the last call; waits for the first, but not longer than this.

        Raises `PhotochromError` where no worker can begin at all.
        """

    def close(self, *, at_once: bool = False) -> None:
        """Send the workers home, those at work when they have finished unless `at_once`."""
