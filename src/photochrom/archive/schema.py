"""The manifest's tables, how the file is opened, and SQLite's refusals in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photochrom.errors import InputError, PhotochromError, SetupError

FORMAT = 1
MANIFEST = "photochrom.sqlite"  # its name in a local target
LIES_IN_TARGET = "lies in target"  # the fact that it does, wherever both are moved to

_SCHEMA = """
CREATE TABLE IF NOT EXISTS archive (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pictures (
    id INTEGER PRIMARY KEY,
    source NOT NULL UNIQUE,            -- below the source; text, or bytes where it is not UTF-8
    folder NOT NULL,                   -- its folder
    stem NOT NULL,                     -- the name without its suffix
    mark TEXT NOT NULL,                -- changes when the file does: size and time, or an ETag
    bytes INTEGER NOT NULL,
    look INTEGER NOT NULL,             -- the last listing that had it
    there INTEGER NOT NULL DEFAULT 0,  -- the listing at which its result was last seen
    state TEXT NOT NULL,
    settled INTEGER NOT NULL DEFAULT 0, -- the listing after which that state was reached
    alone INTEGER NOT NULL DEFAULT 0,  -- whether it was put off, to be worked on after the others
    needs INTEGER NOT NULL DEFAULT 0,  -- memory [bytes]; 0: nothing may be under way beside it
    deaths INTEGER NOT NULL DEFAULT 0, -- of workers that were at it
    result,
    made_from TEXT,                    -- source_sha256 of our latest result, whatever failed since
    source_sha256 TEXT,
    result_sha256 TEXT,
    result_bytes INTEGER,
    model TEXT,
    model_version TEXT,
    model_sha256 TEXT,
    photochrom_version TEXT,
    settings TEXT,
    way TEXT,
    note TEXT,
    error TEXT,
    error_kind TEXT,
    seconds REAL,
    worker TEXT,
    finished TEXT
);
CREATE INDEX IF NOT EXISTS by_state ON pictures (state, alone, id);
CREATE INDEX IF NOT EXISTS by_stem ON pictures (stem);
CREATE INDEX IF NOT EXISTS by_folder ON pictures (folder, state, source);
CREATE INDEX IF NOT EXISTS by_result ON pictures (result);
CREATE TABLE IF NOT EXISTS thumbnails (id INTEGER PRIMARY KEY, jpeg BLOB NOT NULL);
"""

#: What a manifest tells of each picture, in the order of its Parquet copy.
COLUMNS = (
    *("source", "state", "result", "source_sha256", "result_sha256", "bytes", "result_bytes"),
    *("model", "model_version", "model_sha256", "photochrom_version", "settings", "way", "note"),
    *("error", "error_kind", "seconds", "worker", "finished"),
)


def open_rows(path: Path) -> sqlite3.Connection:
    """The database at `path`, made where it is absent, and locked for this process alone.

    The lock goes when the process does, however it ends.
    Raises `InputError` where another process holds it or it is no database, `SetupError` where it
    cannot be opened.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"cannot make the manifest's folder {path.parent}: {error.strerror}"
        ) from error
    with in_words(path):
        rows = sqlite3.connect(path, isolation_level=None, timeout=0)
        rows.row_factory = sqlite3.Row
        try:
            rows.execute("PRAGMA locking_mode = EXCLUSIVE")
            rows.execute("PRAGMA journal_mode = WAL")
            rows.execute("PRAGMA synchronous = NORMAL")
            rows.execute("PRAGMA cache_size = -16000")  # 16 MB
            rows.executescript(_SCHEMA)
            _add_columns(rows)
            check_version(rows, path)
            rows.execute("INSERT OR REPLACE INTO archive VALUES ('format', ?)", (FORMAT,))
        except (sqlite3.Error, InputError):
            rows.close()
            raise
    return rows


def _add_columns(rows: sqlite3.Connection) -> None:
    """Give the manifest of an earlier Photochrom the columns that it lacks."""
    there = {row["name"] for row in rows.execute("PRAGMA table_info(pictures)")}
    rows.execute("BEGIN")
    if "needs" not in there:
        rows.execute("ALTER TABLE pictures ADD COLUMN needs INTEGER NOT NULL DEFAULT 0")
    if "made_from" not in there:
        rows.execute("ALTER TABLE pictures ADD COLUMN made_from TEXT")
        rows.execute("UPDATE pictures SET made_from = source_sha256 WHERE result IS NOT NULL")
    rows.execute("COMMIT")


def check_version(rows: sqlite3.Connection, path: Path) -> None:
    """Raise `InputError` for the manifest of a newer Photochrom."""
    seen = fact(rows, "format")
    if seen not in (None, FORMAT):
        raise InputError(
            f"{path} is a manifest of version {seen}; this Photochrom reads {FORMAT}. "
            "Install a newer one: pip install --upgrade photochrom"
        )


def fact(rows: sqlite3.Connection, key: str) -> object:
    """What the manifest says of the archive as a whole; None where it says nothing."""
    found = rows.execute("SELECT value FROM archive WHERE key = ?", (key,)).fetchone()
    return None if found is None else found[0]


def count_up(rows: sqlite3.Connection, key: str) -> int:
    """One more than the number that the manifest holds, which it holds now."""
    seen = fact(rows, key)
    following = (seen if isinstance(seen, int) else 0) + 1
    rows.execute("INSERT OR REPLACE INTO archive VALUES (?, ?)", (key, following))
    return following


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """What SQLite refuses, as a `PhotochromError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise _error(path, error) from error


def _error(path: Path, error: sqlite3.Error) -> PhotochromError:
    said = str(error)
    if "locked" in said:
        return InputError(
            f"another run is at work with the manifest {path}. Wait for it, stop it, or name "
            "another file with --manifest"
        )
    if any(words in said for words in ("not a database", "malformed", "no such table")):
        return InputError(f"{path} is no manifest ({said}). Name another file with --manifest")
    if "full" in said:
        return SetupError(
            f"cannot write the manifest {path}: the disk is full. Free some space and run again; "
            "nothing is lost"
        )
    return SetupError(f"the manifest {path}: {said}")
