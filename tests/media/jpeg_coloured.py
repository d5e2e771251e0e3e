"""The matrix coloured: what every decoder is shown."""

from __future__ import annotations

import functools
import io
from pathlib import Path

import numpy as np
from jpeg_changes import chroma
from jpeg_matrix import grey_file, srgb_profile
from numpy.typing import NDArray
from PIL import Image, ImageOps

from photochrom.media.jpeg_segments import parse_jpeg
from photochrom.media.jpeg_splice import splice

PACKET = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><!-- coloured --></x:xmpmeta>"


@functools.cache
def coloured_file(name: str) -> bytes:
    """One file of the matrix, spliced with smooth colour, a new packet, profile and thumbnail."""
    grey = grey_file(name)
    facts = parse_jpeg(grey)
    cb, cr = chroma(facts.height, facts.width)
    return splice(
        grey, cb, cr, quality=95, xmp=PACKET, icc=srgb_profile(), exif_thumbnail=small_colour()
    )


@functools.cache
def small_colour() -> bytes:
    """A green thumbnail, 32×24 px."""
    written = io.BytesIO()
    Image.new("RGB", (32, 24), (90, 140, 60)).save(written, "JPEG")
    return written.getvalue()


def ycbcr(jpeg: bytes) -> NDArray[np.uint8]:
    """The file's Y′CbCr (H, W, 3) as Pillow decodes it, not converted to RGB."""
    image = Image.open(io.BytesIO(jpeg))
    image.draft("YCbCr", image.size)
    return np.asarray(image)


def levels(jpeg: bytes) -> NDArray[np.uint8]:
    """A grey file's levels (H, W), or a colour file's RGB (H, W, 3), as Pillow decodes it."""
    return np.asarray(Image.open(io.BytesIO(jpeg)))


def upright(jpeg: bytes) -> NDArray[np.uint8]:
    """The same as `levels`, turned as EXIF's orientation says."""
    return np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(jpeg))))


def grey_bytes(path: Path) -> bytes:
    """The file itself where it is a grey JPEG; made one where it is not."""
    with Image.open(path) as image:
        if image.format == "JPEG" and image.mode == "L":
            return path.read_bytes()
        written = io.BytesIO()
        image.convert("L").save(written, "JPEG", quality=90)
        return written.getvalue()
