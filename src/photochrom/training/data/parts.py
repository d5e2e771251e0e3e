"""The parts of a split on disk: three lists of photos, or three folders with the photos."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from photochrom.errors import InputError, SetupError
from photochrom.media.atomic import write_atomic
from photochrom.training.data.find import PhotoName
from photochrom.training.data.picture import place_of
from photochrom.training.data.sources import read_photo
from photochrom.training.data.split import Part
from photochrom.training.data.survey import PhotoFacts, Progress

Parts = Mapping[Part, Sequence[PhotoFacts]]


class Form(StrEnum):
    """How the parts are written."""

    LISTS = "lists"
    COPIES = "copies"
    LINKS = "links"


def lists_of(parts: Parts, folder: Path) -> dict[Path, bytes]:
    """Each part's list, PART.txt in `folder`: a photo a line, its path as seen from there.

    A photo in an archive is named as if the archive were a folder. That of an empty part is empty.
    """
    here = Path(os.path.realpath(folder))
    return {
        folder / f"{part}.txt": "".join(_line(facts, here) for facts in photos).encode()
        for part, photos in parts.items()
    }


def places_of(parts: Parts, folder: Path) -> dict[Path, PhotoFacts]:
    """Where each photo goes: `folder`/PART, then its place in its own folder or archive.

    Those of several folders or archives are kept apart by a folder of that name.
    Raises `InputError` where two photos would go to one place.
    """
    containers = {facts.photo.container for photos in parts.values() for facts in photos}
    places: dict[Path, PhotoFacts] = {}
    for part, photos in parts.items():
        for facts in photos:
            origin = facts.photo.container.stem if len(containers) > 1 else ""
            place = folder / part / origin / place_of(facts.photo)
            if place in places:
                raise InputError(
                    f"{place} would hold both {places[place].path} and {facts.path}: "
                    "split them in separate runs, or write lists (--as lists)"
                )
            places[place] = facts
    return places


def write_lists(lists: Mapping[Path, bytes], *, overwrite: bool) -> None:
    """Write the lists, all or, where another file is in the way, none; an empty one is no file.

    Raises `InputError` for such a file unless `overwrite` replaces or removes it.
    """
    for path, text in lists.items():
        if not overwrite and path.exists() and path.read_bytes() != text:
            raise _in_the_way(path)
    for path, text in lists.items():
        make_folder(path.parent)
        if text:
            write_atomic(path, text)
        else:
            path.unlink(missing_ok=True)


def write_photos(
    places: Mapping[Path, PhotoFacts],
    folder: Path,
    form: Form,
    *,
    overwrite: bool,
    on_progress: Progress,
) -> None:
    """Copy or hard-link every photo to its place; those that are there already stay.

    Raises `InputError`, before anything is written, where another file is in the way (`overwrite`
    replaces it), or where a part's folder holds photos that do not belong there: what trained
    once would now test. `SetupError` where the machine refuses.
    """
    _refuse_strangers(places, folder)
    missing = {
        place: facts.photo
        for place, facts in places.items()
        if not _is_there(place, facts, overwrite=overwrite)
    }
    for done, (place, photo) in enumerate(missing.items(), 1):
        make_folder(place.parent)
        if form is Form.LINKS:
            _link(photo, place)
        else:
            write_atomic(place, read_photo(photo))
        on_progress(done, len(missing))


def make_folder(folder: Path) -> None:
    """Make the folder where it is not there.

    Raises `InputError` where a file has that name, `SetupError` where the machine refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError(
            f"cannot make the folder {folder}: a file has that name. Choose another folder"
        ) from error
    except OSError as error:
        raise SetupError(f"cannot make the folder {folder}: {error.strerror or error}") from error


def _line(facts: PhotoFacts, here: Path) -> str:
    container = os.path.relpath(os.path.realpath(facts.photo.container), here)
    path = (Path(container) / facts.photo.name).as_posix()
    is_utf8 = os.fsencode(path).decode("utf-8", "replace") == path
    if not is_utf8 or [path] != path.splitlines() or path != path.strip():
        raise InputError(
            f"a list cannot hold the name {path!r}, which has a line break, blanks at its ends "
            "or bytes that are no UTF-8: rename it, or use --as copies"
        )
    return f"{path}\n"


def _refuse_strangers(places: Mapping[Path, PhotoFacts], folder: Path) -> None:
    for part in Part:
        for file in sorted((folder / part).rglob("*")):
            if file.is_file() and file not in places:
                raise InputError(
                    f"{file} is no photo of this part: it would mix two splits. "
                    "Choose another folder with -o"
                )


def _is_there(place: Path, facts: PhotoFacts, *, overwrite: bool) -> bool:
    if not place.exists():
        return False
    if hashlib.sha256(place.read_bytes()).hexdigest() == facts.sha256:
        return True
    if not overwrite:
        raise _in_the_way(place)
    return False


def _link(photo: PhotoName, place: Path) -> None:
    if not photo.container.is_dir():
        raise InputError(
            f"{photo.container} is an archive, and what lies in one cannot be linked: "
            "use --as copies or --as lists"
        )
    try:
        place.unlink(missing_ok=True)
        os.link(photo.container / photo.name, place)
    except OSError as error:
        raise SetupError(
            f"cannot link {place} to {photo.container / photo.name}: {error.strerror or error}. "
            "Use --as copies"
        ) from error


def _in_the_way(path: Path) -> InputError:
    return InputError(
        f"{path} exists already and is another file. "
        "Choose another folder with -o, or replace it with --overwrite"
    )
