"""Bad input: a clear message, the right exit code, and nothing lost or half written."""

from __future__ import annotations

import errno
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from photochrom.models import catalog


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims to be this large."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.jpg", b""),
        ("letter.jpg", b"Dear aunt, this is no photograph.\n" * 20),
        ("bomb.png", bomb(60_000, 60_000)),
        ("head.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"),
    ],
)
def test_what_is_no_photo_is_the_users_to_mend(photochrom, tmp_path, name, content) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    ran = photochrom("colorize", path)
    assert ran.code == 2
    assert ran.err.startswith("photochrom: ")
    assert name in ran.err
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_file_is_named(photochrom, tmp_path) -> None:
    ran = photochrom("colorize", tmp_path / "gone.jpg")
    assert ran.code == 2
    assert "gone.jpg does not exist" in ran.err


def test_a_folder_without_pictures_is_named(photochrom, tmp_path) -> None:
    (tmp_path / "notes.txt").write_text("none")
    ran = photochrom("colorize", tmp_path)
    assert ran.code == 2
    assert "has no pictures" in ran.err


def test_a_truncated_jpeg_is_refused_and_coloured_when_asked(photochrom, grey) -> None:
    photo = grey("a.jpg", size=(320, 240))
    photo.write_bytes(photo.read_bytes()[:-900])
    ran = photochrom("colorize", photo)
    assert ran.code == 2
    assert "--allow-truncated" in ran.err
    ran = photochrom("colorize", photo, "--allow-truncated", "--json")
    assert ran.code == 0, ran.err
    [record] = ran.records
    assert record["way"] == "ordinary"
    assert record["reason"]
    with Image.open(photo.with_name("a.color.jpg")) as coloured:
        coloured.load()
        assert coloured.size == (320, 240)


@pytest.mark.parametrize("size", [(1, 1), (1, 10_000), (10_000, 1)])
@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_the_smallest_and_the_thinnest_are_coloured(photochrom, grey, size, suffix) -> None:
    photo = grey(f"thin.{suffix}", size=size)
    ran = photochrom("colorize", photo)
    assert ran.code == 0, ran.err
    with Image.open(photo.with_name(f"thin.color.{suffix}")) as coloured:
        assert (coloured.size, coloured.mode) == (size, "RGB")


def test_the_limit_of_pixels_can_be_set(photochrom, grey) -> None:
    photo = grey("a.jpg", size=(200, 100))
    ran = photochrom("colorize", photo, "--max-megapixels", "0.01")
    assert ran.code == 2
    assert "--max-megapixels" in ran.err


def test_one_bad_picture_does_not_stop_the_rest(photochrom, grey, tmp_path) -> None:
    grey("box/a.jpg")
    (tmp_path / "box/b.jpg").write_bytes(b"text")
    grey("box/c.jpg", seed=3)
    ran = photochrom("colorize", tmp_path / "box")
    assert ran.code == 1
    assert "2 coloured, 1 failed" in ran.out
    assert "b.jpg" in ran.err
    assert (tmp_path / "box/c.color.jpg").is_file()


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "disk is full"), (errno.EACCES, "no permission")]
)
def test_a_machine_that_cannot_write_says_so(
    photochrom, grey, tmp_path, monkeypatch, number, words
) -> None:
    photo = grey("a.jpg")
    photochrom("colorize", photo)
    before = photo.with_name("a.color.jpg").read_bytes()

    def refuse(self: Path, target: Path) -> None:
        raise OSError(number, "refused", str(target))

    monkeypatch.setattr(Path, "replace", refuse)
    ran = photochrom("colorize", photo, "--overwrite")
    assert ran.code == 4
    assert words in ran.err
    assert photo.with_name("a.color.jpg").read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"a.jpg", "a.color.jpg"}


def test_not_enough_memory_fails_one_picture(photochrom, grey, monkeypatch) -> None:
    def run_out(*_: object, **__: object) -> None:
        raise MemoryError

    photo = grey("a.jpg")
    monkeypatch.setattr("photochrom.api.Photo.save", run_out)
    ran = photochrom("colorize", photo)
    assert ran.code == 4
    assert "memory" in ran.err


@pytest.mark.parametrize("content", [b"", b"no model at all"])
def test_a_file_that_is_no_model_of_ours_is_a_weights_error(
    photochrom, grey, tmp_path, content
) -> None:
    model = tmp_path / "other.onnx"
    model.write_bytes(content)
    ran = photochrom("colorize", grey("a.jpg"), "--model", model)
    assert ran.code == 3
    assert "other.onnx" in ran.err


def test_an_unknown_model_names_the_shipped_ones(photochrom, grey) -> None:
    ran = photochrom("colorize", grey("a.jpg"), "--model", "flagshp")
    assert ran.code == 3
    assert "flagship" in ran.err


def test_a_shipped_model_with_a_wrong_checksum_is_refused(
    photochrom, grey, tmp_path, monkeypatch
) -> None:
    for path in catalog.WEIGHTS.iterdir():
        content = path.read_bytes()
        damaged = content[:-1] + bytes([content[-1] ^ 1]) if path.suffix == ".onnx" else content
        (tmp_path / path.name).write_bytes(damaged)
    monkeypatch.setattr(catalog, "WEIGHTS", tmp_path)
    ran = photochrom("colorize", grey("photos/a.jpg"))
    assert ran.code == 3
    assert "photochrom: " in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--strength", "3"),
        ("--strength", "nan"),
        ("--quality", "0"),
        ("--format", "doc"),
        ("--jpeg", "baseline"),
        ("--device", "tpu"),
        ("--threads", "0"),
        ("--max-megapixels", "-1"),
    ],
)
def test_a_value_that_an_option_does_not_take_is_refused(photochrom, grey, arguments) -> None:
    photo = grey("a.jpg")
    assert photochrom("colorize", photo, *arguments).code == 2
    assert not photo.with_name("a.color.jpg").exists()
