"""A manifest read by whoever comes after the run: to verify, to restore, to look."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from photochrom.archive.place import is_remote, local_path
from photochrom.archive.records import State
from photochrom.archive.schema import (
    COLUMNS,
    LIES_IN_TARGET,
    MANIFEST,
    check_version,
    fact,
    in_words,
)
from photochrom.errors import InputError

PAGE = 1000
_READ_ONLY = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)


@dataclass(frozen=True)
class Noted:
    """A manifest that is only read."""

    path: Path
    source: str
    target: str
    lies_in_target: bool
    _rows: sqlite3.Connection

    @property
    def results_at(self) -> str:
        """Where the results lie now: beside a manifest that was made to lie in its target.

        Such an archive may have been copied or moved since.
        """
        return str(self.path.absolute().parent) if self.lies_in_target else self.target

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
    """The manifest that an address means: itself, or the one in a local folder; None for others.

    Raises `InputError` where a file has a manifest's name and is none.
    """
    if is_remote(address):
        return None
    path = Path(local_path(address))
    if path.is_dir():
        path = path / MANIFEST
    if not path.is_file():
        return None
    with path.open("rb") as file:
        if file.read(16) == b"SQLite format 3\0":
            return path
    if path.name == MANIFEST:
        raise InputError(
            f"the manifest {path} is damaged. Get it back from a copy, or move it away: then only "
            "what is there can be checked, not what is missing"
        )
    return None


@contextmanager
def reading(path: Path) -> Iterator[Noted]:
    """The manifest at `path`, on a medium that takes no files too.

    Raises `InputError` where it is none, or a run is at work with it.
    """
    if not path.is_file():
        said = "is a folder: give the manifest in it" if path.is_dir() else "does not exist"
        raise InputError(f"{path} {said}")
    with in_words(path), _read_only(path) as rows:
        check_version(rows, path)
        source, target = (fact(rows, key) for key in ("source", "target"))
        if source is None or target is None:
            raise InputError(f"{path} is no manifest: it names no source and target")
        inside = fact(rows, LIES_IN_TARGET)
        if inside is None:  # of an earlier Photochrom, which put it there under this name
            inside = path.name == MANIFEST and not is_remote(str(target))
        yield Noted(path, str(source), str(target), bool(inside), rows)


@contextmanager
def _read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that changes nothing.

    SQLite wants to put files beside a database with a write-ahead log. Where it may not, the
    database is read as it is, or with a log that a killed run left, from a copy.
    """
    try:
        rows = _connect(path, "mode=rw")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _READ_ONLY:
            raise
    else:
        with closing(rows):
            yield rows
        return
    log = path.with_name(f"{path.name}-wal")
    if not (log.is_file() and log.stat().st_size):
        with closing(_connect(path, "immutable=1")) as rows:
            yield rows
        return
    with tempfile.TemporaryDirectory(prefix="photochrom-") as folder:
        for file in (path, log):
            shutil.copyfile(file, Path(folder) / file.name)
        with closing(_connect(Path(folder) / path.name, "mode=rw")) as rows:
            yield rows


def _connect(path: Path, how: str) -> sqlite3.Connection:
    rows = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, timeout=0)
    try:
        rows.row_factory = sqlite3.Row
        rows.execute("PRAGMA query_only = ON")
        rows.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.Error:
        rows.close()
        raise
    return rows
