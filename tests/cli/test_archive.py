"""`photochrom archive`, `verify` and `restore` of whole archives, as commands."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from archive_runs import box_of_scans, files_below, grey_scan, sepia_scan
from PIL import Image


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """Two grey JPEGs, a sepia one and a PNG."""
    folder = box_of_scans(tmp_path / "box")
    grey_scan(3).save(folder / "c.png")
    return folder


def test_an_archive_is_coloured_proven_and_given_back(photochrom, box, tmp_path) -> None:
    colour, back = tmp_path / "colour", tmp_path / "back"
    ran = photochrom("archive", box, colour, "--processes", "0")
    assert ran.code == 0
    assert "4 coloured" in ran.out
    assert (colour / "photochrom.parquet").is_file()
    ran = photochrom("verify", colour)
    assert ran.code == 0
    assert "3 proven, 1 unchanged" in ran.out
    assert ran.out.count("luma identical") == 3
    ran = photochrom("restore", colour, "-o", back)
    assert ran.code == 0
    assert "3 restored, 1 left out" in ran.out
    for name in ("1923/a.jpg", "b.jpg", "sepia.jpg"):
        assert (back / name).read_bytes() == (box / name).read_bytes()
    assert "3 already done" in photochrom("restore", colour, "-o", back).out


def test_a_second_run_finds_everything_done(photochrom, box, tmp_path) -> None:
    colour = tmp_path / "colour"
    first = photochrom("archive", box, colour, "--processes", "0", "--json")
    assert set(first.statuses.values()) == {"coloured"}
    assert photochrom("archive", box, colour, "--processes", "0", "--json").records == []


def test_what_failed_is_named_and_the_exit_code_is_1(photochrom, box, tmp_path) -> None:
    (box / "broken.jpg").write_bytes((box / "b.jpg").read_bytes()[:300])
    ran = photochrom("archive", box, tmp_path / "colour", "--processes", "0")
    assert ran.code == 1
    assert "broken.jpg" in ran.err
    assert "1 failed" in ran.out


def test_sheets_are_written_where_they_are_asked_for(photochrom, box, tmp_path) -> None:
    ran = photochrom("archive", box, tmp_path / "colour", "--processes", "0", "--report")
    assert "photochrom-report/index.html" in ran.out
    pages = {name for name in files_below(tmp_path / "colour") if name.endswith(".html")}
    assert "photochrom-report/folders/1923/index.html" in pages


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("missing", "colour"), 2, "does not exist"),
        (("box/b.jpg", "colour"), 2, "is a file, not a folder"),
        (("box", "box"), 2, "no original is written over"),
        (("box", "colour", "--model", "none"), 3, "none"),
        (("box", "nonsense://x"), 2, "nonsense"),
        (("box", "colour", "--format", "jepg"), 2, "jpeg"),
        (("box", "box/b.jpg/colour"), 2, "a file has that name"),
    ],
)
def test_what_cannot_be_is_said(
    photochrom, box, tmp_path, monkeypatch, arguments, code, words
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = photochrom("archive", *arguments, "--processes", "0", "--manifest", "m.sqlite")
    assert ran.code == code
    assert words in ran.err


def test_verify_fails_where_a_result_was_touched(photochrom, box, tmp_path) -> None:
    colour = tmp_path / "colour"
    photochrom("archive", box, colour, "--processes", "0")
    Image.open(colour / "b.jpg").save(colour / "b.jpg")
    ran = photochrom("verify", colour / "photochrom.sqlite", "--json")
    assert ran.code == 1
    assert {record["result"]: record["finding"] for record in ran.records} == {
        "1923/a.jpg": "proven",
        "b.jpg": "differs",
        "c.png": "unchanged",
        "sepia.jpg": "proven",
    }
    quiet = photochrom("verify", colour, "--quiet")
    assert quiet.code == 1
    assert len(quiet.out.splitlines()) == 1


def test_verify_takes_files_and_folders_without_a_manifest(photochrom, box, tmp_path) -> None:
    out = tmp_path / "results"
    photochrom("colorize", box, "-o", out, "--recursive")
    shutil.copy(box / "b.jpg", out / "grey.jpg")  # no result, and not counted
    ran = photochrom("verify", out)
    assert ran.code == 0
    assert "3 proven, 1 unproven" in ran.out
    assert photochrom("verify", out / "grey.jpg").code == 1
    assert "no results of Photochrom" in photochrom("verify", box).err


def test_an_archive_is_restored_only_to_a_place_of_its_own(photochrom, box, tmp_path) -> None:
    colour = tmp_path / "colour"
    photochrom("archive", box, colour, "--processes", "0")
    manifest = colour / "photochrom.sqlite"
    assert "-o" in photochrom("restore", manifest).err
    assert "place of the archive itself" in photochrom("restore", manifest, "-o", box).err


def test_ctrl_c_finishes_what_is_under_way_and_the_next_run_goes_on(photochrom, tmp_path) -> None:
    box, colour = tmp_path / "many", tmp_path / "colour"
    box.mkdir()
    for number in range(40):
        grey_scan(number, 480, 640).save(box / f"{number}.jpg")
    called = [sys.executable, "-m", "photochrom.cli.main", "archive", str(box), str(colour)]
    with subprocess.Popen(
        [*called, "--processes", "1", "--json"], stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        done = [json.loads(running.stdout.readline())]
        running.send_signal(signal.SIGINT)
        done += map(json.loads, running.stdout)
    assert running.returncode == 130
    assert 1 <= len(done) < 40
    assert len(list(colour.glob("*.jpg"))) == len(done)
    ran = photochrom("archive", box, colour, "--processes", "0", "--json")
    assert len(ran.records) == 40 - len(done)


def test_a_toned_file_of_many_scans_gives_its_coefficients_back(photochrom, tmp_path) -> None:
    picture = tmp_path / "sepia.jpg"
    sepia_scan().save(picture, quality=90, progressive=True)
    photochrom("colorize", picture)
    ran = photochrom("restore", tmp_path / "sepia.color.jpg", "--json")
    assert ran.code == 0
    assert "coefficients" in str(ran.records[0]["reason"])
    with Image.open(tmp_path / "sepia.original.jpg") as back, Image.open(picture) as original:
        assert np.array_equal(np.asarray(back), np.asarray(original))
