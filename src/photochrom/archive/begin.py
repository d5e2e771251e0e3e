"""From what a user asked for to a run: the model, the places, the manifest, the crew."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from photochrom.archive.cluster import Cluster
from photochrom.archive.crew import Crew
from photochrom.archive.manifest import Manifest
from photochrom.archive.place import is_remote, lies_below, open_place, whole_address
from photochrom.archive.processes import Processes
from photochrom.archive.records import Order
from photochrom.archive.run import Run, Watcher
from photochrom.archive.schema import MANIFEST
from photochrom.archive.threads import Threads
from photochrom.errors import InputError
from photochrom.models.network import locate, read_model
from photochrom.resources import cores


@dataclass(frozen=True)
class Who:
    """Who is to do the work: processes of this machine, or a cluster where one is named.

    No processes at all means threads of this one.
    """

    processes: int | None = None
    scheduler: str | None = None
    workers: int | None = None


@contextmanager
def beginning(
    order: Order, watcher: Watcher, *, manifest: Path | None = None, who: Who = Who()
) -> Iterator[Run]:
    """A run that is ready to list and work; its manifest and workers are let go at the end.

    Raises what opening any of them raises, `InputError` where target and source are one.
    """
    order = replace(order, source=whole_address(order.source), target=whole_address(order.target))
    if lies_below(order.target, order.source) == "":
        raise InputError(
            f"{order.target} is the source itself, and no original is written over: "
            "choose another target"
        )
    model, _ = locate(order.model)
    order = replace(order, model_sha256=hashlib.sha256(read_model(model)).hexdigest())
    source, target = open_place(order.source), open_place(order.target)
    path = manifest or default_manifest(order.source, order.target)
    with Manifest(path) as opened:
        crew = _crew(order, who, only_here=source.only_here or target.only_here)
        at_once = True
        try:
            yield Run(order, opened, source, target, crew, watcher)
            at_once = False
        finally:
            crew.close(at_once=at_once)


def _crew(order: Order, who: Who, *, only_here: bool) -> Crew:
    if who.scheduler is not None or who.workers is not None:
        if only_here:
            raise InputError("memory:// lies in this process, where no cluster's workers see it")
        return Cluster(order, scheduler=who.scheduler, workers=who.workers)
    count = who.processes or cores()
    if only_here or who.processes == 0:
        return Threads(replace(order, at_once=count), count)
    return Processes(replace(order, at_once=count * order.overlap), count)


def default_manifest(source: str, target: str) -> Path:
    """Where a manifest lies: in a local target, else where the system keeps programs' state."""
    if not is_remote(target):
        return Path(target) / MANIFEST
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    name = hashlib.sha256(f"{source}\n{target}".encode()).hexdigest()[:16]
    return Path(home) / "photochrom" / f"{name}.sqlite"
