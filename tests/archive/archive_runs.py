"""What the tests of archives share: pictures, and a listener to runs."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from PIL import Image

from photochrom.archive import processes, work
from photochrom.archive.records import Answer, Order, State, Task
from photochrom.archive.run import Run


class Heard:
    """A watcher that keeps what it is told."""

    def __init__(self) -> None:
        self.counts: dict[State, int] = {}
        self.answers: list[Answer] = []
        self.on_answer: Callable[[Answer], None] = lambda answer: None

    def begins(self, counts: dict[State, int]) -> None:
        self.counts = counts

    def settled(self, answer: Answer) -> None:
        self.answers.append(answer)
        self.on_answer(answer)

    def waits(self) -> None:
        return None

    @property
    def states(self) -> dict[str, str]:
        """Each source that was worked on, and what became of it."""
        return {answer.name: str(answer.state) for answer in self.answers}

    def error_of(self, name: str) -> str:
        return next(answer.error or "" for answer in self.answers if answer.name == name)


MakeRun = Callable[..., AbstractContextManager[tuple[Run, Heard]]]


def grey_scan(seed: int, height: int = 48, width: int = 64) -> Image.Image:
    """A grey picture, another for each seed."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8)).astype(np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


def sepia_scan() -> Image.Image:
    """A brown one."""
    grey = np.asarray(grey_scan(9))[..., None]
    return Image.fromarray((grey * np.array([1.0, 0.86, 0.66])).astype(np.uint8))


def box_of_scans(folder: Path) -> Path:
    """Two grey JPEGs, one of them in a folder, and a sepia one, in `folder`."""
    (folder / "1923").mkdir(parents=True)
    grey_scan(1).save(folder / "1923" / "a.jpg")
    grey_scan(2).save(folder / "b.jpg")
    sepia_scan().save(folder / "sepia.jpg", quality=90)
    return folder


def rows_of(manifest: Path) -> dict[str, sqlite3.Row]:
    """The manifest's rows by source."""
    with closing(sqlite3.connect(manifest)) as connection:
        connection.row_factory = sqlite3.Row
        return {row["source"]: row for row in connection.execute("SELECT * FROM pictures")}


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def worker_that_breaks(connection: Connection, order: Order) -> None:
    """A worker process that no picture named 05.jpg leaves alive."""
    real = work.Workshop.do

    def do(shop: work.Workshop, task: Task) -> Answer:
        if task.name == "05.jpg":
            os.kill(os.getpid(), signal.SIGKILL)
        return real(shop, task)

    work.Workshop.do = do
    processes.serve(connection, order)
