"""Members of zips and tars by name; a tar inside a tar is read in place, as a folder of its name.

ImageNet comes as a tar of a thousand tars. In a tar that is not compressed each member is a stretch
of the file, so it is read without unpacking, by several threads at once.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import threading
import zipfile
import zlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Protocol, cast

from photochrom.errors import InputError

OPENERS: dict[str, Callable[..., Any]] = {
    ".gz": gzip.open,
    ".tgz": gzip.open,
    ".bz2": bz2.open,
    ".xz": lzma.open,
}
TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
ARCHIVES = (*sorted(TARS, key=len, reverse=True), ".zip")  # the longest first
DAMAGED = (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)


class Archive(Protocol):
    """Names in the order in which they lie, and each one's bytes."""

    names: list[str]

    def read(self, name: str) -> bytes:
        """The member's bytes; raises one of `DAMAGED` or `RuntimeError` (a password)."""


def is_archive(name: str) -> bool:
    """Whether a file of this name is one."""
    return name.lower().endswith(ARCHIVES)


def archive_stem(name: str) -> str:
    """The name without the suffix that makes it an archive.

    >>> archive_stem("train.tar.gz")
    'train'
    """
    suffix = next((suffix for suffix in ARCHIVES if name.lower().endswith(suffix)), "")
    return name[: len(name) - len(suffix)]


@lru_cache(maxsize=64)
def opened_archive(path: Path) -> Archive:
    """The archive, its directory read once.

    Raises `InputError` where it is neither a readable zip nor a readable tar.
    """
    try:
        return ZipArchive(path) if path.suffix.lower() == ".zip" else TarArchive.at(path)
    except DAMAGED as error:
        raise InputError(
            f"{path} is neither a folder nor a readable zip or tar: {error}. "
            "Get it again from where it came"
        ) from error


class ZipArchive:
    """A zip; reading members from several threads is safe."""

    def __init__(self, path: Path) -> None:
        self.zip = zipfile.ZipFile(path)
        self.names = sorted(self.zip.namelist())

    def read(self, name: str) -> bytes:
        return self.zip.read(name)


class TarArchive:
    """A tar, compressed or not, and the tars in it.

    One that is compressed can only be read forwards: take its members in the order of `names`.
    """

    def __init__(self, stream: IO[bytes], *, is_compressed: bool = False) -> None:
        self.stream = stream
        self.is_apart = not is_compressed and hasattr(os, "pread")  # readers have no common place
        self.lock = threading.Lock()
        self.places = dict(tar_members(stream))
        self.names = list(self.places)

    @classmethod
    def at(cls, path: Path) -> TarArchive:
        """The tar at `path`; raises one of `DAMAGED`."""
        opener = OPENERS.get(path.suffix.lower())
        stream = opener(path, "rb") if opener else path.open("rb")
        try:
            return cls(stream, is_compressed=opener is not None)
        except BaseException:
            stream.close()
            raise

    def read(self, name: str) -> bytes:
        offset, size = self.places[name]
        if self.is_apart:
            return os.pread(self.stream.fileno(), size, offset)
        with self.lock:
            self.stream.seek(offset)
            return self.stream.read(size)

    def __del__(self) -> None:  # when the last of its readers is done
        if hasattr(self, "stream"):
            self.stream.close()


def tar_members(stream: IO[bytes]) -> list[tuple[str, tuple[int, int]]]:
    """Name, and offset and size in `stream`, of each file in a tar and in the tars within it.

    The names of a tar's members follow its own: "n01440764.tar/n01440764_18.JPEG".
    """
    found: list[tuple[str, tuple[int, int]]] = []
    stream.seek(0)
    with tarfile.open(fileobj=stream, mode="r:") as tar:
        for member in tar:
            if not member.isreg():
                continue
            if member.name.lower().endswith(".tar"):
                stretch = cast(IO[bytes], Stretch(stream, member.offset_data, member.size))
                inner = tar_members(stretch)
                found += [
                    (f"{member.name}/{name}", (member.offset_data + offset, size))
                    for name, (offset, size) in inner
                ]
            else:
                found.append((member.name.removeprefix("./"), (member.offset_data, member.size)))
            tar.members = []  # type: ignore[attr-defined]  # a million headers need not stay
    return found


class Stretch(io.RawIOBase):
    """`size` bytes of a stream from `start` on, as a stream of their own."""

    def __init__(self, stream: IO[bytes], start: int, size: int) -> None:
        self.stream, self.start, self.size, self.place = stream, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self.place, os.SEEK_END: self.size}[whence]
        self.place = origin + offset
        return self.place

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        wanted = max(0, min(len(buffer), self.size - self.place))
        self.stream.seek(self.start + self.place)
        content = self.stream.read(wanted)
        buffer[: len(content)] = content
        self.place += len(content)
        return len(content)
