"""One writer at a time: a file that a process holds until it ends, however it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from photochrom.errors import InputError


@contextmanager
def hold(path: Path, refusal: str) -> Iterator[None]:
    """Hold the file at `path`, which is gone afterwards.

    Raises an `InputError` that says `refusal` where another holds it, `OSError` where it cannot be
    made. Where the system or the file system has no locks, nothing is held.
    """
    try:
        import fcntl
    except ModuleNotFoundError:  # not on Windows
        yield
        return
    while True:
        with path.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise InputError(refusal) from error
            except OSError:  # a file system that has no locks
                pass
            if not _is_at(path, file):  # a holder that ended meanwhile took its file away
                continue
            try:
                yield
            finally:
                path.unlink(missing_ok=True)
            return


def _is_at(path: Path, file: TextIO) -> bool:
    """Whether `path` still is that open file."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False
