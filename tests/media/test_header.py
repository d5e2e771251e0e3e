"""What is said of a picture before it is decoded: depth that is cut, extras that are missing."""

from __future__ import annotations

import sys
from io import BytesIO

import imagecodecs
import numpy as np
import pillow_heif
import pytest
import tifffile
from photo_files import colour_picture, encoded, exif, grey_picture
from PIL import Image

from photochrom.errors import InputError, SetupError
from photochrom.media.photo import open_photo
from photochrom.media.writing import encode_photo


def ten_bit_heic() -> bytes:
    deep = np.ascontiguousarray(colour_picture(64, 64).astype(np.uint16) * 257)
    heif, buffer = pillow_heif.from_bytes("RGB;16", (64, 64), deep.tobytes()), BytesIO()
    heif.save(buffer)
    return buffer.getvalue()


def test_ten_bits_that_are_read_as_eight_are_noted() -> None:
    photo = open_photo(ten_bit_heic())
    assert any("more than 8 bits" in note for note in photo.notes)
    assert photo.bits == 8
    assert open_photo(encoded(colour_picture(), "HEIF")).notes == ()
    assert open_photo(encoded(colour_picture(), "AVIF")).notes == ()
    deep = imagecodecs.avif_encode(colour_picture().astype(np.uint16) * 4, bitspersample=10)
    assert any("more than 8 bits" in note for note in open_photo(deep).notes)


def test_heic_without_its_extra_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    content = encoded(grey_picture(), "HEIF")
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(SetupError, match=r"pip install 'photochrom\[heif\]'"):
        open_photo(content)
    with pytest.raises(SetupError, match=r"pip install 'photochrom\[heif\]'"):
        encode_photo(colour_picture(), None, open_photo(grey_picture()), format="HEIF")


def test_a_build_that_cannot_write_heic_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("no encoder")

    monkeypatch.setattr(pillow_heif.HeifFile, "save", refuse)
    with pytest.raises(SetupError, match="no encoder"):
        encode_photo(colour_picture(), None, open_photo(grey_picture()), format="HEIF")


def test_a_damaged_heic_is_refused() -> None:
    content = encoded(colour_picture(), "HEIF")
    with pytest.raises(InputError, match=r"HEIC|damaged"):
        open_photo(content[:40])
    with pytest.raises(InputError, match="damaged"):
        open_photo(content[: len(content) - 300]).pixels()


def test_a_rotated_heic_stands_upright_once() -> None:
    photo = open_photo(encoded(grey_picture(), "HEIF", exif=exif(6)))
    assert photo.pixels().grey.shape == (photo.height, photo.width)
    assert photo.orientation == 1


def test_a_big_tiff_of_8_bits_keeps_its_tags() -> None:
    buffer = BytesIO()
    tifffile.imwrite(buffer, grey_picture(), bigtiff=True, metadata=None, software="Scanner 2")
    photo = open_photo(buffer.getvalue())
    assert photo.bits == 8
    assert b"Scanner 2" in (photo.metadata.exif or b"")
    np.testing.assert_array_equal(photo.pixels().grey, grey_picture())


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow says what it skipped
def test_a_damaged_deep_tiff_is_refused() -> None:
    buffer = BytesIO()
    tifffile.imwrite(buffer, np.zeros((30, 30), np.float32), metadata=None)
    for at in (8, 10, 60):
        damaged = bytearray(buffer.getvalue())
        damaged[at : at + 12] = b"\xff" * 12
        with pytest.raises(InputError, match=r"damaged|kind|read|pixels"):
            open_photo(bytes(damaged)).pixels()
    with pytest.raises(InputError, match=r"damaged|ends early"):
        open_photo(b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0")


def test_a_picture_that_does_not_fit_into_memory_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(self: Image.Image) -> None:
        raise MemoryError

    photo = open_photo(encoded(grey_picture(), "BMP"))
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", refuse)
    with pytest.raises(InputError, match="does not fit into memory"):
        photo.pixels()


def test_pillow_images_that_are_alike_have_one_hash() -> None:
    first, second = (Image.fromarray(grey_picture()) for _ in range(2))
    assert open_photo(first).sha256 == open_photo(second).sha256
    second.putpixel((0, 0), 255)
    assert open_photo(first).sha256 != open_photo(second).sha256
