"""A manifest read by whoever comes after the run: to verify, to restore, to look."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from photochrom.archive.place import is_remote
from photochrom.archive.records import State
from photochrom.archive.schema import COLUMNS, MANIFEST, check_version, fact, in_words
from photochrom.errors import InputError

PAGE = 1000


@dataclass(frozen=True)
class Noted:
    """A manifest that is only read."""

    path: Path
    source: str
    target: str
    _rows: sqlite3.Connection

    def results(self) -> Iterator[sqlite3.Row]:
        """The rows of `COLUMNS` of all results, in the order of their sources."""
        listed = ", ".join(COLUMNS)
        with in_words(self.path):
            found = self._rows.execute(
                f"SELECT {listed} FROM pictures WHERE state = ? ORDER BY source", (State.COLOURED,)
            )
            while some := found.fetchmany(PAGE):
                yield from some

    def __len__(self) -> int:
        with in_words(self.path):
            found = self._rows.execute(
                "SELECT count(*) FROM pictures WHERE state = ?", (State.COLOURED,)
            )
            return int(found.fetchone()[0])


def manifest_of(address: str) -> Path | None:
    """The manifest that an address means: itself, or the one in a local folder; None for others."""
    if is_remote(address):
        return None
    path = Path(address)
    if path.is_dir():
        path = path / MANIFEST
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return path if file.read(16) == b"SQLite format 3\0" else None


@contextmanager
def reading(path: Path) -> Iterator[Noted]:
    """The manifest at `path`. Raises `InputError` where it is none, or a run is at work with it."""
    with in_words(path):
        rows = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0)
    with closing(rows):
        rows.row_factory = sqlite3.Row
        with in_words(path):
            rows.execute("PRAGMA query_only = ON")
            check_version(rows, path)
            places = [fact(rows, key) for key in ("source", "target")]
        if None in places:
            raise InputError(f"{path} is no manifest: it names no source and target")
        yield Noted(path, str(places[0]), str(places[1]), rows)
