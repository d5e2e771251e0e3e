"""A photo of a set, read and decoded: small, to look it over, or whole, upright and in sRGB."""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from photochrom.errors import InputError
from photochrom.media.decoding import check_size, load_image, open_image, orientation_of
from photochrom.media.image_pixels import pixels_of_image
from photochrom.media.photo import DEFAULT_MAX_MEGAPIXELS
from photochrom.media.pixels import Pixels, to_eight_bits, upright
from photochrom.training.data.find import PhotoName

IT = "it"  # a photo's name in what is wrong with it: whoever says that names the photo
UNREADABLE = (InputError, MemoryError)  # what reading a bad photo raises


@dataclass(frozen=True)
class Broken:
    """A photo that cannot be read, and why."""

    photo: PhotoName
    reason: str

    @property
    def path(self) -> Path:
        return photo_path(self.photo)


@dataclass(frozen=True, eq=False)
class Picture:
    """An encoded photo of which the header has been read. It is decoded once."""

    encoded: bytes
    image: ImageFile.ImageFile
    orientation: int  # EXIF's, 1…8

    @property
    def format(self) -> str:
        """Pillow's name; JPEG for the first picture of an MPO too."""
        return "JPEG" if self.image.format == "MPO" else self.image.format or "unknown"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as displayed."""
        width, height = self.image.size
        return (width, height) if self.orientation < 5 else (height, width)

    def rgb(self) -> NDArray[np.uint8]:
        """The whole photo (H, W, 3), upright and in sRGB; grey ones with three equal channels.

        Raises `InputError` where it cannot be decoded.
        """
        load_image(self.image, IT)
        icc = self.image.info.get("icc_profile")
        return _rgb(pixels_of_image(self.image, icc, IT), self.orientation)

    def thumbnail(self, side_px: int) -> Image.Image:
        """The photo upright, as RGB, at most so long and wide; its colour profile is not used.

        All of the file is read, so that damage shows. Raises `InputError`.
        """
        self.image.draft(None, (side_px, side_px))
        load_image(self.image, IT)
        small: Image.Image = self.image
        if small.mode not in ("L", "RGB"):
            small = Image.fromarray(_rgb(pixels_of_image(small, None, IT)))
        small = small.copy() if small is self.image else small
        small.thumbnail((side_px, side_px), Image.Resampling.BOX)
        turned = upright(np.asarray(small.convert("RGB")), self.orientation)
        return Image.fromarray(turned)


def open_picture(photo: PhotoName) -> Picture:
    """The photo, its header read.

    Raises `InputError` for what is no photo or far too large.
    """
    encoded = read_photo(photo)
    image = open_image(encoded, IT)
    check_size(*image.size, IT, DEFAULT_MAX_MEGAPIXELS)
    return Picture(encoded, image, orientation_of(image))


def read_photo(photo: PhotoName) -> bytes:
    """The photo's bytes; `InputError` where its folder or archive does not give them."""
    try:
        return photo.read_bytes()
    except (OSError, RuntimeError, EOFError, zlib.error) as error:
        raise InputError(f"{IT} cannot be read: {error}") from error
    except (zipfile.BadZipFile, tarfile.TarError) as error:
        raise InputError(f"{IT} is damaged in its archive: {error}") from error


def broken(photo: PhotoName, error: Exception) -> Broken:
    """The photo and why it cannot be read."""
    return Broken(photo, str(error) or "it does not fit into memory")


def photo_path(photo: PhotoName) -> Path:
    """The photo's path; one in an archive is named as if the archive were a folder."""
    return photo.container / photo.name


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


def _rgb(pixels: Pixels, orientation: int = 1) -> NDArray[np.uint8]:
    coded = to_eight_bits(pixels.grey if pixels.rgb is None else pixels.rgb)
    if pixels.rgb is None:
        coded = np.repeat(coded[..., None], 3, axis=2)
    return to_eight_bits(upright(coded, orientation))
