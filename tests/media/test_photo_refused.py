"""Bad input: what is no photograph, is cut short, too large or hostile is refused in words."""

from __future__ import annotations

import io
import os
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from photo_files import colour_picture, encoded, grey_picture
from PIL import Image

from photochrom.errors import InputError, PhotochromError, SetupError
from photochrom.media import decoding
from photochrom.media.photo import open_photo


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no file .*nothing\.jpg"):
        open_photo(tmp_path / "nothing.jpg")


def test_a_folder_is_no_photograph(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="folder"):
        open_photo(tmp_path)


def test_an_unreadable_file_is_a_matter_of_permission(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SetupError, match="not permitted"):
        open_photo(tmp_path / "a.png")


def test_a_broken_disk_is_a_matter_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise OSError(5, os.strerror(5))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SetupError, match="Input/output error"):
        open_photo(tmp_path / "a.png")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"dear diary, today we went to the harbour", "text"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"PK\x03\x04\x14\x00", "zip"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "markup"),
        (b"\xf1\xe2\xd3" * 40, "f1 e2 d3"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "ends early"),
    ],
)
def test_what_is_no_photograph_is_refused_with_what_was_seen(content: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        open_photo(content)


def test_text_renamed_jpg_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "holiday.jpg"
    path.write_text("not a photograph")
    with pytest.raises(InputError, match=r"holiday\.jpg .*it is text"):
        open_photo(path)


def test_a_text_file_object_is_refused() -> None:
    with pytest.raises(InputError, match="'rb'"):
        open_photo(io.StringIO("text"))  # type: ignore[arg-type]


def test_what_is_no_source_at_all_is_a_programmers_mistake() -> None:
    with pytest.raises(TypeError, match="int"):
        open_photo(7)  # type: ignore[arg-type]


@pytest.mark.parametrize("progressive", [False, True])
def test_a_truncated_jpeg_is_refused_unless_allowed(progressive: bool) -> None:
    whole = encoded(grey_picture(200, 300), "JPEG", progressive=progressive)
    cut = whole[: len(whole) * 2 // 3]
    with pytest.raises(InputError, match="--allow-truncated"):
        open_photo(cut)
    photo = open_photo(cut, allow_truncated=True)
    assert photo.truncated
    assert not photo.is_grey_jpeg
    assert photo.bytes == cut
    assert "ends early" in photo.notes[0]
    difference = np.abs(photo.pixels().grey.astype(int) - grey_picture(200, 300))
    assert difference[:60].max() < 25


def test_a_jpeg_that_lacks_only_its_end_marker_is_truncated() -> None:
    cut = encoded(grey_picture(), "JPEG")[:-2]
    with pytest.raises(InputError, match="ends early"):
        open_photo(cut)
    grey = open_photo(cut, allow_truncated=True).pixels().grey
    assert np.abs(grey.astype(int) - grey_picture()).max() <= 3


@pytest.mark.parametrize("format_name", ["AVIF", "BMP", "GIF", "JPEG2000", "PNG", "TIFF", "WEBP"])
def test_other_truncated_files_are_refused(format_name: str) -> None:
    whole = encoded(colour_picture(120, 200), format_name)
    with pytest.raises(InputError, match="ends early"):
        open_photo(whole[: len(whole) // 2]).pixels()


def test_what_is_there_of_a_truncated_png_can_be_had() -> None:
    grey = grey_picture(120, 200)
    whole = encoded(grey, "PNG")
    cut = whole[: len(whole) * 2 // 3]
    with pytest.raises(InputError, match="--allow-truncated"):
        open_photo(cut)
    photo = open_photo(cut, allow_truncated=True)
    assert photo.truncated
    assert "ends early" in photo.notes[0]
    np.testing.assert_array_equal(photo.pixels().grey[:10], grey[:10])


def test_a_file_of_which_nothing_is_there_is_refused_even_then() -> None:
    whole = encoded(grey_picture(120, 200), "PNG")
    with pytest.raises(InputError, match="damaged or ends early"):
        open_photo(whole[:60], allow_truncated=True).pixels()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def test_a_bomb_is_refused_from_its_header() -> None:
    with pytest.raises(InputError, match=r"60000×50000, 3000 megapixels.*250.*--max-megapixels"):
        open_photo(png_header(60000, 50000))


def test_the_limit_in_megapixels_is_ours_not_pillows() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        photo = open_photo(png_header(15000, 15000))
        assert photo.width * photo.height > 2 * (Image.MAX_IMAGE_PIXELS or 0)
        with pytest.raises(InputError, match=r"limit is 0\.001"):
            open_photo(np.zeros((40, 50), np.uint8), max_megapixels=0.001)
        with pytest.raises(InputError, match=r"limit is 0\.001"):
            open_photo(Image.new("L", (40, 50)), max_megapixels=0.001)


def test_pillows_own_limit_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 12345)
    with pytest.raises(ValueError, match="here"), decoding.own_limit(), decoding.own_limit():
        assert Image.MAX_IMAGE_PIXELS is None
        raise ValueError("here")
    assert Image.MAX_IMAGE_PIXELS == 12345


def test_a_text_chunk_that_grows_without_bounds_is_refused() -> None:
    bomb = b"zTXt" + b"Comment\0\0" + zlib.compress(bytes(80_000_000))
    chunk = struct.pack(">I", len(bomb) - 4) + bomb + struct.pack(">I", zlib.crc32(bomb))
    png = encoded(grey_picture(), "PNG")
    with pytest.raises(InputError, match="damaged"):
        open_photo(png[:33] + chunk + png[33:])


@pytest.mark.parametrize("size", [(1, 1), (1, 10000), (10000, 1)])
@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "TIFF"])
def test_thin_pictures_are_photographs(size: tuple[int, int], format_name: str) -> None:
    photo = open_photo(encoded(np.full(size, 90, np.uint8), format_name))
    assert (photo.pixels().grey == 90).all()
    if photo.is_grey_jpeg:
        assert photo.luma(2).shape == (-(-size[0] // 2), -(-size[1] // 2))


@pytest.mark.parametrize("mode", ["F", "I"])
def test_pixels_without_a_known_white_are_refused(mode: str) -> None:
    values = np.full((4, 5), 70000, np.float32 if mode == "F" else np.int32)
    with pytest.raises(InputError, match="16 bits a channel"):
        open_photo(encoded(values, "TIFF")).pixels()


def test_drawings_that_pillow_only_names_are_refused() -> None:
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 20 20\n%%EndComments\n"
    with pytest.raises(InputError, match="EPS"):
        open_photo(eps)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow says what it skipped
@pytest.mark.parametrize("format_name", ["AVIF", "GIF", "JPEG", "JPEG2000", "PNG", "TIFF", "WEBP"])
def test_changed_bytes_never_raise_anything_else(
    format_name: str, rng: np.random.Generator
) -> None:
    whole = np.frombuffer(encoded(colour_picture(), format_name), np.uint8)
    for _ in range(60):
        changed = whole.copy()
        at = rng.integers(0, min(len(whole), 400) if rng.random() < 0.7 else len(whole), 3)
        changed[at] = rng.integers(0, 256, 3)
        try:
            pixels = open_photo(changed.tobytes(), max_megapixels=1, allow_truncated=True).pixels()
        except PhotochromError as error:
            assert len(str(error)) > 20
        else:
            assert pixels.grey.ndim == 2
