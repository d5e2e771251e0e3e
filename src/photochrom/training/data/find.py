"""Photos found in folders and zips."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path

from photochrom.errors import InputError
from photochrom.training.recipe import DataRecipe

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".avif", ".jp2"}


@dataclass(frozen=True)
class PhotoName:
    """Where a photo lies: a folder or zip, and the name inside it."""

    container: Path
    name: str

    def read_bytes(self) -> bytes:
        if self.container.is_dir():
            return (self.container / self.name).read_bytes()
        return opened_zip(self.container).read(self.name)


@lru_cache(maxsize=16)
def opened_zip(path: Path) -> zipfile.ZipFile:
    """The zip, its directory read once; reading members from several threads is safe."""
    return zipfile.ZipFile(path)


def find_photos(recipe: DataRecipe) -> list[PhotoName]:
    """Every picture in the recipe's folders and zips that its globs let through, sorted.

    Raises `InputError` where a path is absent, a zip is damaged or nothing is left.
    """
    found: list[PhotoName] = []
    for text in recipe.paths:
        path = Path(text).expanduser()
        containers = [path] if path.exists() else sorted(path.parent.glob(path.name))
        if not containers:
            raise InputError(f"{path} does not exist: check how it is spelled.")
        for container in containers:
            found += [PhotoName(container, name) for name in names_inside(container)]
    chosen = [photo for photo in found if is_chosen(photo.name, recipe)]
    if not chosen:
        raise InputError(
            f"No photos to train on in {', '.join(recipe.paths) or 'no path at all'} "
            f"(include {list(recipe.include)}, exclude {list(recipe.exclude)}). "
            "Give folders or zip files with --data."
        )
    return chosen[: recipe.limit] if recipe.limit else chosen


def names_inside(container: Path) -> list[str]:
    """The pictures' names in a folder (recursively) or a zip."""
    if container.is_dir():
        files = (file.relative_to(container).as_posix() for file in container.rglob("*"))
        return sorted(name for name in files if Path(name).suffix.lower() in SUFFIXES)
    try:
        with zipfile.ZipFile(container) as archive:
            names = archive.namelist()
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError(f"{container} is neither a folder nor a readable zip: {error}") from error
    return sorted(name for name in names if Path(name).suffix.lower() in SUFFIXES)


def is_chosen(name: str, recipe: DataRecipe) -> bool:
    """Whether the recipe's globs take this name."""
    return any(fnmatch(name, glob) for glob in recipe.include) and not any(
        fnmatch(name, glob) for glob in recipe.exclude
    )
