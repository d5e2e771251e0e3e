"""What the `photochrom data` commands share: which photos are meant, and the count of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from photochrom.cli.outcome import SOME_FAILED
from photochrom.errors import InputError
from photochrom.training.data.find import PhotoName, find_in, is_chosen, limited
from photochrom.training.data.survey import Progress, Survey
from photochrom.training.recipe import DataRecipe

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH…",
        help="Folders (with their subfolders), zips and tars of photos, and patterns of these.",
        show_default=False,
    ),
]
Include = Annotated[
    list[str] | None,
    typer.Option(
        metavar="GLOB", help="Only photos whose names inside PATH match; may be repeated."
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(metavar="GLOB", help="No photos whose names match; may be repeated."),
]
Limit = Annotated[
    int,
    typer.Option(
        min=0, metavar="N", help="So many photos at most, something of everything; 0 is all."
    ),
]


def photos_in(
    paths: Sequence[str],
    *,
    include: Sequence[str] | None = None,
    exclude: Sequence[str] | None = None,
    limit: int = 0,
    out: Path | None = None,
) -> list[PhotoName]:
    """The photos that folders, archives and patterns hold; what lies under `out` is never one.

    Raises `InputError` where a path is absent or no photo is left.
    """
    if not all(paths):
        raise InputError("an empty name was given: is a variable unset?")
    recipe = DataRecipe(include=tuple(include or ("*",)), exclude=tuple(exclude or ()))
    photos = [photo for photo in find_in(paths) if is_chosen(photo.name, recipe)]
    if not photos:
        raise InputError(
            f"no photos in {', '.join(paths)} (include {list(recipe.include)}, exclude "
            f"{list(recipe.exclude)}). Give folders, zips or tars of photos"
        )
    if out is not None:
        results = Path(os.path.realpath(out))
        photos = [photo for photo in photos if not _real_folder(photo).is_relative_to(results)]
        if not photos:
            raise InputError(
                f"all photos lie in {out}, where the results go: choose another folder for these"
            )
    return limited(photos, limit)


def _real_folder(photo: PhotoName) -> Path:
    """The folder on disk that the photo lies in; an archive counts as one."""
    return _real(photo.path.parent)


@cache
def _real(folder: Path) -> Path:
    return Path(os.path.realpath(folder))


@contextmanager
def counted(title: str, *, quiet: bool) -> Iterator[Progress]:
    """Calls of `on_progress(done, total)` as a bar on stderr, where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield _uncounted
        return
    from rich.console import Console

    from photochrom.cli.progress import bar

    with bar(Console(stderr=True)) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _uncounted(done: int, total: int) -> None:
    del done, total


def listed(title: str, lines: Sequence[str], most: int = 20) -> list[str]:
    """The lines under a title, the first `most` of them; nothing where there are none.

    >>> listed("broken", ["a.jpg", "b.jpg", "c.jpg"], 2)
    ['broken:', '  a.jpg', '  b.jpg', '  … and 1 more']
    """
    if not lines:
        return []
    rest = [f"  … and {len(lines) - most:,} more"] if len(lines) > most else []
    return [f"{title}:", *(f"  {line}" for line in lines[:most]), *rest]


def many(count: int, noun: str) -> str:
    """So many of them.

    >>> many(1, "photo"), many(2000, "photo")
    ('1 photo', '2,000 photos')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def require_sound(found: Survey) -> None:
    """Raise an `InputError` where not one of the photos can be read."""
    if not found.photos:
        bad = found.broken[0]
        raise InputError(
            f"none of the {len(found.broken)} photos can be read. {bad.path}: {bad.reason}"
        )


def say_broken(broken: Sequence[tuple[str, str]]) -> None:
    """Name every photo that could not be read, on stderr, and why."""
    for path, reason in broken:
        typer.echo(f"photochrom: {reason if path in reason else f'{path}: {reason}'}", err=True)


def exit_code(broken: Sequence[object], total: int) -> int:
    """0 when every photo could be read, the user's own mistake for a single one, else 1."""
    if not broken:
        return 0
    return InputError.exit_code if total == 1 else SOME_FAILED
