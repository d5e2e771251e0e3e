"""A run over an archive: list, give out what is to do, note what comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from photochrom.archive.crew import Crew, Death
from photochrom.archive.interrupts import one_step
from photochrom.archive.manifest import Manifest
from photochrom.archive.names import shown
from photochrom.archive.place import Place, lies_below
from photochrom.archive.records import Answer, Entry, Order, State, Task
from photochrom.archive.work import failed
from photochrom.errors import InputError, SetupError

MOST_DEATHS = 2  # of workers at one picture, the second time with nothing beside it
MOST_REFUSALS = 3  # by the target in a row
WAIT_S = 0.5


class Watcher(Protocol):
    """Who is told how a run goes."""

    def begins(self, counts: dict[State, int]) -> None:
        """The listing is done; how many pictures stand where."""

    def settled(self, answer: Answer) -> None:
        """A picture was coloured, left out, or failed."""

    def waits(self) -> None:
        """Half a second has passed without news."""


@dataclass
class Run:
    """One archive's work, from the listing to the last answer."""

    order: Order
    manifest: Manifest
    source: Place
    target: Place
    crew: Crew
    watcher: Watcher
    rest_s: float = 0.0  # how long a file must not have changed to be taken in
    idle: bool = field(default=False, init=False)  # watching, with nothing to do
    first_look: int = field(default=0, init=False)
    _refusals: int = field(default=0, init=False)
    _unlistable: set[Entry] = field(default_factory=set, init=False)  # at the last look

    def prepare(self) -> None:
        """Look at the source, and at what is there of the results.

        Raises `InputError` where results were made with other settings and may not be replaced.
        """
        manifest, order = self.manifest, self.order
        manifest.belong_to(order.source, order.target)
        self.target.try_out()
        self.target.clear(manifest.interrupted())
        manifest.begin_again()
        refused = self._list()
        self.first_look = manifest.look
        if manifest.counts().get(State.COLOURED):
            manifest.take_results(self.target.walk())
        others = manifest.made_otherwise(order.settings)
        if others and not order.overwrite:
            raise InputError(
                f"{others} results in {order.target} were made with another model or other "
                "options. Replace them with --overwrite, or choose another target"
            )
        manifest.make_anew(State.COLOURED, order.settings)
        if order.recolor:
            manifest.make_anew(State.LEFT_OUT, "")
        self._begin(refused)

    def look(self) -> None:
        """Take in what the source holds now."""
        self._begin(self._list())

    def _list(self) -> set[Entry]:
        """Note what the source holds; what of it cannot be listed."""
        refused: set[Entry] = set()
        self.manifest.take_listing(self._sources(refused))
        return refused

    def _begin(self, refused: set[Entry]) -> None:
        """Say what there is to do, and what could not be listed and was not said so before."""
        self.watcher.begins(self.manifest.counts())
        for entry in sorted(refused - self._unlistable):
            error = SetupError(entry.refusal or "")
            self.watcher.settled(failed(Task(0, entry.name), error))
        self._unlistable = refused

    def _sources(self, refused: set[Entry]) -> Iterator[Entry]:
        """The source's pictures, but for what lies in the target, or was written just now."""
        inside = lies_below(self.order.target, self.order.source)
        latest_ns = time.time_ns() - round(self.rest_s * 1e9)
        for entry in self.source.walk():
            if inside and entry.name.startswith(f"{inside}/"):
                continue
            if self.rest_s and latest_ns < (entry.modified_ns or 0) <= time.time_ns():
                continue
            if entry.refusal is not None:
                refused.add(entry)
            yield entry

    def work(self) -> None:
        """Colour everything that is to do: first side by side, then what was put off.

        Raises `SetupError` where the target takes no more files.
        """
        self._drain(self.manifest.tasks(), side_by_side=True)
        while self.manifest.has_lone_tasks():
            self._drain(self.manifest.tasks(alone=True), side_by_side=False)

    def _drain(self, tasks: Iterator[Task], *, side_by_side: bool) -> None:
        crew, task = self.crew, next(tasks, None)
        while task is not None or not crew.is_idle():
            while task is not None and crew.has_room() and (side_by_side or crew.fits(task)):
                with one_step():
                    self.manifest.begin(task)
                    crew.give(task)
                task = next(tasks, None)
            if task is not None or not crew.is_idle():
                with one_step():
                    self._take_in(WAIT_S)

    def watch(self, every_s: float) -> None:
        """Work on what arrives, until interrupted."""
        while True:
            began = time.monotonic()
            self.look()
            self.work()
            # A listing that takes long is not asked for all the time.
            spent_s = time.monotonic() - began
            self.idle = True
            time.sleep(max(every_s, 2 * spent_s))
            self.idle = False

    def finish_under_way(self) -> None:
        """Wait for what is under way; nothing further is begun."""
        while not self.crew.is_idle():
            self._take_in(WAIT_S)

    def _take_in(self, timeout_s: float) -> None:
        outcomes = self.crew.outcomes(timeout_s)
        if not outcomes:
            self.watcher.waits()
        for outcome in outcomes:
            if isinstance(outcome, Death):
                self._bury(outcome)
            elif outcome.state is State.PUT_OFF:
                self.manifest.put_off(outcome.id, needs=outcome.needs)
            else:
                self._settle(outcome)

    def _bury(self, death: Death) -> None:
        """A picture whose worker died is tried once more, alone; then it is the picture's fault."""
        deaths = self.manifest.put_off(death.task.id, died=True)
        if deaths >= MOST_DEATHS:
            error = SetupError(
                f"{shown(death.task.name)}: the process that worked on it ended {deaths} times "
                f"({death.how}): not enough memory, or a file that breaks its decoder"
            )
            self._settle(failed(death.task, error))

    def _settle(self, answer: Answer) -> None:
        self.manifest.record(answer)
        self.watcher.settled(answer)
        self._refusals = self._refusals + 1 if answer.target_refuses else 0
        if self._refusals >= MOST_REFUSALS:
            raise SetupError(
                f"{answer.error}. The run stops here, since {self._refusals} results in a row were "
                "refused; what was finished is kept, and the same command goes on"
            )
