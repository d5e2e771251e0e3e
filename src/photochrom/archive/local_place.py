"""A local folder as a place of an archive."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from photochrom.archive.records import Entry
from photochrom.errors import InputError, SetupError
from photochrom.media.atomic import write_atomic
from photochrom.media.formats import PICTURE_SUFFIXES
from photochrom.media.reading import Encoded

READINGS = 3  # of a file that changes meanwhile
PAUSE_S = 0.2
CUT = 95  # characters of a name that its temporary name surely begins with


class LocalPlace:
    """Files below a folder."""

    only_here = False

    def __init__(self, address: str) -> None:
        self.address = address
        self.folder = Path(address)
        self.links: list[str] = []

    def walk(self, *, below: str = "", every: bool = False) -> Iterator[Entry]:
        folder = self.folder / below
        if not folder.is_dir():
            said = "is a file, not a folder" if folder.exists() else "does not exist"
            raise InputError(f"{folder} {said}: give a folder of pictures")
        if not os.access(folder, os.R_OK | os.X_OK):
            raise SetupError(f"listing {folder} is not permitted: change its permissions")
        self.links.clear()
        yield from self._walk(folder, below, every)

    def _walk(self, folder: Path, below: str, every: bool) -> Iterator[Entry]:
        """Depth first, one open listing a level, so that a folder of any size takes no memory."""
        try:
            with os.scandir(folder) as listing:
                for entry in listing:
                    name = f"{below}/{entry.name}" if below else entry.name
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        yield from self._walk(Path(entry.path), name, every)
                    elif _is_link_to_folder(entry):
                        self.links.append(name)
                    elif every or os.path.splitext(entry.name)[1].lower() in PICTURE_SUFFIXES:  # noqa: PTH122  a million of them
                        found = _entry(entry, name)
                        if found is not None:
                            yield found
        except OSError as error:
            yield Entry(below, "", 0, f"cannot list {folder}: {error.strerror or error}")

    def read(self, name: str) -> tuple[Encoded, str | None]:
        path = self.folder / name
        for reading in range(READINGS):
            if reading:
                time.sleep(PAUSE_S)
            read = _read_at_rest(path)
            if read is not None:
                return read
        raise InputError(f"{name} changed while it was read. Run again when it is finished")

    def head(self, name: str, size_bytes: int) -> bytes | None:
        try:
            with (self.folder / name).open("rb") as file:
                return file.read(size_bytes)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise _unreadable(self.folder / name, error) from error

    def exists(self, name: str) -> bool:
        return (self.folder / name).exists()

    def write(self, name: str, content: bytes, *, modified_ns: int | None = None) -> None:
        path = self.folder / name
        _make_folder(path.parent)
        write_atomic(path, content, modified_ns=modified_ns)

    def upload(self, local: Path, name: str) -> None:
        path = self.folder / name
        if path.resolve() == local.resolve():
            return
        _make_folder(path.parent)
        part = path.with_name(f".{path.name}.part")
        try:
            shutil.copyfile(local, part)
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise SetupError(f"cannot write {path}: {error.strerror or error}") from error

    def clear(self, stems: list[str]) -> None:
        begun: dict[Path, set[str]] = {}
        for stem in stems:
            path = self.folder / stem
            begun.setdefault(path.parent, set()).add(f".{path.name[:CUT]}")
        for folder, starts in begun.items():
            for left in folder.glob(".*.part") if folder.is_dir() else ():
                if any(left.name.startswith(start) for start in starts):
                    left.unlink(missing_ok=True)

    def try_out(self) -> None:
        _make_folder(self.folder)
        trial = self.folder / f".photochrom-{os.getpid()}.trial"
        write_atomic(trial, b"")
        trial.unlink(missing_ok=True)


def _read_at_rest(path: Path) -> tuple[Encoded, str] | None:
    """A file's bytes and mark; None where it changed between the beginning and the end."""
    try:
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            encoded = file.read()
            after = path.stat()
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist: check how it is spelled") from error
    except OSError as error:
        raise _unreadable(path, error) from error
    if _mark(before) != _mark(after) or len(encoded) != after.st_size:
        return None
    return Encoded(path.name, encoded, path, after.st_mtime_ns), _mark(after)


def _is_link_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_symlink() and entry.is_dir()
    except OSError:  # it leads to itself, or to where one may not look
        return False


def _entry(entry: os.DirEntry[str], name: str) -> Entry | None:
    """The file of a directory entry; None for what is no file, or is gone already."""
    try:
        if not entry.is_file():
            return None
        found = entry.stat()
    except OSError:
        return None
    return Entry(name, _mark(found), found.st_size, modified_ns=found.st_mtime_ns)


def _mark(found: os.stat_result) -> str:
    return f"{found.st_size} {found.st_mtime_ns}"


def _unreadable(path: Path, error: OSError) -> SetupError:
    return SetupError(f"cannot read {path}: {error.strerror or error}")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError(f"cannot make the folder {folder}: a file has that name") from error
    except OSError as error:
        raise SetupError(
            f"cannot make the folder {folder}: {error.strerror}. Choose another place"
        ) from error
