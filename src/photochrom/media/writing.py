"""Colour pictures to files, with everything that their source said about itself."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.color.srgb import Coded
from photochrom.errors import InputError
from photochrom.media.atomic import write_atomic
from photochrom.media.formats import OutputFormat, default_format, format_named, format_of_path
from photochrom.media.icc_build import srgb_profile
from photochrom.media.photo import SourcePhoto
from photochrom.media.pixels import to_eight_bits

DEFAULT_QUALITY = {"AVIF": 80, "HEIF": 90, "JPEG": 92, "WEBP": 90}


def encode_photo(
    rgb: Coded,
    alpha: Coded | None,
    source: SourcePhoto,
    *,
    format: str,
    quality: int | None = None,
    xmp: bytes | None = None,
) -> bytes:
    """The encoded picture: `rgb` (H, W, 3) and `alpha` (H, W) in sRGB, with the source's metadata."""
    known = format_named(format)
    picture = Image.fromarray(
        _joined(
            to_eight_bits(rgb), None if alpha is None or not known.alpha else to_eight_bits(alpha)
        )
    )
    options: dict[str, Any] = {"icc_profile": srgb_profile()}
    if known.name in DEFAULT_QUALITY:
        options["quality"] = quality or DEFAULT_QUALITY[known.name]
    if xmp and known.name in ("JPEG", "WEBP", "AVIF"):
        options["xmp"] = xmp
    buffer = BytesIO()
    picture.save(buffer, known.name, **options)
    return buffer.getvalue()


def write_photo(
    path: Path,
    rgb: Coded,
    alpha: Coded | None,
    source: SourcePhoto,
    *,
    format: str | None = None,
    quality: int | None = None,
    xmp: bytes | None = None,
) -> None:
    """Encode and write at once; the format is the suffix's unless given."""
    known = format_named(format) if format else format_of_path(path)
    write_encoded(
        path, encode_photo(rgb, alpha, source, format=known.name, quality=quality, xmp=xmp), source
    )


def write_encoded(path: Path, encoded: bytes, source: SourcePhoto) -> None:
    """Write an encoded result at once, with the source's modification time.

    Raises `InputError` when `path` is the source itself, `SetupError` when writing fails.
    """
    if source.path is not None and path.exists() and path.samefile(source.path):
        raise InputError(f"{path} is the source itself: choose another name, so that it stays")
    write_atomic(path, encoded, modified_ns=source.metadata.modified_ns)


def _joined(rgb: NDArray[np.uint8], alpha: NDArray[np.uint8] | None) -> NDArray[np.uint8]:
    return rgb if alpha is None else np.dstack([rgb, alpha])
