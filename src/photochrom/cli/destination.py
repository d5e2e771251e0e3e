"""Where results go: beside their originals, into a folder, into one file, or to stdout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from photochrom.cli.inputs import (
    Picture,
    find_pictures,
    has_picture_suffix,
    is_folder,
    is_name,
)
from photochrom.errors import InputError, SetupError
from photochrom.media.formats import FORMATS

STREAM = "-"


@dataclass(frozen=True)
class Destination:
    """Where a run writes: to stdout, to one file, into a folder, else beside the originals."""

    stdout: bool = False
    file: Path | None = None
    folder: Path | None = None

    def stem(self, picture: Picture) -> Path:
        """The result's path without its suffix."""
        if self.file is not None:
            return self.file.with_suffix("")
        if self.folder is not None:
            return self.folder / picture.place.with_suffix("")
        return picture.path.with_name(f"{picture.path.stem}.color")

    def path(self, picture: Picture, format_name: str) -> Path:
        """The result's path; the source's own spelling of its suffix is kept where that fits."""
        if self.file is not None:
            return self.file
        known = FORMATS[format_name]
        own = picture.path.suffix
        suffix = own if own.lower() in known.suffixes else known.suffix
        stem = self.stem(picture)
        return stem.with_name(stem.name + suffix)


def destination(out: str | None, paths: Sequence[str]) -> Destination:
    """What `-o OUT` means for these arguments; None is no `-o`.

    OUT is a file only when exactly one picture is given and OUT ends in a picture suffix.
    Raises `InputError` where several pictures would go to stdout, stdin's into a folder, or where
    OUT is a file but a folder is needed.
    """
    from_stdin = STREAM in paths
    if from_stdin and len(paths) > 1:
        raise InputError("- reads one picture from stdin: give it alone")
    if out == STREAM or (out is None and from_stdin):
        if not _is_one_picture(paths):
            raise InputError("only a single picture can go to stdout: give one file, or a folder")
        return Destination(stdout=True)
    if out is None:
        return Destination()
    if not out:
        raise InputError("-o has an empty name: is a variable unset?")
    path = Path(out)
    if _is_one_picture(paths) and has_picture_suffix(path) and not is_folder(path):
        return Destination(file=path)
    if from_stdin:
        raise InputError(f"-o {path} has no picture suffix: a picture from stdin has no name")
    if path.exists() and not is_folder(path):
        raise InputError(
            f"{path} is a file, and results go into a folder here. Name another folder with -o"
        )
    return Destination(folder=path)


def _is_one_picture(paths: Sequence[str]) -> bool:
    """True for one file, or a pattern that one file matches; a folder may have more later."""
    if len(paths) > 1 or is_folder(paths[0]):
        return False
    return is_name(paths[0]) or len(find_pictures(paths)) == 1


def make_folder_for(path: Path) -> None:
    """Make the folder that `path` will lie in; `InputError` or `SetupError` where that fails."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError(
            f"cannot make the folder {path.parent}: a file has that name. "
            "Choose another place with -o"
        ) from error
    except OSError as error:
        raise SetupError(
            f"cannot make the folder {path.parent}: {error.strerror}. Choose another place with -o"
        ) from error
