"""Predictions and scores kept between runs, in one SQLite file, keyed by content and model hash.

Every write lasts at once (it costs a tenth of a millisecond): an interrupted run goes on where it
was, and several runs may share the file.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.errors import SetupError
from photochrom.evaluation.versions import code_sha256, versions

MOST_PICTURE_BYTES = 2 << 30  # beyond it the pictures used longest ago go
TABLES = """
CREATE TABLE IF NOT EXISTS scores (key TEXT PRIMARY KEY, scores TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS features (key TEXT PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pictures (
    key TEXT PRIMARY KEY, png BLOB NOT NULL, bytes INTEGER NOT NULL, used INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS pictures_used ON pictures (used);
"""


class Cache:
    """What earlier runs found; used from several threads. Without a path it lives in memory."""

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        self._path = path
        self._run = 1
        try:
            self._connection = self._opened(path)
        except sqlite3.DatabaseError as error:
            raise _unusable(path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _opened(self, path: Path | None) -> sqlite3.Connection:
        if path is None:
            connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        else:
            make_folder(path.parent)
            connection = sqlite3.connect(
                path, timeout=60, check_same_thread=False, isolation_level=None
            )
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
        connection.executescript(TABLES)
        [(latest,)] = connection.execute("SELECT COALESCE(MAX(used), 0) FROM pictures")
        self._run = latest + 1
        return connection

    def scores(self, key: str) -> dict[str, float | None]:
        """A picture's scores; empty where there are none."""
        found = self._read("SELECT scores FROM scores WHERE key = ?", key)
        return {} if found is None else json.loads(found)

    def keep_scores(self, key: str, scores: Mapping[str, float | None]) -> None:
        """Keep a picture's scores in place of those that were there."""
        self._write("INSERT OR REPLACE INTO scores VALUES (?, ?)", (key, json.dumps(dict(scores))))

    def features(self, key: str) -> NDArray[np.float32] | None:
        """A picture's feature vector (D,)."""
        found = self._read("SELECT vector FROM features WHERE key = ?", key)
        return None if found is None else np.frombuffer(found, np.float32)

    def keep_features(self, key: str, vector: NDArray[np.float32]) -> None:
        """Keep a picture's feature vector (D,)."""
        row = (key, vector.astype(np.float32).tobytes())
        self._write("INSERT OR REPLACE INTO features VALUES (?, ?)", row)

    def picture(self, key: str) -> NDArray[np.uint8] | None:
        """A prediction rgb (H, W, 3)."""
        found = self._read("SELECT png FROM pictures WHERE key = ?", key)
        if found is None:
            return None
        self._write("UPDATE pictures SET used = ? WHERE key = ?", (self._run, key))
        with Image.open(io.BytesIO(found)) as picture:
            return np.asarray(picture)

    def keep_picture(self, key: str, rgb: NDArray[np.uint8]) -> None:
        """Keep a prediction rgb (H, W, 3); in memory none is kept."""
        if self._path is None:
            return
        encoded = io.BytesIO()
        Image.fromarray(rgb).save(encoded, "PNG", compress_level=1)
        png = encoded.getvalue()
        row = (key, png, len(png), self._run)
        self._write("INSERT OR REPLACE INTO pictures VALUES (?, ?, ?, ?)", row)

    def close(self) -> None:
        """Make the file no larger than it may be."""
        with self._lock:
            try:
                self._drop_oldest()
            except sqlite3.DatabaseError as error:
                raise _unusable(self._path, error) from error
            finally:
                self._connection.close()

    def _drop_oldest(self) -> None:
        """Forget the pictures used longest ago until the others fit; never those of this run."""
        [(held,)] = self._connection.execute("SELECT COALESCE(SUM(bytes), 0) FROM pictures")
        runs = self._connection.execute(
            "SELECT used, SUM(bytes) FROM pictures WHERE used < ? GROUP BY used ORDER BY used",
            (self._run,),
        ).fetchall()
        for run, size in runs:
            if held <= MOST_PICTURE_BYTES:
                return
            self._connection.execute("DELETE FROM pictures WHERE used = ?", (run,))
            held -= size

    def _read(self, statement: str, key: str) -> Any:
        """The one value of the one row; None where there is none."""
        with self._lock:
            try:
                row = self._connection.execute(statement, (key,)).fetchone()
            except sqlite3.DatabaseError as error:
                raise _unusable(self._path, error) from error
        return None if row is None else row[0]

    def _write(self, statement: str, row: tuple[object, ...]) -> None:
        with self._lock:
            try:
                self._connection.execute(statement, row)
            except sqlite3.DatabaseError as error:  # damaged, or the disk is full
                raise _unusable(self._path, error) from error


def cache_path(folder: Path | None = None) -> Path:
    """Where runs keep what they found: in `folder`, or where the system keeps caches."""
    if folder is None:
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        folder = Path(home) / "photochrom"
    return folder / "evaluation.sqlite"


def make_folder(folder: Path) -> None:
    """Make the cache's folder. Raises `SetupError` where that is not permitted."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"cannot make the cache's folder {folder}: {error.strerror}. Name another with "
            "--cache, or do without one with --no-cache"
        ) from error


def key_of(*parts: object) -> str:
    """One key of everything that a kept value depends on, code and packages included."""
    everything = [code_sha256(), versions(), *map(str, parts)]
    return hashlib.sha256(json.dumps(everything).encode()).hexdigest()


def _unusable(path: Path | None, error: sqlite3.Error) -> SetupError:
    return SetupError(
        f"the cache{'' if path is None else f' {path}'} cannot be used: {error}. Delete it, name "
        "another folder with --cache, or do without one with --no-cache"
    )
