"""`photochrom colorize`: what is written where, and what is skipped, left out or refused."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.media.provenance import read_provenance


def names_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_result_lies_beside_its_original_in_colour(photochrom, grey) -> None:
    photo = grey("wedding.jpg", size=(201, 134))
    before = photo.read_bytes()
    os.utime(photo, (1_000_000_000, 1_000_000_000))
    ran = photochrom("colorize", photo)
    assert ran.code == 0, ran.err
    assert ran.err == ""
    result = photo.with_name("wedding.color.jpg")
    assert str(result) in ran.out
    with Image.open(result) as coloured:
        assert (coloured.mode, coloured.size) == ("RGB", (201, 134))
    assert photo.read_bytes() == before
    assert result.stat().st_mtime == 1_000_000_000
    assert read_provenance(result).model == "flagship"


def test_restore_gives_back_what_colorize_was_given(photochrom, grey) -> None:
    photo = grey("a.jpg")
    photochrom("colorize", photo)
    assert photochrom("restore", photo.with_name("a.color.jpg")).code == 0
    assert photo.with_name("a.original.jpg").read_bytes() == photo.read_bytes()


def test_folders_keep_their_tree_under_out(photochrom, grey, tmp_path) -> None:
    for name in ("box/a.jpg", "box/1900/b.png", "box/1900/c.tif"):
        grey(name)
    out = tmp_path / "out"
    ran = photochrom("colorize", tmp_path / "box", "-o", out, "--recursive")
    assert ran.code == 0, ran.err
    assert names_in(out) == {"a.jpg", "1900/b.png", "1900/c.tif"}
    assert "3 coloured" in ran.out


def test_a_second_run_does_only_what_is_missing(photochrom, grey, tmp_path) -> None:
    grey("box/a.jpg")
    grey("box/b.png")
    assert photochrom("colorize", tmp_path / "box").code == 0
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "box").iterdir()}
    grey("box/c.webp")
    ran = photochrom("colorize", tmp_path / "box", "--json")
    assert ran.code == 0, ran.err
    assert ran.statuses == {
        "a.jpg": "finished",
        "b.png": "finished",
        "c.webp": "coloured",
        "a.color.jpg": "passed-over",
        "b.color.png": "passed-over",
    }
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in stamps.items())


@pytest.mark.parametrize(
    ("option", "said"), [("--strength=0.5", "strength 1"), ("--quality=70", "other options")]
)
def test_other_options_on_a_result_need_overwrite(photochrom, grey, option, said) -> None:
    photo = grey("a.jpg")
    result = photo.with_name("a.color.jpg")
    photochrom("colorize", photo)
    before = result.read_bytes()
    ran = photochrom("colorize", photo, option)
    assert ran.code == 2
    assert "--overwrite" in ran.err
    assert said in ran.err
    assert result.read_bytes() == before
    assert photochrom("colorize", photo, option, "--overwrite").code == 0
    assert result.read_bytes() != before


def test_another_original_of_that_name_needs_overwrite(photochrom, grey) -> None:
    photo = grey("a.jpg")
    photochrom("colorize", photo)
    grey("a.jpg", seed=8)
    ran = photochrom("colorize", photo)
    assert ran.code == 2
    assert "another picture" in ran.err


def test_a_file_that_is_not_ours_needs_overwrite(photochrom, grey) -> None:
    photo = grey("a.jpg")
    mine = grey("a.color.jpg", seed=9)
    before = mine.read_bytes()
    ran = photochrom("colorize", photo)
    assert ran.code == 2
    assert "was not made by Photochrom" in ran.err
    assert mine.read_bytes() == before


def test_an_input_is_never_written_over(photochrom, grey, tmp_path) -> None:
    photo = grey("a.jpg")
    before = photo.read_bytes()
    assert photochrom("colorize", photo, "-o", photo, "--overwrite").code == 2
    other = grey("a.color.jpg", seed=9)
    ran = photochrom("colorize", photo, other, "--overwrite", "--json")
    assert ran.code == 1
    assert ran.statuses == {"a.jpg": "failed", "a.color.jpg": "coloured"}
    assert "is an input itself" in ran.out
    assert photo.read_bytes() == before


def test_a_folder_is_never_its_own_out(photochrom, grey, tmp_path) -> None:
    photo = grey("a.jpg")
    before = photo.read_bytes()
    ran = photochrom("colorize", photo, "-o", tmp_path)
    assert ran.code == 2
    assert "never an input" in ran.err
    assert photochrom("colorize", tmp_path, "-o", tmp_path).code == 2
    assert names_in(tmp_path) == {"a.jpg"}
    assert photo.read_bytes() == before


def test_two_pictures_never_become_one(photochrom, grey, tmp_path) -> None:
    grey("one/a.jpg", seed=1)
    grey("two/a.jpg", seed=2)
    grey("two/b.jpg", seed=3)
    out = tmp_path / "out"
    ran = photochrom("colorize", tmp_path / "one", tmp_path / "two", "-o", out)
    assert ran.code == 1
    assert names_in(out) == {"b.jpg"}
    assert ran.err.count("would be the result of") == 2


def test_one_stem_in_two_formats_is_no_clash_unless_format_makes_it_one(
    photochrom, grey, tmp_path
) -> None:
    grey("box/a.jpg")
    grey("box/a.png", seed=8)
    out = tmp_path / "out"
    assert photochrom("colorize", tmp_path / "box", "-o", out).code == 0
    assert names_in(out) == {"a.jpg", "a.png"}
    both = tmp_path / "both"
    assert photochrom("colorize", tmp_path / "box", "-o", both, "--format", "webp").code == 1
    assert not both.exists()


def test_what_is_no_input_clashes_with_nothing(photochrom, grey, tmp_path) -> None:
    grey("one/a.jpg")
    photochrom("colorize", grey("two/x.jpg", seed=2), "-o", tmp_path / "two/a.jpg")
    (tmp_path / "three").mkdir()
    (tmp_path / "three/a.jpg").write_bytes(b"text")
    folders = [tmp_path / name for name in ("one", "two", "three")]
    ran = photochrom("colorize", *folders, "-o", tmp_path / "out", "--json")
    assert [record["status"] for record in ran.records] == [
        "coloured",
        "passed-over",
        "coloured",
        "failed",
    ]
    assert names_in(tmp_path / "out") == {"a.jpg", "x.jpg"}


def test_a_result_given_by_name_is_no_input(photochrom, grey) -> None:
    photo = grey("a.jpg")
    photochrom("colorize", photo)
    ran = photochrom("colorize", photo.with_name("a.color.jpg"))
    assert ran.code == 2
    assert "was coloured by Photochrom" in ran.err


def test_real_colour_is_left_out_listed_and_counted(photochrom, grey, colourful, tmp_path) -> None:
    grey("box/a.jpg")
    colourful("box/holiday.png")
    ran = photochrom("colorize", tmp_path / "box")
    assert ran.code == 0, ran.err
    assert "1 coloured, 1 left out" in ran.out
    assert "holiday.png" in ran.out
    assert "--recolor" in ran.out
    assert names_in(tmp_path / "box") == {"a.jpg", "a.color.jpg", "holiday.png"}


def test_recolor_repaints_real_colour(photochrom, colourful) -> None:
    photo = colourful("holiday.png")
    assert photochrom("colorize", photo, "--recolor").code == 0
    assert photo.with_name("holiday.color.png").is_file()


def test_sepia_is_one_tone_and_is_coloured(photochrom, grey, tmp_path) -> None:
    tones = np.asarray(Image.open(grey("a.png")))[..., None] * np.array([1.0, 0.84, 0.66])
    Image.fromarray(tones.astype(np.uint8)).save(tmp_path / "sepia.jpg", quality=92)
    ran = photochrom("colorize", tmp_path / "sepia.jpg", "--json")
    assert ran.statuses == {"sepia.jpg": "coloured"}
    assert ran.records[0]["way"] == "splice"


@pytest.mark.parametrize(
    ("mode", "name", "result"),
    [("P", "a.gif", "a.color.png"), ("L", "a.bmp", "a.color.png"), ("1", "a.tif", "a.color.png")],
)
def test_formats_that_cannot_hold_the_result_become_png(
    photochrom, grey, tmp_path, mode, name, result
) -> None:
    Image.open(grey("grey.png")).convert(mode).save(tmp_path / name)
    assert photochrom("colorize", tmp_path / name).code == 0
    with Image.open(tmp_path / result) as coloured:
        assert coloured.format == "PNG"


def test_out_names_the_format_of_one_picture(photochrom, grey, tmp_path) -> None:
    photo = grey("a.jpg")
    assert photochrom("colorize", photo, "-o", tmp_path / "new.webp").code == 0
    with Image.open(tmp_path / "new.webp") as coloured:
        assert coloured.format == "WEBP"
    ran = photochrom("colorize", photo, "-o", tmp_path / "b.webp", "--format", "png")
    assert ran.code == 2
    assert "leave one of them out" in ran.err


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(photochrom, grey, tmp_path) -> None:
    grey("box/a.jpg")
    before = names_in(tmp_path)
    ran = photochrom("colorize", tmp_path / "box", "-o", tmp_path / "out", "--dry-run")
    assert ran.code == 0, ran.err
    assert f"{tmp_path / 'out' / 'a.jpg'}  (would be written)" in ran.out
    assert names_in(tmp_path) == before
    assert not (tmp_path / "out").exists()


def test_ordinary_jpeg_is_named(photochrom, grey) -> None:
    photo = grey("a.jpg")
    [spliced] = photochrom("colorize", photo, "--json").records
    assert (spliced["way"], spliced["format"], spliced["status"]) == ("splice", "JPEG", "coloured")
    [ordinary] = photochrom("colorize", photo, "--json", "--jpeg=ordinary", "--overwrite").records
    assert ordinary["way"] == "ordinary"
    result = photo.with_name("a.color.jpg")
    assert read_provenance(result).options == "jpeg=ordinary"
    assert photochrom("restore", result).code == 2


def test_stdin_becomes_stdout(photochrom, grey) -> None:
    photo = grey("a.png").read_bytes()
    ran = photochrom("colorize", "-", stdin=photo)
    assert ran.code == 0, ran.err
    with Image.open(io.BytesIO(ran.stdout)) as coloured:
        assert (coloured.format, coloured.mode) == ("PNG", "RGB")
    assert read_provenance(ran.stdout) is not None


def test_streams_and_files_mix(photochrom, grey, colourful, tmp_path) -> None:
    photo = grey("a.jpg")
    out = tmp_path / "out.png"
    assert photochrom("colorize", "-", "-o", out, stdin=photo.read_bytes()).code == 0
    assert out.is_file()
    ran = photochrom("colorize", photo, "-o", "-", "--format", "webp")
    assert ran.stdout[:4] == b"RIFF"
    ran = photochrom("colorize", "-", stdin=colourful("b.png").read_bytes())
    assert (ran.code, ran.stdout) == (2, b"")
    assert "--recolor" in ran.err
    assert photochrom("colorize", "-", stdin=b"").code == 2
