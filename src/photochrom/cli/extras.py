"""What `photochrom colorize` writes beside a result: candidates, their contact sheet, a map.

All carry the record of their making, so that a later run neither takes them for photographs nor
replaces what is not ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from photochrom.cli.finished import is_finished, refuse_to_replace
from photochrom.errors import InputError
from photochrom.media.atomic import write_atomic
from photochrom.media.provenance import Provenance, merged_xmp

if TYPE_CHECKING:
    from photochrom import Photo
    from photochrom.cli.destination import Destination
    from photochrom.cli.settings import Settings


def refuse_extras(settings: Settings, to: Destination, count: int) -> None:
    """Raise `InputError` for hints with `count` pictures, and for several files on stdout."""
    if settings.hints and count > 1:
        raise InputError(
            f"hints belong to one picture, and {count} are given: colour them in separate runs"
        )
    if to.stdout and (settings.candidates > 1 or settings.uncertainty):
        raise InputError(
            "--candidates and --uncertainty write several files, and only one picture can go to "
            "stdout: name a folder or a file with -o"
        )


def candidate_path(result: Path, number: int) -> Path:
    """Where candidate `number` lies, 2 being the first that is not the ordinary result.

    >>> candidate_path(Path("a.color.jpg"), 2).name
    'a.color.candidate-2.jpg'
    """
    return result.with_name(f"{result.stem}.candidate-{number}{result.suffix}")


def write_uncertainty(photo: Photo, result: Path, settings: Settings) -> Path:
    """Write the map of how unsure the model is, white where most; where it lies.

    Raises what `Photo.uncertainty` raises, and `InputError` where something else lies there.
    """
    path = result.with_name(f"{result.stem}.uncertainty.png")
    record = photo.provenance("map=uncertainty")
    if _is_to_do(path, record, settings):
        from photochrom.media.grey_map import encode_grey_map

        height, width = photo.source.height, photo.source.width
        xmp = merged_xmp(None, record)
        write_atomic(path, encode_grey_map(photo.uncertainty, height=height, width=width, xmp=xmp))
    return path


def write_candidate_sheet(photos: Sequence[Photo], result: Path, settings: Settings) -> Path:
    """Write a sheet of the grey photo and all candidates; where it lies.

    Raises `InputError` where something else lies there.
    """
    path = result.with_name(f"{result.stem}.candidates.jpg")
    record = photos[0].provenance(f"candidates={len(photos)}")
    if _is_to_do(path, record, settings):
        from PIL import Image

        from photochrom.cli.contact_sheet import cell, encode_sheet
        from photochrom.media.pixels import to_eight_bits

        grey = Image.fromarray(to_eight_bits(photos[0].source.pixels().grey))
        cells = [cell(grey), *(cell(photo.image) for photo in photos)]
        words = ["grey", "1, the usual one", *(str(number) for number in range(2, len(photos) + 1))]
        write_atomic(path, encode_sheet(cells, words, merged_xmp(None, record)))
    return path


def _is_to_do(path: Path, record: Provenance, settings: Settings) -> bool:
    if settings.overwrite:
        return not settings.dry_run
    if is_finished(path, record):
        return False
    refuse_to_replace(path, record)
    return not settings.dry_run
