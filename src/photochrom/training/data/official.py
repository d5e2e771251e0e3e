"""The split that a set comes with: folders side by side called train and val, or official lists.

ImageNet: `train/`, `val/` or `ILSVRC2012_img_train.tar`, `ILSVRC2012_img_val.tar`, with
`ImageSets/CLS-LOC/val.txt`. Places365: `train/`, `val/` (the easy-to-use tree) or `data_256`,
`val_256`, `test_256`, with `places365_val.txt`. What lies in a test part is never learned from.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import IntEnum
from functools import lru_cache
from pathlib import Path, PurePosixPath

from photochrom.errors import InputError
from photochrom.training.data.archives import DAMAGED, archive_stem, is_archive, opened_archive
from photochrom.training.data.find import PhotoName, files_under, is_picture

LONGEST_ENTRY = 6  # parts of a name that a list may give


class Part(IntEnum):
    """What a photo is for; `ANY` is left to its contents' hash."""

    ANY = 0
    TRAINING = 1
    VALIDATION = 2
    TEST = 3


FOLDERS = {
    Part.TRAINING: re.compile(r"(ilsvrc2012_img_)?train(ing)?([_-].*)?|data_(256|large).*", re.I),
    Part.VALIDATION: re.compile(r"(ilsvrc2012_img_)?val(id|idation)?([_-].*)?", re.I),
    Part.TEST: re.compile(r"(ilsvrc2012_img_)?test([_-].*)?", re.I),
}
LISTS = {
    Part.TRAINING: re.compile(r"(.*_)?train(_(cls|standard|challenge))?\.(txt|csv)", re.I),
    Part.VALIDATION: re.compile(r"(.*_)?val(idation)?(_solution|_standard)?\.(txt|csv)", re.I),
    Part.TEST: re.compile(r"(.*_)?test\.(txt|csv)", re.I),
}


def official_parts(photos: Sequence[PhotoName], roots: Iterable[Path]) -> list[Part]:
    """The part of each photo, by the lists under `roots` first, then by its folders."""
    listed = listed_parts(roots)
    paths = [parts_of_path(photo) for photo in photos]
    by_folder = folder_splits({path[:-1] for path in paths})
    return [part_by_lists(path, listed) or by_folder.get(path[:-1], Part.ANY) for path in paths]


def parts_of_path(photo: PhotoName) -> tuple[str, ...]:
    """The parts of a photo's path; an archive counts as a folder without its suffix."""
    return (*folder_parts(photo.container), *map(archive_stem, PurePosixPath(photo.name).parts))


@lru_cache(maxsize=256)
def folder_parts(container: Path) -> tuple[str, ...]:
    """The parts of a folder's or archive's absolute path."""
    absolute = container.absolute()
    return (*absolute.parts[:-1], archive_stem(absolute.name))


def folder_splits(folders: Collection[tuple[str, ...]]) -> dict[tuple[str, ...], Part]:
    """The part of each folder that lies in a split: a part for training and, beside it, another.

    Of splits within splits the outermost counts.
    """
    above = {folder[:i] for folder in folders for i in range(1, len(folder) + 1)}
    beside: dict[tuple[str, ...], set[Part]] = {}
    for folder in above:
        if part := part_of_name(folder[-1]):
            beside.setdefault(folder[:-1], set()).add(part)
    splits = {at for at, parts in beside.items() if Part.TRAINING in parts and len(parts) > 1}
    parts: dict[tuple[str, ...], Part] = {}
    for folder in folders:
        inside = (i for i in range(len(folder)) if folder[:i] in splits)
        named = (part for i in inside if (part := part_of_name(folder[i])))
        parts[folder] = next(named, Part.ANY)
    return parts


@lru_cache(maxsize=4096)
def part_of_name(name: str) -> Part:
    """What a folder's name says.

    >>> part_of_name("val_256"), part_of_name("valley")
    (<Part.VALIDATION: 2>, <Part.ANY: 0>)
    """
    return next((part for part, name_of in FOLDERS.items() if name_of.fullmatch(name)), Part.ANY)


def part_by_lists(parts: tuple[str, ...], listed: dict[tuple[str, ...], Part]) -> Part:
    """The part of the list that names the end of this path, by its longest name."""
    if not listed:
        return Part.ANY
    ending = (*parts[-LONGEST_ENTRY:-1], stem(parts[-1]))
    names = (ending[i:] for i in range(len(ending)))
    return next((listed[name] for name in names if name in listed), Part.ANY)


def listed_parts(roots: Iterable[Path]) -> dict[tuple[str, ...], Part]:
    """What the official lists under these folders name: the ends of paths, without suffix."""
    listed: dict[tuple[str, ...], Part] = {}
    for name, text in lists_under(roots):
        part = next(part for part, name_of in LISTS.items() if name_of.fullmatch(name))
        for entry in entries(text):
            listed[entry] = part
    return listed


def lists_under(roots: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Name and text of every list in these folders and archives, and in archives in folders."""
    for root in roots:
        if not root.is_dir():
            yield from lists_inside(root)
            continue
        for name in sorted(files_under(root)):
            if is_list(name):
                yield text_of(PhotoName(root, name))
            elif is_archive(name):
                yield from lists_inside(root / name)


def lists_inside(archive: Path) -> Iterator[tuple[str, str]]:
    """Those of an archive."""
    if not is_archive(archive.name):
        return
    for name in opened_archive(archive).names:
        if is_list(name):
            yield text_of(PhotoName(archive, name))


def text_of(file: PhotoName) -> tuple[str, str]:
    """Name and text of a list; `InputError` where its folder or archive does not give it."""
    try:
        return file.path.name, file.read_bytes().decode("utf-8", "replace")
    except (*DAMAGED, RuntimeError) as error:  # a password is a RuntimeError
        raise InputError(f"{file.path} cannot be read: {error}") from error


def is_list(name: str) -> bool:
    """Whether a file of this name is an official list."""
    base = PurePosixPath(name).name
    return any(name_of.fullmatch(base) for name_of in LISTS.values())


def entries(text: str) -> Iterator[tuple[str, ...]]:
    """The path on each line, before a label, as parts without suffix.

    >>> list(entries("/a/airfield/00000001.jpg 0"))
    [('a', 'airfield', '00000001')]
    >>> list(entries("../photos/the sea.jpg"))  # as `photochrom data split` writes it
    [('photos', 'the sea')]
    """
    for line in map(str.strip, text.splitlines()):
        path = line if is_picture(line) else re.split(r"[\s,]", line, maxsplit=1)[0]
        parts = [part for part in PurePosixPath(path.lstrip("/")).parts if part != ".."]
        if parts:
            yield (*parts[:-1], stem(parts[-1]))


def stem(name: str) -> str:
    """The name without a picture's suffix."""
    return PurePosixPath(name).stem
