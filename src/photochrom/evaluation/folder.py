"""A folder or archive of pictures that any tool has coloured, matched with the photos by name."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from photochrom.errors import InputError
from photochrom.evaluation.models import Given, sha256_of
from photochrom.evaluation.photos import at_size
from photochrom.training.data.find import PhotoName, find_in
from photochrom.training.data.picture import open_picture
from photochrom.training.data.sources import read_photo

OURS = ".color"  # `photochrom colorize` writes NAME.color.EXT beside NAME.EXT


class ColouredFolder:
    """Its pictures are found by the photos' names without their suffix, in the same subfolder.

    A picture may be as large as the photo's file, and is then made smaller as the photo is, or as
    large as the photo is measured.
    """

    kind = "folder"
    paints_anything = False

    def __init__(self, text: str) -> None:
        self.source = text
        path = Path(text).absolute()
        self.name = path.name if path.is_dir() else path.stem
        self._pictures: dict[str, list[PhotoName]] = {}
        for picture in find_in([text]):
            self._pictures.setdefault(_stem(picture.name), []).append(picture)
        if not self._pictures:
            raise InputError(f"{text} holds no pictures: give a folder of coloured photos")
        self._lock = threading.Lock()
        self._seen: set[str] = set()

    def sha256(self) -> str:
        return sha256_of(sorted(self._seen))

    def key(self, partner_name: str, /) -> str:
        digest = hashlib.sha256(read_photo(self._partner(partner_name))).hexdigest()
        with self._lock:
            self._seen.add(digest)
        return digest

    def paint(self, given: Given) -> NDArray[np.uint8]:
        """The picture. Raises `InputError` where there is none, or one of another size."""
        partner = self._partner(given.partner_name)
        try:
            rgb = open_picture(partner).rgb()
        except InputError as error:
            raise InputError(f"{self.source}, {partner.name}: {error}") from error
        height, width = given.grey.shape
        if rgb.shape[:2] == given.full_size:
            return at_size(rgb, min(height, width))
        if rgb.shape[:2] == (height, width):
            return rgb
        full_height, full_width = given.full_size
        raise InputError(
            f"{self.source}, {partner.name}: it is {rgb.shape[1]} × {rgb.shape[0]} px, and its "
            f"photo {full_width} × {full_height} px: give the picture as large as the photo, or as "
            f"it is measured, {width} × {height} px"
        )

    def require_any_of(self, photos: Sequence[str]) -> None:
        """Raise `InputError` where it has a picture of none of these photos."""
        if any(_stem(photo) in self._pictures for photo in photos):
            return
        theirs = next(iter(self._pictures.values()))[0].name
        raise InputError(
            f"{self.source} has no picture of any of the {len(photos)} photos. Name the pictures "
            f"as the photos: a picture of {photos[0]} is {_stem(photos[0])} with any ending, or "
            f"with {OURS} before it; the first in {self.source} is {theirs}"
        )

    def _partner(self, photo: str) -> PhotoName:
        found = self._pictures.get(_stem(photo), [])
        if len(found) == 1:
            return found[0]
        if found:
            names = " and ".join(str(picture.path) for picture in found)
            raise InputError(f"{names} are both pictures of {photo}: take one away")
        raise InputError(f"{self.source} has no picture of {photo}")


def _stem(name: str) -> str:
    """What a photo and its coloured copy have in common.

    >>> _stem("1890s/street.jpg") == _stem("1890s/street.color.png")
    True
    """
    return str(PurePosixPath(name).with_suffix("")).removesuffix(OURS)
