"""A photo of a set, read and decoded: small, to look it over, or whole, upright and in sRGB."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from photochrom.errors import InputError
from photochrom.media.decoding import orientation_of
from photochrom.training.data.decode import opened_image, rgb_of
from photochrom.training.data.find import PhotoName
from photochrom.training.data.sources import read_photo

IT = "it"  # a photo's name in what is wrong with it: whoever says that names the photo
UNREADABLE = (InputError, MemoryError)  # what reading a bad photo raises


@dataclass(frozen=True)
class Broken:
    """A photo that cannot be read, and why."""

    photo: PhotoName
    reason: str

    @classmethod
    def by(cls, photo: PhotoName, error: Exception) -> Broken:
        """The photo that this error is of."""
        return cls(photo, str(error) or "it does not fit into memory")

    @property
    def path(self) -> Path:
        return self.photo.path


@dataclass(frozen=True, eq=False)
class Picture:
    """An encoded photo of which the header has been read. It is decoded once."""

    encoded: bytes
    image: ImageFile.ImageFile
    size: tuple[int, int]  # width and height as displayed

    @property
    def format(self) -> str:
        """Pillow's name; JPEG for the first picture of an MPO too."""
        return "JPEG" if self.image.format == "MPO" else self.image.format or "unknown"

    def rgb(self) -> NDArray[np.uint8]:
        """The whole photo (H, W, 3), upright and in sRGB.

        Raises `InputError` where it cannot be decoded.
        """
        return rgb_of(self.image, IT, None)

    def thumbnail(self, side_px: int) -> Image.Image:
        """The photo, at most so long and wide, upright, as RGB.

        All of the file is read, so that damage shows. Raises `InputError`.
        """
        self.image.draft(None, (side_px, side_px))  # a JPEG is decoded at about that size
        small = Image.fromarray(rgb_of(self.image, IT, side_px))
        small.thumbnail((side_px, side_px), Image.Resampling.BOX)
        return small


def open_picture(photo: PhotoName) -> Picture:
    """The photo, read, its header decoded.

    Raises `InputError` for what is no photo or far too large.
    """
    return picture_of(read_photo(photo))


def picture_of(encoded: bytes) -> Picture:
    """The photo that these bytes hold; `InputError` as of `open_picture`."""
    image = opened_image(encoded, IT)
    width, height = image.size
    size = (width, height) if orientation_of(image) < 5 else (height, width)
    return Picture(encoded, image, size)


def compressed_tar(photos: Iterable[PhotoName]) -> Path | None:
    """A tar among the photos' archives that is compressed as a whole, and so read forwards only."""
    containers = {photo.container for photo in photos}
    tars = (path for path in sorted(containers) if path.suffix.lower() not in (".zip", ".tar"))
    return next((path for path in tars if path.is_file()), None)


def place_of(photo: PhotoName) -> Path:
    """The photo's place below a folder for results: its name inside its own folder or archive.

    Raises `InputError` for a name in an archive that leads out of it.
    """
    place = Path(photo.name)
    if place.is_absolute() or ".." in place.parts:
        raise InputError(
            f"{photo.container} holds a photo named {photo.name}, which leads out of the archive: "
            "leave it out with --exclude, and take care where the archive is from"
        )
    return place
