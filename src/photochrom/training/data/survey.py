"""What a set of photos holds: their sizes, which are broken, grey or toned, which come twice."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
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
from photochrom.training.data.duplicates import difference_hash, near_groups
from photochrom.training.data.find import PhotoName
from photochrom.training.data.picture import (
    UNREADABLE,
    Broken,
    broken,
    open_picture,
    photo_path,
)

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
    difference_hash: int

    @property
    def path(self) -> Path:
        return photo_path(self.photo)


@dataclass(frozen=True)
class Survey:
    """All photos of a set, in the order of their names."""

    photos: Sequence[PhotoFacts]
    broken: Sequence[Broken]

    @cached_property
    def groups(self) -> list[list[PhotoFacts]]:
        """The photos, near-duplicates and equal ones together, each group at its first photo."""
        hashes = np.array([facts.difference_hash for facts in self.photos], np.uint64)
        groups: defaultdict[int, list[PhotoFacts]] = defaultdict(list)
        for first, facts in zip(near_groups(hashes).tolist(), self.photos, strict=True):
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


def _examined(photos: Sequence[PhotoName]) -> Iterator[PhotoFacts | Broken]:
    yield from in_order(examine, photos, workers=os.cpu_count() or 1)


def examine(photo: PhotoName) -> PhotoFacts | Broken:
    """The facts of one photo, decoded whole, though JPEGs at a fraction of their size."""
    try:
        picture = open_picture(photo)
        small = picture.thumbnail(SIDE_PX)
    except UNREADABLE as error:
        return broken(photo, error)
    width, height = picture.size
    return PhotoFacts(
        photo,
        format=picture.format,
        width=width,
        height=height,
        bytes=len(picture.encoded),
        sha256=hashlib.sha256(picture.encoded).hexdigest(),
        tone=tone_of(np.asarray(small)),
        difference_hash=difference_hash(small),
    )


def tone_of(rgb: Coded) -> Tone:
    """Whether rgb (H, W, 3), `SIDE_PX` long or so, holds real colour, one tone, or is grey."""
    if not np.ptp(rgb, axis=2).any():
        return Tone.GREY
    if has_real_colour(rgb):
        return Tone.COLOUR
    _, ab = rgb_to_lab(rgb)
    return Tone.TONED if np.hypot(ab[..., 0], ab[..., 1]).mean() >= LEAST_CHROMA else Tone.GREY
