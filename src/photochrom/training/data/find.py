"""Photos found in folders, zips, tars and lists."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Protocol, TypeVar

from photochrom.errors import InputError
from photochrom.training.data.archives import is_archive, opened_archive
from photochrom.training.recipe import DataRecipe

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".avif", ".jp2"}
LIST_SUFFIX = ".txt"  # a list of photos, as `photochrom data split` writes them


class HasName(Protocol):
    """What is chosen by name."""

    @property
    def name(self) -> str: ...


Named = TypeVar("Named", bound=HasName)


@dataclass(frozen=True)
class PhotoName:
    """Where a photo lies: a folder or archive, and the name inside it."""

    container: Path
    name: str

    def read_bytes(self) -> bytes:
        if self.container.is_dir():
            return (self.container / self.name).read_bytes()
        return opened_archive(self.container).read(self.name)

    @property
    def path(self) -> Path:
        """Its path, as if an archive were a folder."""
        return self.container / self.name


def find_photos(recipe: DataRecipe) -> list[PhotoName]:
    """Every picture in the recipe's `paths` that its globs and its limit let through.

    Raises `InputError` where a path is absent, an archive is damaged or nothing is left.
    """
    chosen = [photo for photo in find_in(recipe.paths) if is_chosen(photo.name, recipe)]
    if not chosen:
        raise nothing_found(recipe.paths, recipe)
    return limited(chosen, recipe.limit)


def nothing_found(paths: tuple[str, ...], recipe: DataRecipe) -> InputError:
    """The error that no photo is left of these paths."""
    if not paths:
        return InputError("Say which photos: --data FOLDER, or zips or tars.")
    told = (("include", recipe.include), ("exclude", recipe.exclude))
    filters = "; ".join(
        f"{name} {', '.join(globs)}" for name, globs in told if globs not in ((), ("*",))
    )
    filters = f" ({filters})" if filters else ""
    return InputError(
        f"No photos to train on in {', '.join(paths)}{filters}. Give folders, zips or tars with "
        "--data."
    )


def find_in(paths: Iterable[str]) -> list[PhotoName]:
    """Every picture in these folders, archives, lists and patterns of them, each once.

    Those of a folder are sorted by name, those of an archive stay as they lie, which is how they
    are read fastest.
    """
    found = (photo for path in paths for place in places(path) for photo in photos_at(place))
    return list(dict.fromkeys(found))


def places(path: str) -> list[Path]:
    """What a path or pattern stands for; `InputError` where there is nothing."""
    plain = Path(path).expanduser()
    if plain.exists():
        return [plain]
    matches = sorted(Path(plain.anchor).glob(str(plain.relative_to(plain.anchor))))
    if not matches:
        raise InputError(f"{plain} does not exist: check how it is spelled.")
    return matches


def photos_at(place: Path) -> Iterator[PhotoName]:
    """The pictures of one folder, archive or list, or the picture itself."""
    if place.is_dir():
        yield from photos_under(place)
    elif place.suffix.lower() in SUFFIXES:
        yield PhotoName(place.parent, place.name)
    elif place.suffix.lower() == LIST_SUFFIX:
        yield from listed_photos(place)
    else:
        yield from photos_inside(place)


def photos_under(folder: Path) -> Iterator[PhotoName]:
    """The pictures under a folder, by name, then those in the archives under it."""
    files = sorted(files_under(folder))
    yield from (PhotoName(folder, name) for name in files if is_picture(name))
    for name in files:
        if is_archive(name):
            yield from photos_inside(folder / name)


def files_under(folder: Path) -> Iterator[str]:
    """The names of all files under a folder, as seen from it.

    Raises `InputError` where a folder may not be read.
    """

    def refuse(error: OSError) -> None:
        raise InputError(f"{error.filename} cannot be read: {error.strerror}") from error

    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders.sort()
        inside = os.path.relpath(parent, folder)
        prefix = "" if inside == "." else f"{Path(inside).as_posix()}/"
        yield from (prefix + name for name in names)


def photos_inside(archive: Path) -> Iterator[PhotoName]:
    """The pictures of an archive."""
    names = opened_archive(archive).names
    return (PhotoName(archive, name) for name in names if is_picture(name))


def listed_photos(path: Path) -> Iterator[PhotoName]:
    """The pictures that a list names, one a line, as seen from the list's folder.

    Raises `InputError` for a line that names nothing.
    """
    text = path.read_text(encoding="utf-8", errors="surrogateescape")
    for number, line in enumerate(text.splitlines(), 1):
        if not (name := line.strip()):
            continue
        photo = named_photo(path.parent / name)
        if photo is None:
            raise InputError(f"{path}, line {number}: there is no photo {name}.")
        yield photo


def named_photo(path: Path) -> PhotoName | None:
    """The photo at a path in which an archive may stand for a folder; None where there is none."""
    if path.is_file():
        return PhotoName(path.parent, path.name)
    for parent in path.parents:
        if is_archive(parent.name) and parent.is_file():
            name = path.relative_to(parent).as_posix()
            return PhotoName(parent, name) if name in known_names(parent) else None
    return None


@lru_cache(maxsize=64)
def known_names(archive: Path) -> frozenset[str]:
    """What an archive holds."""
    return frozenset(opened_archive(archive).names)


def is_picture(name: str) -> bool:
    """Whether a file of this name is one; what macOS adds to zips is not.

    >>> is_picture("a/b.JPG"), is_picture("__MACOSX/a/._b.JPG")
    (True, False)
    """
    path = PurePosixPath(name)
    return path.suffix.lower() in SUFFIXES and not path.name.startswith("._")


def is_chosen(name: str, recipe: DataRecipe) -> bool:
    """Whether the recipe's globs take this name."""
    return any(fnmatch(name, glob) for glob in recipe.include) and not any(
        fnmatch(name, glob) for glob in recipe.exclude
    )


def limited(found: Sequence[Named], most: int) -> list[Named]:
    """At most so many (0 for all), in their order: something of everything.

    Names are hashed to choose, since the first ones in order would all show one kind of thing.
    """
    if not most or len(found) <= most:
        return list(found)

    def place(i: int) -> bytes:
        return hashlib.sha256(found[i].name.encode("utf-8", "surrogateescape")).digest()

    return [found[i] for i in sorted(sorted(range(len(found)), key=place)[:most])]
