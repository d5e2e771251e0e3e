"""A place that pictures come from or go to: a local folder, or an address of an object store."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from photochrom.archive.records import Entry
from photochrom.errors import InputError
from photochrom.media.reading import Encoded

_PROTOCOL = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]+)(::|://)")


class Place(Protocol):
    """Named files below one address. Every method may be called from several threads."""

    address: str
    links: list[str]  # to folders, which the latest listing did not follow

    @property
    def only_here(self) -> bool:
        """Whether no other process can see what lies there, as with memory://."""

    def walk(self, *, below: str = "", every: bool = False) -> Iterator[Entry]:
        """The pictures below, or with `every` all files, as the listing gives them.

        Hidden files and folders are passed over, and so are links to folders. Raises `InputError`
        where there is no such place, `SetupError` where listing it is refused.
        """

    def read(self, name: str) -> tuple[Encoded, str | None]:
        """A file's bytes, and the mark they bear where the place can tell.

        Raises `InputError` where there is no such file or it changes while it is read,
        `SetupError` where reading is refused.
        """

    def head(self, name: str, size_bytes: int) -> bytes | None:
        """The first bytes of a file; None where there is no such file."""

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""

    def write(self, name: str, content: bytes, *, modified_ns: int | None = None) -> None:
        """Write a file whole or not at all, replacing what is there, folders made as needed.

        Raises `SetupError` where the place refuses, `InputError` where the name is impossible.
        """

    def upload(self, local: Path, name: str) -> None:
        """Put a local file there, as `write` does, without reading it into memory."""

    def clear(self, stems: list[str]) -> None:
        """Remove what a killed process left half written of files with these stems."""

    def try_out(self) -> None:
        """Write and remove a small file.

        Raises `SetupError` where that is refused: better now than a million times.
        """


def is_remote(address: str) -> bool:
    """Whether an address names a protocol other than the local file system.

    >>> is_remote("s3://bucket/scans"), is_remote("scans"), is_remote("/scans")
    (True, False, False)
    """
    found = _PROTOCOL.match(address)
    return found is not None and found[1] not in ("file", "local")


@lru_cache(maxsize=16)
def open_place(address: str) -> Place:
    """The place at an address: a path, file://, s3://, gs://, az://, memory:// and so on.

    Raises `InputError` for an unknown protocol, `SetupError` where a package is missing.
    """
    if not address:
        raise InputError("an empty address was given: is a variable unset?")
    if is_remote(address):
        from photochrom.archive.remote_place import RemotePlace

        return RemotePlace(address)
    from photochrom.archive.local_place import LocalPlace

    return LocalPlace(local_path(address))


def whole_address(address: str) -> str:
    """An address that means the same in every process: that of a local folder in full."""
    if is_remote(address):
        return address
    return str(Path(local_path(address)).absolute())


def lies_below(inner: str, outer: str) -> str | None:
    """How `inner` is called below `outer`; "" where they are one, None where it is elsewhere.

    >>> lies_below("s3://b/scans/colour/", "s3://b/scans"), lies_below("s3://b/scan", "s3://b/sc")
    ('colour', None)
    """
    if is_remote(inner) != is_remote(outer):
        return None
    if is_remote(inner):
        one, other = inner.rstrip("/"), outer.rstrip("/")
        if one == other:
            return ""
        return one.removeprefix(f"{other}/") if one.startswith(f"{other}/") else None
    here, there = (Path(local_path(address)).resolve() for address in (inner, outer))
    if not here.is_relative_to(there):
        return None
    below = here.relative_to(there).as_posix()
    return "" if below == "." else below


def local_path(address: str) -> str:
    """A local address without its protocol."""
    return re.sub(r"^(file|local)://", "", address)
