"""Pictures for training, decoded once and kept in one memory-mapped file."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from photochrom.errors import InputError, PhotochromError, SetupError
from photochrom.media.atomic import write_atomic
from photochrom.pipeline import in_order
from photochrom.resources import cores
from photochrom.training.data.examples import Example, Refused
from photochrom.training.data.official import Part
from photochrom.training.data.sources import (
    Encoded,
    Source,
    decode_source,
    find_sources,
    fingerprint,
    read_source,
)
from photochrom.training.recipe import DataRecipe

PROGRESS_EVERY = 64  # pictures
TYPICAL = 1024  # so many pictures tell how large the others will be
ABANDONED_S = 3600.0  # a half-made file that nobody has written to for so long has no writer
SHARES = 10_000  # a share for validation is kept to a hundredth of a percent
# Columns of the index
OFFSET, HEIGHT, WIDTH, DIGEST, HAS_GIVEN, PART = range(6)


@dataclass(frozen=True)
class PhotoCache:
    """Decoded pictures in one memory-mapped file, and those that were `refused`.

    `index` holds for each its offset, height, width, the hash of its content, whether an input
    came with it, and its `Part`.
    """

    pixels: NDArray[np.uint8]
    index: NDArray[np.int64]
    fingerprint: str
    refused: tuple[Refused, ...] = ()

    def __len__(self) -> int:
        return len(self.index)

    def photo(self, i: int) -> NDArray[np.uint8]:
        """The picture `i` in colour, (H, W, 3) uint8 sRGB, a view into the file."""
        offset, height, width = self.index[i, :DIGEST].tolist()
        return self.pixels[offset : offset + height * width * 3].reshape(height, width, 3)

    def example(self, i: int) -> Example:
        """The picture `i` and the input that came with it, views into the file."""
        rgb = self.photo(i)
        if not self.index[i, HAS_GIVEN]:
            return Example(rgb)
        height, width = rgb.shape[:2]
        start = int(self.index[i, OFFSET]) + rgb.size
        return Example(rgb, self.pixels[start : start + height * width].reshape(height, width))

    def split(self, validation_share: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which pictures train and which are held out: equal ones never do both.

        A set's own split is kept. Else the content's hash decides; where the share is more than 0
        and there are two different pictures, at least one is held out, and one trains.
        """
        part, digest = self.index[:, PART], self.index[:, DIGEST]
        if (part == Part.VALIDATION).any():
            held_out = np.isin(digest, digest[part == Part.VALIDATION])
            return np.flatnonzero(~held_out), np.flatnonzero(part == Part.VALIDATION)
        places = digest % SHARES
        held_out = places < round(validation_share * SHARES)
        if validation_share > 0 and not held_out.any():
            held_out = digest == digest[places.argmin()]
        if held_out.all():
            held_out = digest != digest[places.argmax()]
        return np.flatnonzero(~held_out), np.flatnonzero(held_out)


def open_cache(
    recipe: DataRecipe, folder: Path, *, on_progress: Callable[[int, int], None]
) -> PhotoCache:
    """The cache of the recipe's pictures, decoded now if it is not there yet.

    `on_progress(done, total)` is called while decoding. Bad pictures are left out and listed in a
    file of the cache. A half-made cache of a run that was killed is never taken for a whole one:
    the index is written last.

    Raises `InputError` where no picture can teach colour, `SetupError` where the disk is full.
    """
    sources = find_sources(recipe)
    files = CacheFiles(folder, fingerprint(sources, recipe))
    if not files.index.is_file():
        write_cache(sources, recipe, files, on_progress)
    index = np.load(files.index)
    refused = tuple(Refused(**entry) for entry in json.loads(files.refused.read_bytes()))
    if not (index[:, PART] != Part.VALIDATION).any():
        first = f" The first: {refused[0].reason}." if refused else ""
        raise InputError(
            "None of the photos can teach colour: "
            f"all {len(sources)} are broken, tiny or grey.{first} {files.refused} lists them."
        )
    return PhotoCache(np.asarray(np.memmap(files.pixels, np.uint8, "r")), index, files.key, refused)


