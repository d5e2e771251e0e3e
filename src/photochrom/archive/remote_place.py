"""An object store, or whatever else fsspec reaches, as a place of an archive."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from photochrom.archive.records import Entry
from photochrom.errors import InputError, PhotochromError, SetupError, missing_extra
from photochrom.media.formats import PICTURE_SUFFIXES
from photochrom.media.reading import Encoded

Value = TypeVar("Value")

#: Where a put is whole or not at all; elsewhere a temporary name is written and then moved.
ATOMIC = {"abfs", "abfss", "adl", "az", "gcs", "gs", "hf", "memory", "oci", "oss", "s3", "s3a"}
#: What stores say that a listing's entry has changed by, the surest first.
MARKS = (
    *("ETag", "etag", "md5Hash", "content_md5", "crc32c", "mtime", "LastModified"),
    *("last_modified", "updated", "modified", "created"),
)
ATTEMPTS = 3
PAUSE_S = 0.5


class RemotePlace:
    """Files below an address. Raises `InputError` for an unknown one, `SetupError` for a package
    that is missing.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.links: list[str] = []
        try:
            from fsspec.core import url_to_fs
        except ImportError as error:
            raise missing_extra(f"reaching {address}", "fsspec", "archive") from error
        try:
            with _words(address):
                self._files, root = url_to_fs(address)
        except ImportError as error:  # such as s3fs
            raise SetupError(f"cannot reach {address}: {error}") from error
        self._root = str(root).rstrip("/")
        protocol = self._files.protocol
        self._protocols = {protocol} if isinstance(protocol, str) else set(protocol)

    @property
    def only_here(self) -> bool:
        return "memory" in self._protocols

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}" if name else self._root

    def _do(self, act: Callable[[], Value]) -> Value:
        """What `act` gives, at the third attempt at last. Raises in words."""
        for attempt in range(ATTEMPTS - 1):
            try:
                return act()
            except (FileNotFoundError, PermissionError, NotADirectoryError, IsADirectoryError):
                break
            except _remote_errors():
                time.sleep(PAUSE_S * 2**attempt)
        with _words(self.address):
            return act()

    def walk(self, *, below: str = "", every: bool = False) -> Iterator[Entry]:
        self._files.invalidate_cache()
        folders = [below]
        while folders:
            folder = folders.pop()
            path = self._path(folder)
            for found in self._do(lambda path=path: self._files.ls(path, detail=True)):  # type: ignore[misc]
                full = str(found["name"]).rstrip("/")
                name = full[len(self._root) :].lstrip("/")
                last = name.rpartition("/")[2]
                if full == path or not last or last.startswith("."):
                    continue
                if found["type"] == "directory":
                    folders.append(name)
                elif every or PurePosixPath(last).suffix.lower() in PICTURE_SUFFIXES:
                    size = int(found.get("size") or 0)
                    yield Entry(name, f"{size} {_change_of(found)}", size)

    def read(self, name: str) -> tuple[Encoded, str | None]:
        encoded = self._do(lambda: self._files.cat_file(self._path(name)))
        return Encoded(name.rpartition("/")[2], bytes(encoded)), None

    def head(self, name: str, size_bytes: int) -> bytes | None:
        if not self.exists(name):
            return None
        return bytes(self._do(lambda: self._files.cat_file(self._path(name), 0, size_bytes)))

    def exists(self, name: str) -> bool:
        return bool(self._do(lambda: self._files.exists(self._path(name))))

    def write(self, name: str, content: bytes, *, modified_ns: int | None = None) -> None:
        del modified_ns  # a store's own
        self._put(name, lambda path: self._files.pipe_file(path, content))

    def upload(self, local: Path, name: str) -> None:
        self._put(name, lambda path: self._files.put_file(str(local), path))

    def _put(self, name: str, put: Callable[[str], object]) -> None:
        path = self._path(name)
        if self._protocols & ATOMIC:
            self._do(lambda: put(path))
            return
        folder, _, last = path.rpartition("/")
        part = f"{folder}/.{last}.{os.getpid()}.part"

        def put_and_move() -> None:
            self._files.makedirs(folder, exist_ok=True)
            put(part)
            self._files.mv(part, path)

        self._do(put_and_move)

    def clear(self, stems: list[str]) -> None:
        if self._protocols & ATOMIC:
            return
        for stem in stems:
            folder, _, last = self._path(stem).rpartition("/")
            for left in self._do(lambda at=f"{folder}/.{last}.*.part": self._files.glob(at)):  # type: ignore[misc]
                self._do(lambda path=left: self._files.rm_file(path))  # type: ignore[misc]

    def try_out(self) -> None:
        name = f".photochrom-{os.getpid()}.trial"
        self.write(name, b"photochrom")
        self._do(lambda: self._files.rm_file(self._path(name)))


def _change_of(found: dict[str, Any]) -> str:
    return next((str(found[key]) for key in MARKS if found.get(key)), "")


def _remote_errors() -> tuple[type[Exception], ...]:
    """What the packages behind fsspec raise, of those that are loaded; they share no base."""
    names = (
        ("botocore.exceptions", "BotoCoreError"),
        ("botocore.exceptions", "ClientError"),
        ("google.auth.exceptions", "GoogleAuthError"),
        ("gcsfs.retry", "HttpError"),
        ("azure.core.exceptions", "AzureError"),
        ("aiohttp", "ClientError"),
        ("paramiko", "SSHException"),
    )
    loaded = [getattr(sys.modules.get(module), name, None) for module, name in names]
    return (OSError, TimeoutError, ValueError, *(kind for kind in loaded if kind is not None))


@contextmanager
def _words(address: str) -> Iterator[None]:
    """What a store refuses, as a `PhotochromError`."""
    try:
        yield
    except PhotochromError:
        raise
    except FileNotFoundError as error:
        raise InputError(f"{address}: there is no {error}. Check how it is spelled") from error
    except _remote_errors() as error:
        kind = type(error).__name__
        if isinstance(error, ValueError) and "rotocol" in str(error):
            raise InputError(f"{address} is no address that can be reached: {error}") from error
        if isinstance(error, PermissionError) or "redential" in f"{kind} {error}":
            raise SetupError(
                f"{address} is refused ({error}). Give this machine credentials, as its provider "
                "wants them (for s3:// AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, for gs:// "
                "GOOGLE_APPLICATION_CREDENTIALS, for az:// AZURE_STORAGE_CONNECTION_STRING), and "
                "see that they may list, read and write there"
            ) from error
        raise SetupError(f"{address} cannot be reached: {kind}: {error}") from error
