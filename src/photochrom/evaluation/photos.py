"""The photos of a benchmark: found in folders and archives, read at the size that is measured."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.errors import InputError
from photochrom.training.data.find import PhotoName, find_in, limited
from photochrom.training.data.picture import Picture, open_picture

Rgb = NDArray[np.uint8]


@dataclass(frozen=True)
class Source:
    """Where a photo lies, and its name in tables: unique in its benchmark."""

    photo: PhotoName
    name: str

    @property
    def partner_name(self) -> str:
        """Its name inside its folder or archive: what a coloured copy is found by."""
        return self.photo.name


@dataclass(frozen=True, eq=False)
class ColourPhoto:
    """A photo as it is measured: rgb (H, W, 3), and its own full (height, width) [px]."""

    source: Source
    rgb: Rgb
    full_size: tuple[int, int]


@dataclass(frozen=True)
class Opened:
    """A photo whose bytes were read and whose pixels were not."""

    source: Source
    picture: Picture
    sha256: str = field(repr=False)

    def photo(self, size_px: int) -> ColourPhoto:
        """The pixels at the size that is measured. Raises `InputError` for a broken file."""
        rgb = self.picture.rgb()
        return ColourPhoto(self.source, at_size(rgb, size_px), (rgb.shape[0], rgb.shape[1]))


def find_sources(
    data: Sequence[str], limit: int | None = None, *, in_order: bool = False
) -> list[Source]:
    """The photos in folders, zips and shards; with `limit` so many, something of everything.

    With `in_order` they are sorted by name and the first so many, as a film's frames.
    Raises `InputError` where there are none.
    """
    found = find_in(data)
    if not found:
        raise InputError(
            f"no photos in {', '.join(data) or 'no path at all'}. Give a folder, a zip or tar "
            "shards of colour photos as the last argument"
        )
    if in_order:
        chosen = sorted(found, key=lambda photo: (photo.container, photo.name))[:limit]
    else:
        chosen = limited(found, limit or 0)
    times = Counter(photo.name for photo in chosen)
    return [
        Source(photo, photo.name if times[photo.name] == 1 else _long_name(photo))
        for photo in chosen
    ]


def open_source(source: Source) -> Opened:
    """The photo, read. Raises `InputError` for what is no photo."""
    picture = open_picture(source.photo)
    return Opened(source, picture, hashlib.sha256(picture.encoded).hexdigest())


def at_size(rgb: Rgb, size_px: int) -> Rgb:
    """`rgb` with a short side of at most `size_px`, in shape (Pillow's Lanczos filter)."""
    height, width = rgb.shape[:2]
    scale = size_px / min(height, width)
    if scale >= 1:
        return rgb
    size = max(size_px, round(width * scale)), max(size_px, round(height * scale))
    return np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS))


def _long_name(photo: PhotoName) -> str:
    return f"{photo.container.name}/{photo.name}"
