"""A film's frames as pictures in a folder, so that they are measured as any photos are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from photochrom.errors import InputError, SetupError, missing_extra
from photochrom.evaluation.photos import at_size

FILM_SUFFIXES = {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ogv"}


def is_film(path: Path) -> bool:
    """Whether a file's name ends like a film's."""
    return path.suffix.lower() in FILM_SUFFIXES


@contextmanager
def opened_film(path: Path, *, size_px: int, limit: int | None) -> Iterator[Path]:
    """A folder with the film's frames, the first `limit` of them, as PNG, while it is entered.

    They are as small as they will be measured. Raises `InputError` for what is no film,
    `SetupError` where PyAV is not installed or the disk takes no more.
    """
    with tempfile.TemporaryDirectory(prefix="photochrom-film-") as name:
        folder = Path(name) / path.stem
        folder.mkdir()
        try:
            write_frames(path, folder, size_px=size_px, limit=limit)
        except OSError as error:
            raise SetupError(f"cannot unpack {path}: {error.strerror or error}") from error
        yield folder


def write_frames(path: Path, folder: Path, *, size_px: int, limit: int | None) -> int:
    """Write the film's frames as 000001.png, 000002.png … and return how many there are."""
    try:
        import av
    except ModuleNotFoundError as error:
        raise missing_extra("Reading a film", "av", "evaluate") from error
    count = 0
    try:
        with av.open(str(path)) as film:
            for frame in film.decode(video=0):
                count += 1
                rgb = frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)
                Image.fromarray(at_size(rgb, size_px)).save(
                    folder / f"{count:06}.png", compress_level=1
                )
                if count == limit:
                    break
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist: check how it is spelled") from error
    except (av.FFmpegError, IndexError) as error:
        raise InputError(f"{path} cannot be read as a film: {error}") from error
    if not count:
        raise InputError(f"{path} holds no frames")
    return count
