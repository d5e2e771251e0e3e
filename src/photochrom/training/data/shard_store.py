"""Shards at hand: local ones opened in place, remote ones copied here, a few at a time."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import IO, Any

from photochrom.errors import InputError, missing_extra
from photochrom.training.data.archives import DAMAGED, OPENERS, TarArchive
from photochrom.training.data.find import is_picture

AT_HAND = 4  # shards: the one in use, the next, those of the held-out pictures
ATTEMPTS = 3
PAUSE_S = 2.0  # before the second attempt; each further one waits four times as long
SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):", re.I)
URL = re.compile(r"[A-Za-z0-9._~:/?#@!$&()*+,;=%\[\]-]+")  # RFC 3986, 2, without the quote


class ShardStore:
    """The pictures of shards by number. Copies of remote shards vanish with the program."""

    def __init__(self, folder: Path) -> None:
        """`folder` is where copies lie; each takes its shard's size there."""
        self.folder = folder
        self.shards: OrderedDict[str, Future[Shard]] = OrderedDict()
        self.pool = ThreadPoolExecutor(2, thread_name_prefix="shards")
        self.lock = Lock()

    def shard(self, place: str) -> Shard:
        """The shard at a path or URL, fetched now if it is not at hand."""
        return self.expect(place).result()

    def expect(self, place: str) -> Future[Shard]:
        """Begin to fetch a shard that will be needed."""
        with self.lock:
            future = self.shards.pop(place, None)
            if future is None or (future.done() and future.exception() is not None):
                future = self.pool.submit(lambda: Shard(place, open_shard(place, self.folder)))
            self.shards[place] = future
            while len(self.shards) > AT_HAND:
                self.shards.popitem(last=False)
        return future

    def close(self) -> None:
        """Let go of all shards."""
        self.pool.shutdown(wait=True, cancel_futures=True)
        self.shards.clear()


class Shard:
    """The pictures of one opened shard."""

    def __init__(self, place: str, archive: TarArchive) -> None:
        self.place = place
        self.archive = archive
        self.names = [name for name in archive.names if is_picture(name)]

    def read(self, i: int) -> bytes:
        """The bytes of picture `i`."""
        return self.archive.read(self.names[i])


def open_shard(place: str, folder: Path) -> TarArchive:
    """The tar at a path or URL; one far away or compressed is copied to `folder` first.

    Raises `InputError` where it cannot be had.
    """
    try:
        if not is_remote(place) and Path(place).suffix.lower() not in OPENERS:
            return TarArchive.at(Path(place))
        return TarArchive(copied(place, folder))
    except DAMAGED as error:
        raise unreadable(place, error) from error


def copied(place: str, folder: Path) -> IO[bytes]:
    """A nameless file in `folder` with the shard's tar, unpacked."""
    folder.mkdir(parents=True, exist_ok=True)
    for attempt in range(1, ATTEMPTS + 1):
        copy = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  the archive closes it
        try:
            with opened(place) as stream:
                shutil.copyfileobj(stream, copy, 1 << 20)
            copy.seek(0)
        except DAMAGED:
            copy.close()
            if attempt == ATTEMPTS or not is_remote(place):
                raise
            time.sleep(PAUSE_S * 4 ** (attempt - 1))
        else:
            return copy
    raise AssertionError("the last attempt returns or raises")


@contextmanager
def opened(place: str) -> Iterator[Any]:
    """The bytes of a tar at a path or URL, as a stream, unpacked where its name says packed."""
    opener = OPENERS.get(Path(place).suffix.lower())
    if not is_remote(place):
        with opener(place, "rb") if opener else Path(place).open("rb") as stream:
            yield stream
        return
    with stream_of(place) as stream:
        if opener:
            with opener(stream, "rb") as unpacked:
                yield unpacked
        else:
            yield stream


def stream_of(url: str) -> Any:
    """What lies at a URL, as a stream; leaving it raises `OSError` where it did not come whole."""
    try:
        from webdataset.gopen import gopen
    except ImportError as error:
        raise missing_extra("learning from shards far away", "webdataset", "train") from error
    return gopen(url)


def read_remote(url: str) -> bytes:
    """All that lies at a URL; `InputError` where it cannot be had."""
    try:
        with stream_of(url) as stream:
            content: bytes = stream.read()
    except OSError as error:
        raise unreadable(url, error) from error
    return content


def unreadable(place: str, error: Exception) -> InputError:
    """The error that a shard or an index cannot be had."""
    advice = "the address and the connection" if is_remote(place) else "the file"
    return InputError(f"{place} cannot be read: {error}. Check {advice}.")


def is_remote(place: str) -> bool:
    """Whether this is a URL; `InputError` for a kind that cannot be fetched safely."""
    matched = SCHEME.match(place)
    if matched is None or len(matched[1]) == 1:  # one letter is a Windows drive
        return False
    if matched[1].lower() not in ALLOWED:
        raise InputError(
            f"{place}: shards are fetched through {', '.join(sorted(ALLOWED))}, not {matched[1]}: "
            "a recipe may not run commands"
        )
    if not URL.fullmatch(place):  # some versions of webdataset put it into a shell's line
        raise InputError(
            f"{place!r} is no URL: it holds a quote, a blank or another character that belongs "
            "into one as %27, %20 and the like"
        )
    return True


ALLOWED = {"http", "https", "sftp", "ftps", "scp", "gs", "hf", "ais"}  # of webdataset's gopen
