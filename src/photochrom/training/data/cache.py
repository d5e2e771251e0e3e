"""Photos for training, decoded once and kept in one memory-mapped file."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.errors import InputError
from photochrom.media.atomic import write_atomic
from photochrom.training.data.find import PhotoName, find_photos
from photochrom.training.recipe import DataRecipe

LEAST_COLOUR = 4.0  # mean of max(R, G, B) − min(R, G, B), 0…255, below which a photo teaches grey
LEAST_SIDE_PX = 32
CHUNK = 256  # photos decoded before they are written


@dataclass(frozen=True)
class PhotoCache:
    """Decoded photos in one memory-mapped file.

    `index` holds offset, height, width and the content hash of each photo; `photo(i)` is
    (H, W, 3) uint8 sRGB, a view into the file.
    """

    pixels: NDArray[np.uint8]
    index: NDArray[np.int64]
    fingerprint: str

    def __len__(self) -> int:
        return len(self.index)

    def photo(self, i: int) -> NDArray[np.uint8]:
        offset, height, width, _ = self.index[i]
        return self.pixels[offset : offset + height * width * 3].reshape(height, width, 3)

    def split(self, validation_share: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which photos train and which validate, by content hash: equal photos never do both."""
        is_validation = self.index[:, 3] % 10_000 < round(validation_share * 10_000)
        return np.flatnonzero(~is_validation), np.flatnonzero(is_validation)


def fingerprint(photos: list[PhotoName], short_side_px: int) -> str:
    """A short hash that changes with the set of photos, their containers' contents or the size."""
    files = sorted({p.container / p.name if p.container.is_dir() else p.container for p in photos})
    stats = [(str(f.resolve()), f.stat().st_size, f.stat().st_mtime_ns) for f in files]
    names = hashlib.sha256("\n".join(photo.name for photo in photos).encode()).hexdigest()
    return hashlib.sha256(json.dumps([stats, names, short_side_px]).encode()).hexdigest()[:16]


def decode(encoded: bytes, short_side_px: int) -> NDArray[np.uint8] | None:
    """A photo as (H, W, 3) uint8 with at most that short side; None where it cannot teach colour.

    Broken, tiny and colourless pictures cannot.
    """
    try:
        with Image.open(io.BytesIO(encoded)) as picture:
            rgb = picture.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    if min(rgb.size) < LEAST_SIDE_PX:
        return None
    scale = short_side_px / min(rgb.size)
    if scale < 1:
        size = (round(rgb.width * scale), round(rgb.height * scale))
        rgb = rgb.resize(size, Image.Resampling.BOX if scale < 0.5 else Image.Resampling.BILINEAR)
    photo = np.asarray(rgb)
    spread = photo.max(axis=2).astype(np.int16) - photo.min(axis=2)
    return photo if spread.mean() >= LEAST_COLOUR else None


def open_cache(
    recipe: DataRecipe, folder: Path, *, on_progress: Callable[[int, int], None]
) -> PhotoCache:
    """The cache of the recipe's photos, decoded now if it is not there yet.

    `on_progress(done, total)` is called while decoding. A half-made cache of a run that was killed
    is never taken for a whole one: the index is written last.
    """
    photos = find_photos(recipe)
    key = fingerprint(photos, recipe.short_side_px)
    pixels_path, index_path = folder / f"{key}.pixels", folder / f"{key}.index.npy"
    if not index_path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        write_cache(photos, recipe.short_side_px, pixels_path, index_path, on_progress)
    index = np.load(index_path)
    if not len(index):
        raise InputError("None of the photos can teach colour: all are broken, tiny or grey.")
    return PhotoCache(np.memmap(pixels_path, dtype=np.uint8, mode="r"), index, key)


def write_cache(
    photos: list[PhotoName],
    short_side_px: int,
    pixels_path: Path,
    index_path: Path,
    on_progress: Callable[[int, int], None],
) -> None:
    """Decode every photo on all cores and write pixels, then the index."""

    def read(photo: PhotoName) -> tuple[NDArray[np.uint8] | None, int]:
        try:
            encoded = photo.read_bytes()
        except (OSError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
            raise InputError(f"{photo.container}: {photo.name} cannot be read: {error}") from error
        digest = int.from_bytes(hashlib.sha256(encoded).digest()[:6], "big")
        return decode(encoded, short_side_px), digest

    rows: list[tuple[int, int, int, int]] = []
    offset = done = 0
    partial = pixels_path.with_suffix(f".{os.getpid()}.part")
    try:
        with partial.open("wb") as file, ThreadPoolExecutor(os.cpu_count()) as pool:
            for chunk in chunks(photos, CHUNK):
                for photo, digest in pool.map(read, chunk):
                    if photo is not None:
                        rows.append((offset, *photo.shape[:2], digest))
                        offset += file.write(np.ascontiguousarray(photo).data)
                done += len(chunk)
                on_progress(done, len(photos))
        partial.replace(pixels_path)
    finally:
        partial.unlink(missing_ok=True)
    index = io.BytesIO()
    np.save(index, np.array(rows, dtype=np.int64).reshape(-1, 4))
    write_atomic(index_path, index.getvalue())


def chunks(photos: list[PhotoName], size: int) -> Iterator[list[PhotoName]]:
    """The list in runs of `size`."""
    iterator = iter(photos)
    while chunk := list(islice(iterator, size)):
        yield chunk
