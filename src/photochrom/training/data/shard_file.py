"""One shard: a tar whose bytes follow from its contents alone, and which appears whole."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from photochrom.errors import SetupError
from photochrom.training.data.sample import Sample


@dataclass(frozen=True)
class Shard:
    """A finished shard as the index lists it; `count` is of its photos."""

    name: str
    count: int
    bytes: int
    sha256: str


class ShardFile:
    """A shard that is being written."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.count = 0

    @property
    def bytes(self) -> int:
        return self._tar.offset

    def add(self, key: str, sample: Sample) -> None:
        """Append the photo and what is known of it, under names that WebDataset takes together."""
        facts = json.dumps(sample.facts).encode()
        for suffix, content in ((sample.suffix, sample.encoded), ("json", facts)):
            member = tarfile.TarInfo(f"{key}.{suffix}")  # of user 0, at time 0, for all to read
            member.size = len(content)
            self._tar.addfile(member, io.BytesIO(content))
        self.count += 1


@contextmanager
def new_shard(path: Path) -> Iterator[ShardFile]:
    """A shard to add photos to, at `path` once it is finished; without photos there is none.

    Raises `SetupError` where the disk is full or takes no files.
    """
    partial = path.with_name(f".{path.name}.part")
    try:
        with tarfile.open(partial, "w", format=tarfile.PAX_FORMAT) as tar:
            shard = ShardFile(tar)
            yield shard
        if shard.count:
            partial.replace(path)
    except OSError as error:
        raise SetupError(
            f"cannot write {path}: {error.strerror or error}. "
            "Finished shards are kept, and the same command goes on"
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def facts_of(path: Path, count: int) -> Shard:
    """What the index says of the finished shard at `path`."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Shard(path.name, count, path.stat().st_size, digest)
