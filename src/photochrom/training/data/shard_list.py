"""Which shards there are, and how many pictures each holds: WebDataset tars, here or far away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from photochrom.errors import InputError, missing_extra
from photochrom.media.atomic import write_atomic
from photochrom.training.data.archives import TARS
from photochrom.training.data.find import is_picture, places
from photochrom.training.data.shard_store import is_remote, open_shard, read_remote

INDEX = "index.json"  # beside the shards, as `photochrom data pack` writes it


@dataclass(frozen=True)
class ShardRun:
    """`count` pictures of the shard at `place` (a path or an URL), from picture `first` on."""

    place: str
    first: int
    count: int

    @property
    def end(self) -> int:
        """The picture after its last."""
        return self.first + self.count


def find_shards(
    paths: Iterable[str], cache_folder: Path, *, on_progress: Callable[[int, int], None]
) -> list[ShardRun]:
    """Every shard that these paths name, whole, in the order given.

    A path is a tar, a pattern of tars, a folder of them, an `index.json` (or the URL of one of
    these), with `{000..122}` for numbers. The shards that no index counts are read through once,
    and the counts kept in `cache_folder`.

    Raises `InputError` where there is none, or one cannot be read.
    """
    found = [shard for path in paths for text in braces(path) for shard in shards_at(text)]
    if not found:
        raise InputError(
            f"There are no shards in {', '.join(paths) or 'no path at all'}: give .tar files, "
            f"folders of them, an {INDEX}, or URLs of these with --data."
        )
    counts = Counts(cache_folder)
    shards = []
    for done, (place, count) in enumerate(found, 1):
        shards.append(ShardRun(place, 0, counts.of(place) if count is None else count))
        on_progress(done, len(found))
    return shards


def braces(path: str) -> list[str]:
    """The paths that `{000..122}` or `{a,b}` in a path stand for."""
    if "{" not in path:
        return [path]
    try:
        from braceexpand import braceexpand
    except ImportError as error:
        raise missing_extra("a pattern of shards with braces", "webdataset", "train") from error
    return list(braceexpand(path))


def shards_at(path: str) -> Iterator[tuple[str, int | None]]:
    """Each shard at a path or URL and its count, None where no index tells it."""
    if is_remote(path):
        yield from remote_shards(path)
        return
    for place in places(path):
        if place.is_dir() and not (place / INDEX).is_file():
            tars = sorted(file for file in place.iterdir() if file.name.lower().endswith(TARS))
            yield from ((str(tar), None) for tar in tars)
        elif place.is_dir() or place.name == INDEX:
            index = place / INDEX if place.is_dir() else place
            entries = indexed(index.read_bytes(), str(index))
            yield from ((str(index.parent / name), count) for name, count in entries)
        else:
            yield str(place), None


def remote_shards(url: str) -> Iterator[tuple[str, int | None]]:
    """The shard at a URL, or those that the index there lists."""
    if url.endswith("/"):
        url += INDEX
    if not url.endswith(f"/{INDEX}"):
        yield url, None
        return
    for name, count in indexed(read_remote(url), url):
        yield f"{url.removesuffix(INDEX)}{name}", count


def indexed(text: bytes, origin: str) -> list[tuple[str, int]]:
    """Name and count of the shards that an index lists; `InputError` where it is none."""
    try:
        shards = json.loads(text)["shards"]
        return [(str(shard["name"]), int(shard["count"])) for shard in shards]
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(
            f"{origin} is no index of shards as `photochrom data pack` writes it: {error!r}"
        ) from error


class Counts:
    """How many pictures shards hold, counted once and kept in a file a shard."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def of(self, place: str) -> int:
        """The pictures in the shard at `place`."""
        known = self.folder / f"{hashlib.sha256(version_of(place).encode()).hexdigest()[:16]}.count"
        if known.is_file():
            return int(known.read_text())
        shard = open_shard(place, self.folder)
        count = sum(map(is_picture, shard.names))
        self.folder.mkdir(parents=True, exist_ok=True)
        write_atomic(known, str(count).encode())
        return count


def version_of(place: str) -> str:
    """What changes with a shard: of a local one its path, size and time, of another its URL."""
    if is_remote(place):
        return place
    path = Path(place)
    stat = path.stat()
    return f"{path.resolve()} {stat.st_size} {stat.st_mtime_ns}"
