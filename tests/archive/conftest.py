"""Small archives to colour, and a run that needs no processes."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from archive_runs import Heard, MakeRun, grey_scan, sepia_scan
from PIL import Image

from photochrom.archive import local_place
from photochrom.archive.begin import Who, beginning
from photochrom.archive.records import Order
from photochrom.archive.run import Run


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """A source: four grey JPEGs in two folders, a sepia one, a PNG, a colour photo, a text."""
    folder = tmp_path / "scans"
    (folder / "1923").mkdir(parents=True)
    for number in range(3):
        grey_scan(number).save(folder / "1923" / f"{number}.jpg")
    grey_scan(3).save(folder / "a.JPG")
    grey_scan(4).save(folder / "b.png")
    sepia_scan().save(folder / "sepia.jpg", quality=90)
    blocks = np.random.default_rng(2).integers(0, 256, (8, 12, 3)).astype(np.uint8)
    colours = np.kron(blocks, np.ones((6, 6, 1), np.uint8))
    Image.fromarray(colours).save(folder / "holiday.png")
    (folder / "notes.jpg").write_text("no picture")
    return folder


@pytest.fixture
def locked_folder(monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a folder of the source that cannot be listed."""
    name, real = "1923", os.scandir

    def refusing(folder: Path) -> object:
        if Path(folder).name == name:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(folder)

    monkeypatch.setattr(local_place.os, "scandir", refusing)
    return name


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "colour"


@pytest.fixture
def run_of(tmp_path: Path) -> MakeRun:
    """Opens a run on threads of this process."""

    @contextmanager
    def make(
        source: Path | str, target: Path | str, **options: object
    ) -> Iterator[tuple[Run, Heard]]:
        heard = Heard()
        manifest = tmp_path / "manifest.sqlite"
        order = Order(str(source), str(target), **options)  # type: ignore[arg-type]
        with beginning(order, heard, manifest=manifest, who=Who(processes=0)) as run:
            yield run, heard

    return make


@pytest.fixture
def colour_all(run_of: MakeRun) -> Callable[..., Heard]:
    """A whole run; who was told what."""

    def work(source: Path | str, target: Path | str, **options: object) -> Heard:
        with run_of(source, target, **options) as (run, heard):
            run.prepare()
            run.work()
            return heard

    return work
