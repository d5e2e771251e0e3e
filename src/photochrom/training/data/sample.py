"""What a photo becomes in a shard: its own bytes, or a smaller picture, and what is known of it."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

from PIL import Image

from photochrom.training.data.find import PhotoName
from photochrom.training.data.picture import UNREADABLE, Broken, Picture, open_picture

#: Formats that go into shards as they are, with the suffix that every reader of shards knows.
KEPT = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
CHECKED_PX = 64  # a photo that is kept is decoded at about this size, to see that it is whole


@dataclass(frozen=True)
class SampleOptions:
    """`short_side_px` 0 leaves sizes alone; `quality` 1…100 is of the WebPs that are then made."""

    short_side_px: int = 0
    quality: int = 90


@dataclass(frozen=True)
class Sample:
    """A photo as it goes into a shard; `facts` are for its KEY.json."""

    encoded: bytes
    suffix: str
    facts: dict[str, object]


def read_sample(photo: PhotoName, options: SampleOptions) -> Sample | Broken:
    """The photo's own bytes, decoded once to see that they are whole.

    One that is larger than asked becomes a smaller WebP, one of a format that readers of shards
    may not know a PNG: both upright, in sRGB and with 8 bits.
    """
    try:
        picture = open_picture(photo)
        width, height = picture.size
        scale = options.short_side_px / min(width, height)
        if 0 < scale < 1:
            encoded, suffix = _reduced(picture, scale, options.quality), "webp"
        elif picture.format in KEPT:
            picture.thumbnail(CHECKED_PX)
            encoded, suffix = picture.encoded, KEPT[picture.format]
        else:
            encoded, suffix = _encoded(Image.fromarray(picture.rgb()), "PNG"), "png"
    except UNREADABLE as error:
        return Broken.by(photo, error)
    facts: dict[str, object] = {
        "name": photo.name,
        "source": photo.container.name,
        "width": width,
        "height": height,
        "sha256": hashlib.sha256(picture.encoded).hexdigest(),
    }
    return Sample(encoded, suffix, facts)


def _reduced(picture: Picture, scale: float, quality: int) -> bytes:
    rgb = Image.fromarray(picture.rgb())
    size = (max(1, round(rgb.width * scale)), max(1, round(rgb.height * scale)))
    small = rgb.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
    return _encoded(small, "WEBP", quality=quality)


def _encoded(picture: Image.Image, format_name: str, **options: int) -> bytes:
    encoded = io.BytesIO()
    picture.save(encoded, format_name, **options)
    return encoded.getvalue()
