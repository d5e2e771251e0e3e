"""Which pictures are meant: files, folders and patterns, each with its place under OUT."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from photochrom.errors import InputError, PhotochromError, SetupError
from photochrom.media.formats import PICTURE_SUFFIXES


@dataclass(frozen=True)
class Picture:
    """A file to work on, and its place under an output folder."""

    path: Path
    place: Path


@dataclass
class Findings:
    """The pictures found, those passed over under OUT, and what could not be found or read."""

    pictures: list[Picture] = field(default_factory=list)
    passed_over: list[Path] = field(default_factory=list)
    failures: list[tuple[str, PhotochromError]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.pictures) + len(self.passed_over) + len(self.failures)


def has_picture_suffix(path: Path) -> bool:
    """True where the name ends like a picture's."""
    return path.suffix.lower() in PICTURE_SUFFIXES


def is_name(name: str) -> bool:
    """True for a file's own name, there or not; False for a pattern that is no file's name too."""
    return not glob.has_magic(name) or Path(name).exists()


def find_pictures(
    paths: Sequence[str],
    *,
    recursive: bool = False,
    out: Path | None = None,
    suffixes: frozenset[str] = PICTURE_SUFFIXES,
) -> Findings:
    """The pictures that files, folders and patterns (`scans/**/*.jpg`) name, each once.

    A folder gives those of its files that end in one of `suffixes`, with `recursive` those of
    its subfolders too; hidden ones are passed over. What lies under `out` is never a picture.
    """
    search = _Search(recursive, None if out is None else Path(os.path.realpath(out)), suffixes)
    for path in paths:
        try:
            search.add(path)
        except PhotochromError as error:
            search.findings.failures.append((path, error))
        except OSError as error:
            search.findings.failures.append((path, refused_by_machine(path, error)))
    return search.findings


def is_folder(name: str | Path) -> bool:
    """True for a folder; False too where the machine refuses to say."""
    try:
        return Path(name).is_dir()
    except OSError:
        return False


def refused_by_machine(name: str, error: OSError) -> SetupError:
    """The error for a file or folder that the operating system refuses, in its words."""
    return SetupError(f"{error.filename or name}: {error.strerror or error}")


class _Search:
    """Collects pictures, each once, whatever names it was reached by."""

    def __init__(self, recursive: bool, out: Path | None, suffixes: frozenset[str]) -> None:
        self.recursive = recursive
        self.out = out
        self.suffixes = suffixes
        self.findings = Findings()
        self._seen: set[str] = set()

    def add(self, name: str) -> None:
        """Take in what one argument names."""
        if not name:
            raise InputError("an empty name was given: is a variable unset?")
        path = Path(name)
        if path.is_dir():
            self._add_folder(path)
        elif path.exists():
            self._take(path, Path(path.name))
        elif not is_name(name):
            self._add_pattern(name)
        else:
            raise InputError(f"{name} does not exist: check how it is spelled")

    def _take(self, path: Path, place: Path) -> bool:
        real = os.path.realpath(path)
        if self._is_under_out(real):
            self.findings.passed_over.append(path)
            return False
        if real not in self._seen:
            self._seen.add(real)
            self.findings.pictures.append(Picture(path, place))
        return True

    def _is_under_out(self, real: str) -> bool:
        return self.out is not None and Path(real).is_relative_to(self.out)

    def _add_folder(self, folder: Path) -> None:
        if self._is_under_out(os.path.realpath(folder)):
            raise InputError(
                f"{folder} lies in the output folder, and what lies there is never an input. "
                f"Give another folder with -o, or none to write beside the originals"
            )
        found = 0
        for path in self._files_in(folder):
            if path.suffix.lower() in self.suffixes:
                self._take(path, path.relative_to(folder))
                found += 1
        if not found:
            raise _no_pictures(folder, self.suffixes, self.recursive)

    def _files_in(self, folder: Path) -> Iterator[Path]:
        for parent, folders, files in os.walk(folder, onerror=_raise):
            here = Path(parent)
            folders[:] = [
                name
                for name in sorted(folders)
                if self.recursive
                and not name.startswith(".")
                and not self._is_under_out(os.path.realpath(here / name))
            ]
            yield from (here / name for name in sorted(files) if not name.startswith("."))

    def _add_pattern(self, pattern: str) -> None:
        root, wildcards = _split_pattern(pattern)
        files = sorted(path for path in root.glob(wildcards) if path.is_file())
        if not files:
            raise InputError(f"no file matches {pattern}: check how it is spelled")
        # Sidecars match 'scans/*' too; a pattern of nothing but odd suffixes is meant as it says.
        files = [path for path in files if path.suffix.lower() in self.suffixes] or files
        for path in files:
            place = path.relative_to(root)
            if not any(part.startswith(".") for part in place.parts):
                self._take(path, place)


def _raise(error: OSError) -> None:
    raise error


def _split_pattern(pattern: str) -> tuple[Path, str]:
    """The folder before the first wildcard, below which matches keep their place, and the rest."""
    parts = Path(pattern).parts
    fixed = next(i for i, part in enumerate(parts) if glob.has_magic(part))
    return Path(*parts[:fixed]), str(Path(*parts[fixed:]))


def _no_pictures(folder: Path, suffixes: frozenset[str], recursive: bool) -> InputError:
    looked_for = ", ".join(sorted(suffixes))
    deeper = "" if recursive else ". Its subfolders were not searched: add --recursive"
    return InputError(f"{folder} has no pictures (looked for {looked_for}){deeper}")
