"""`photochrom restore`: originals byte for byte, wherever they are wanted."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.media.jpeg_splice import splice


@pytest.fixture
def spliced(tmp_path: Path) -> Callable[..., bytes]:
    """Write a coloured JPEG that carries its original; that original comes back."""

    def write(name: str, grey: int = 90) -> bytes:
        encoded = io.BytesIO()
        Image.linear_gradient("L").point(lambda level: level * grey // 255).save(encoded, "JPEG")
        cb, cr = np.full((128, 128), 110, np.uint8), np.full((128, 128), 150, np.uint8)
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(splice(encoded.getvalue(), cb, cr))
        return encoded.getvalue()

    return write


def test_the_original_lies_beside_the_result_byte_for_byte(photochrom, spliced, tmp_path) -> None:
    original = spliced("a.color.jpg")
    os.utime(tmp_path / "a.color.jpg", (1_000_000_000, 1_000_000_000))
    ran = photochrom("restore", tmp_path / "a.color.jpg")
    assert ran.code == 0, ran.err
    restored = tmp_path / "a.original.jpg"
    assert restored.read_bytes() == original
    assert restored.stat().st_mtime == 1_000_000_000
    assert str(restored) in ran.out


def test_a_folder_gives_its_tree_and_leaves_other_pictures_out(
    photochrom, spliced, grey, tmp_path
) -> None:
    originals = {
        "a.jpg": spliced("album/a.jpg"),
        "1900/b.JPG": spliced("album/1900/b.color.JPG", 70),
    }
    grey("album/plain.jpg")
    grey("album/drawing.png")
    out = tmp_path / "back"
    ran = photochrom("restore", tmp_path / "album", "-o", out, "--recursive", "--json")
    assert ran.code == 0, ran.err
    assert ran.statuses == {
        "a.jpg": "restored",
        "b.color.JPG": "restored",
        "plain.jpg": "passed-over",
    }
    assert {path: (out / path).read_bytes() for path in originals} == originals


def test_a_second_run_finds_everything_done(photochrom, spliced, tmp_path) -> None:
    spliced("a.jpg")
    assert photochrom("restore", tmp_path / "a.jpg").code == 0
    ran = photochrom("restore", tmp_path / "a.jpg", "--json")
    assert ran.code == 0
    assert ran.statuses == {"a.jpg": "finished"}


def test_another_file_is_only_replaced_when_asked(photochrom, spliced, tmp_path) -> None:
    original = spliced("a.jpg")
    other = tmp_path / "a.original.jpg"
    other.write_bytes(b"mine")
    ran = photochrom("restore", tmp_path / "a.jpg")
    assert ran.code == 2
    assert "--overwrite" in ran.err
    assert other.read_bytes() == b"mine"
    assert photochrom("restore", tmp_path / "a.jpg", "--overwrite").code == 0
    assert other.read_bytes() == original


def test_streams_go_through(photochrom, spliced, tmp_path) -> None:
    original = spliced("a.jpg")
    ran = photochrom("restore", "-", stdin=(tmp_path / "a.jpg").read_bytes())
    assert ran.code == 0, ran.err
    assert ran.stdout == original
    ran = photochrom("restore", tmp_path / "a.jpg", "-o", "-")
    assert ran.stdout == original


def test_a_file_can_be_named_for_one_original(photochrom, spliced, tmp_path) -> None:
    original = spliced("a.jpg")
    ran = photochrom("restore", tmp_path / "a.jpg", "-o", tmp_path / "named.jpg")
    assert ran.code == 0, ran.err
    assert (tmp_path / "named.jpg").read_bytes() == original


@pytest.mark.parametrize("name", ["plain.jpg", "drawing.png"])
def test_a_named_picture_without_an_original_is_an_error(photochrom, grey, name) -> None:
    ran = photochrom("restore", grey(name))
    assert ran.code == 2
    assert name in ran.err
    assert "Traceback" not in ran.err


def test_an_edited_result_is_refused_in_words(photochrom, spliced, tmp_path) -> None:
    luma = spliced("a.jpg")[-40:-20]
    path = tmp_path / "a.jpg"
    path.write_bytes(path.read_bytes().replace(luma, luma[::-1]))
    ran = photochrom("restore", path)
    assert ran.code == 2
    assert "a.jpg" in ran.err
    assert not (tmp_path / "a.original.jpg").exists()


def test_the_result_itself_is_never_overwritten_unasked(photochrom, spliced, tmp_path) -> None:
    spliced("a.jpg")
    before = (tmp_path / "a.jpg").read_bytes()
    ran = photochrom("restore", tmp_path / "a.jpg", "-o", tmp_path / "a.jpg")
    assert ran.code == 2
    assert (tmp_path / "a.jpg").read_bytes() == before


def test_nothing_to_restore_in_a_folder_is_said(photochrom, tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    ran = photochrom("restore", tmp_path / "empty")
    assert ran.code == 2
    assert "no pictures" in ran.err


def test_two_results_never_become_one_original(photochrom, spliced, tmp_path) -> None:
    spliced("a/x.color.jpg")
    spliced("b/x.color.jpg", grey=200)
    ran = photochrom(
        "restore", tmp_path / "a/x.color.jpg", tmp_path / "b/x.color.jpg", "-o", tmp_path / "out"
    )
    assert ran.code == 1
    assert "x.jpg would be the result of" in ran.err
    assert not (tmp_path / "out").exists()


def test_the_originals_may_go_into_the_results_own_folder(photochrom, spliced, tmp_path) -> None:
    original = spliced("x.color.jpg")
    assert photochrom("restore", tmp_path / "x.color.jpg", "-o", tmp_path).code == 0
    assert (tmp_path / "x.jpg").read_bytes() == original


def test_the_coloured_file_is_not_written_over(photochrom, spliced, tmp_path) -> None:
    spliced("a.color.jpg")
    before = (tmp_path / "a.color.jpg").read_bytes()
    coloured = tmp_path / "a.color.jpg"
    ran = photochrom("restore", coloured, "-o", coloured, "--overwrite")
    assert ran.code == 2
    assert "nothing is written over it" in ran.err
    assert coloured.read_bytes() == before