@dataclass(frozen=True)
class CacheFiles:
    """The files of one cache."""

    folder: Path
    key: str

    @property
    def pixels(self) -> Path:
        return self.folder / f"{self.key}.pixels"

    @property
    def index(self) -> Path:
        return self.folder / f"{self.key}.index.npy"

    @property
    def refused(self) -> Path:
        return self.folder / f"{self.key}.refused.json"


def write_cache(
    sources: list[Source],
    recipe: DataRecipe,
    files: CacheFiles,
    on_progress: Callable[[int, int], None],
) -> None:
    """Decode every picture on all cores and write pixels, the refused ones, then the index.

    One thread reads, in order, as disks and compressed tars want it.
    """
    rows: list[tuple[int, ...]] = []
    refused: list[Refused] = []
    made = in_order(partial(decoded, recipe), map(read, sources), workers=cores())
    with new_file(files.pixels) as file:
        for done, (source, found) in enumerate(zip(sources, made, strict=True), 1):
            if isinstance(found, Refused):
                refused.append(found)
            else:
                example, digest = found
                height, width, _ = example.rgb.shape
                has_given = example.given is not None
                rows.append((file.tell(), height, width, digest, has_given, source.part))
                for plane in (example.rgb, example.given):
                    if plane is not None:
                        file.write(np.ascontiguousarray(plane).data)
            if done % PROGRESS_EVERY == 0 or done == len(sources):
                require_room(files.folder, file.tell(), done / len(sources), done)
                on_progress(done, len(sources))
    listed = [asdict(entry) for entry in refused]
    write_atomic(files.refused, json.dumps(listed, indent=1, ensure_ascii=False).encode())
    index = io.BytesIO()
    np.save(index, np.array(rows, dtype=np.int64).reshape(-1, PART + 1))
    write_atomic(files.index, index.getvalue())


def require_room(folder: Path, written_bytes: int, share: float, done: int) -> None:
    """Raise a `SetupError` as soon as it is plain that the rest will not fit on the disk."""
    wanted, free = written_bytes / share * (1 - share), shutil.disk_usage(folder).free
    if done >= TYPICAL and wanted > free:
        raise SetupError(
            f"The decoded pictures need about {(written_bytes / share) / 1e9:,.0f} GB in {folder}, "
            f"and {(written_bytes + free) / 1e9:,.0f} GB are there. Choose another --cache folder, "
            "set data.short_side_px or data.limit smaller, or learn from shards (data.layout)"
        )


def read(source: Source) -> Encoded | Refused:
    """The source's bytes, or why they cannot be had."""
    try:
        return read_source(source)
    except InputError as error:
        return Refused(str(source.photo.path), str(error))


def decoded(recipe: DataRecipe, encoded: Encoded | Refused) -> tuple[Example, int] | Refused:
    """The example in the bytes and their hash, or why there is none."""
    if isinstance(encoded, Refused):
        return encoded
    try:
        return decode_source(encoded, recipe), encoded.digest
    except (PhotochromError, MemoryError) as error:
        reason = str(error) or "it does not fit into memory"
        return Refused(str(encoded.source.photo.path), reason)


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write that is at `path` once it is whole.

    What a killed process left half-made in its place is removed.
    Raises `SetupError` where the disk is full or takes no files.
    """
    partial_path = path.with_suffix(f".{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for other in path.parent.glob(f"{path.stem}.*.part"):
            if time.time() - other.stat().st_mtime > ABANDONED_S:
                other.unlink(missing_ok=True)
        with partial_path.open("wb") as file:
            yield file
        partial_path.replace(path)
    except OSError as error:
        advice = "Choose another --cache folder"
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            advice = (
                "The disk is full: free some space, choose another --cache folder, "
                "set data.short_side_px or data.limit smaller, or learn from shards"
            )
        raise SetupError(f"cannot write {path}: {error.strerror or error}. {advice}") from error
    finally:
        partial_path.unlink(missing_ok=True)
