"""Which format a result is written in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from photo_files import colour_picture, encoded, grey_picture
from PIL import Image

from photochrom.errors import InputError
from photochrom.media.formats import FORMATS, default_format, format_named, format_of_path
from photochrom.media.photo import open_photo

DEEP = np.arange(64, dtype=np.uint16).reshape(8, 8)
PALETTE = Image.fromarray(colour_picture()).quantize(16)
BILEVEL = Image.fromarray(grey_picture()).convert("1")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        *((encoded(grey_picture(), name), name) for name in sorted(FORMATS)),
        (encoded(Image.new("CMYK", (8, 8)), "JPEG"), "JPEG"),
        (encoded(Image.new("CMYK", (8, 8)), "TIFF"), "TIFF"),
        (encoded(DEEP, "TIFF"), "TIFF"),
        (encoded(DEEP, "PNG"), "PNG"),
        (encoded(DEEP, "JPEG2000"), "JPEG2000"),
        (encoded(DEEP, "PPM"), "PNG"),
        (encoded(PALETTE, "GIF"), "PNG"),
        (encoded(PALETTE, "TIFF"), "PNG"),
        (encoded(PALETTE, "PNG"), "PNG"),
        (encoded(BILEVEL, "TIFF"), "PNG"),
        (encoded(BILEVEL, "BMP"), "PNG"),
        (encoded(grey_picture(), "BMP"), "PNG"),
        (encoded(grey_picture(), "TGA"), "PNG"),
        (grey_picture(), "PNG"),
        (DEEP, "PNG"),
        (Image.fromarray(grey_picture()), "PNG"),
    ],
)
def test_the_default_is_the_sources_own_where_that_holds_the_result(
    content: object, expected: str
) -> None:
    assert default_format(open_photo(content)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(("jpg", "JPEG"), (".JPG", "JPEG"), ("jpeg", "JPEG"), ("tif", "TIFF"), ("PNG", "PNG")),
        *(("heic", "HEIF"), ("heif", "HEIF"), ("jp2", "JPEG2000"), ("webp", "WEBP")),
    ],
)
def test_a_format_is_known_by_name_and_suffix(name: str, expected: str) -> None:
    assert format_named(name).name == expected
    assert format_of_path(Path(f"a.{name.removeprefix('.')}")).name == expected


def test_an_unknown_format_names_the_near_ones() -> None:
    with pytest.raises(InputError, match=r"avif, heif, jpeg, .* Did you mean jpeg"):
        format_named("jepg")
    with pytest.raises(InputError, match="cannot write"):
        format_of_path(Path("a.bmp"))
    with pytest.raises(InputError, match="no suffix"):
        format_of_path(Path("picture"))


def test_every_suffix_belongs_to_one_format() -> None:
    suffixes = [suffix for known in FORMATS.values() for suffix in known.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert all(known.suffix == known.suffixes[0] for known in FORMATS.values())
