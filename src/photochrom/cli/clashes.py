"""Pictures that would be written to one and the same place: none of them is written."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from photochrom.cli.destination import Destination
from photochrom.cli.inputs import Picture
from photochrom.cli.settings import Settings
from photochrom.errors import InputError, PhotochromError
from photochrom.media.formats import default_format
from photochrom.media.photo import open_photo
from photochrom.media.provenance import read_provenance


def find_clashes(
    pictures: Iterable[Picture], to: Destination, settings: Settings
) -> dict[Path, InputError]:
    """An error for every picture whose result would be another's result too.

    Only pictures that share a stem can clash, so only those are opened.
    """
    groups: defaultdict[str, list[Picture]] = defaultdict(list)
    for picture in pictures:
        groups[os.path.normcase(to.stem(picture))].append(picture)
    clashes: dict[Path, InputError] = {}
    for group in groups.values():
        if len(group) > 1:
            clashes |= _clashes_within(group, to, settings)
    return clashes


def _clashes_within(
    group: list[Picture], to: Destination, settings: Settings
) -> dict[Path, InputError]:
    by_result: defaultdict[Path, list[Picture]] = defaultdict(list)
    for picture in group:
        format_name = _format_of(picture, settings)
        if format_name is not None:
            by_result[to.path(picture, format_name)].append(picture)
    return errors_of_sharing(by_result)


def errors_of_sharing(by_result: Mapping[Path, Sequence[Picture]]) -> dict[Path, InputError]:
    """An error for every picture that shares its result with another one."""
    return {
        picture.path: _clash(result, [str(other.path) for other in sharing])
        for result, sharing in by_result.items()
        if len(sharing) > 1
        for picture in sharing
    }


def _format_of(picture: Picture, settings: Settings) -> str | None:
    """The format of a picture's result; None where there will be none, which is said later."""
    try:
        if read_provenance(picture.path) is not None:
            return None
        if settings.format is not None:
            return settings.format
        source = open_photo(
            picture.path,
            max_megapixels=settings.max_megapixels,
            allow_truncated=settings.allow_truncated,
        )
    except PhotochromError:
        return None
    return default_format(source)


def _clash(result: Path, names: list[str]) -> InputError:
    return InputError(
        f"{result} would be the result of {' and of '.join(names)}: "
        f"rename one of them, or give them in separate runs with different -o"
    )
