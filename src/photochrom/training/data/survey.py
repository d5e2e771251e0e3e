"""What a set of photos holds: their sizes, which are broken, grey or toned, which come twice."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import numpy as np

from photochrom.color.lab import rgb_to_lab
from photochrom.color.srgb import Coded
from photochrom.color.tone import SIDE_PX, has_real_colour
from photochrom.pipeline import in_order
from photochrom.resources import cores
from photochrom.training.data.duplicates import Likeness, likeness, near_groups
from photochrom.training.data.find import PhotoName
from photochrom.training.data.picture import UNREADABLE, Broken, picture_of
from photochrom.training.data.sources import read_photo

LEAST_CHROMA = 1.0  # mean of √(a*² + b*²) from which one tone is a tone and no longer grey

Progress: TypeAlias = Callable[[int, int], None]


class Tone(StrEnum):
    """The colour of a photo: the word that people and `--json` see."""

    COLOUR = "colour"
    TONED = "toned"  # one tone only, such as sepia
    GREY = "grey"


@dataclass(frozen=True)
class PhotoFacts:
    """A photo that can be read: its size as displayed, its contents' SHA-256, its colour."""

    photo: PhotoName
    format: str
    width: int
    height: int
    bytes: int
    sha256: str
    tone: Tone
    likeness: Likeness

    @property
    def path(self) -> Path:
        return self.photo.path


@dataclass(frozen=True)
class Survey:
    """All photos of a set, in the order of their names."""

    photos: Sequence[PhotoFacts]
    broken: Sequence[Broken]

    @cached_property
    def groups(self) -> list[list[PhotoFacts]]:
        """The photos, near-duplicates and equal ones together, each group at its first photo."""
        firsts = near_groups([facts.likeness for facts in self.photos])
        groups: defaultdict[int, list[PhotoFacts]] = defaultdict(list)
        for first, facts in zip(firsts, self.photos, strict=True):
            groups[first].append(facts)
        return list(groups.values())

    @property
    def near_duplicates(self) -> list[list[PhotoFacts]]:
        """The groups of more than one photo."""
        return [group for group in self.groups if len(group) > 1]


def survey(photos: Sequence[PhotoName], *, on_progress: Progress) -> Survey:
    """Read and decode every photo, several at a time; `on_progress(done, total)` after each.

    Broken photos are listed, not raised.
    """
    sound: list[PhotoFacts] = []
    bad: list[Broken] = []
    for done, found in enumerate(_examined(photos), 1):
        if isinstance(found, Broken):
            bad.append(found)
        else:
            sound.append(found)
        on_progress(done, len(photos))
    return Survey(sound, bad)


def _examined(photos: Iterable[PhotoName]) -> Iterator[PhotoFacts | Broken]:
    """One thread reads, in order, as disks and compressed tars want it; several decode."""
    read = (_read(photo) for photo in photos)
    yield from in_order(_examine, read, workers=cores())


def _read(photo: PhotoName) -> tuple[PhotoName, bytes] | Broken:
    try:
        return photo, read_photo(photo)
    except UNREADABLE as error:
        return Broken.by(photo, error)


def _examine(read: tuple[PhotoName, bytes] | Broken) -> PhotoFacts | Broken:
    return read if isinstance(read, Broken) else examine(*read)


def examine(photo: PhotoName, encoded: bytes) -> PhotoFacts | Broken:
    """The facts of one photo, decoded whole, though JPEGs at a fraction of their size."""
    try:
        picture = picture_of(encoded)
        width, height = picture.size
        small = picture.thumbnail(SIDE_PX)
    except UNREADABLE as error:
        return Broken.by(photo, error)
    return PhotoFacts(
        photo,
        format=picture.format,
        width=width,
        height=height,
        bytes=len(encoded),
        sha256=hashlib.sha256(encoded).hexdigest(),
        tone=tone_of(np.asarray(small)),
        likeness=likeness(small),
    )


def tone_of(rgb: Coded) -> Tone:
    """Whether rgb (H, W, 3), `SIDE_PX` long or so, holds real colour, one tone, or is grey."""
    if all(np.array_equal(rgb[..., 0], rgb[..., channel]) for channel in (1, 2)):
        return Tone.GREY
    if has_real_colour(rgb):
        return Tone.COLOUR
    _, ab = rgb_to_lab(rgb)
    return Tone.TONED if np.hypot(ab[..., 0], ab[..., 1]).mean() >= LEAST_CHROMA else Tone.GREY
