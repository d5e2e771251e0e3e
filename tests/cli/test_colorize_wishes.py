"""`photochrom colorize` with hints, vividness, candidates, a map of uncertainty, more effort."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.color.lab import rgb_to_lab
from photochrom.media.provenance import read_provenance
from rgb_model import write_rgb_model


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


def options_of(path: Path) -> str:
    return read_provenance(path).options


def ab_at(path: Path, x: int, y: int) -> np.ndarray:
    with Image.open(path) as picture:
        return rgb_to_lab(np.asarray(picture.convert("RGB")))[1][y, x]


def test_hints_are_met_and_recorded(photochrom, grey, tmp_path) -> None:
    photo = grey("a.png")
    told = tmp_path / "hints.json"
    told.write_text(json.dumps([[40, 30, "#7070a0"]]))
    ran = photochrom("colorize", photo, "--hint", "12,10=#a08070", "--hints", told)
    assert ran.code == 0, ran.err
    result = photo.with_name("a.color.png")
    assert options_of(result) == "hint=40,30=#7070a0 hint=12,10=#a08070"
    red, blue = ab_at(result, 12, 10), ab_at(result, 40, 30)
    assert red[0] > 3
    assert red[1] > 7
    assert blue[1] < -15


def test_another_run_with_other_hints_is_another_result(photochrom, grey) -> None:
    photo = grey("a.png")
    assert photochrom("colorize", photo, "--hint", "12,10=#a08070").code == 0
    ran = photochrom("colorize", photo, "--hint", "12,10=#a08070", "--json")
    assert list(ran.statuses.values()) == ["finished"]
    ran = photochrom("colorize", photo, "--hint", "12,10=#a08071")
    assert ran.code == 2
    assert "made from options 'hint=12,10=#a08070'" in ran.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--hint", "nonsense"], "the hint 'nonsense' is not understood"),
        (["--hint", "1,2=red"], "'red' is no colour"),
        (["--hint", "65,2=#fff"], "outside the photo, which is displayed at 64 × 48 px"),
        (["--hints", "nowhere.json"], "nowhere.json cannot be read"),
        (["--hints", "a.png"], "a.png is no text"),
        (["--vividness", "1.5"], "0<=x<=1"),
        (["--vividness", "nan"], "not nan"),
        (["--candidates", "9"], "1<=x<=8"),
        (["--effort", "heroic"], "'usual', 'best'"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    photochrom, grey, tmp_path, monkeypatch, arguments, words
) -> None:
    photo = grey("a.png")
    monkeypatch.chdir(tmp_path)
    ran = photochrom("colorize", photo, *arguments)
    assert ran.code == 2
    assert words in " ".join(ran.err.replace("│", " ").split())
    assert names_in(tmp_path) == {"a.png"}


def test_a_damaged_file_of_hints_is_named(photochrom, grey, tmp_path) -> None:
    told = tmp_path / "hints.json"
    told.write_text("{")
    ran = photochrom("colorize", grey("a.png"), "--hints", told)
    assert ran.code == 2
    assert "hints.json: the hints are no JSON" in ran.err


def test_hints_belong_to_one_picture(photochrom, grey, tmp_path) -> None:
    grey("box/a.png")
    grey("box/b.png")
    ran = photochrom("colorize", tmp_path / "box", "--hint", "1,1=#fff")
    assert ran.code == 2
    assert "hints belong to one picture, and 2 are given" in ran.err


def test_candidates_come_with_a_contact_sheet(photochrom, grey, tmp_path) -> None:
    ran = photochrom("colorize", grey("a.jpg"), "-o", tmp_path / "out", "--candidates", 3, "--json")
    assert ran.code == 0, ran.err
    names = {"a.jpg", "a.candidate-2.jpg", "a.candidate-3.jpg", "a.candidates.jpg"}
    assert names_in(tmp_path / "out") == names
    (record,) = ran.records
    assert {Path(path).name for path in record["extras"]} == names - {"a.jpg"}
    assert options_of(tmp_path / "out/a.candidate-2.jpg") == "candidate=2"
    assert options_of(tmp_path / "out/a.candidates.jpg") == "candidates=3"
    with Image.open(tmp_path / "out/a.candidates.jpg") as sheet:
        assert sheet.width > 2 * 64
        assert sheet.height > 2 * 48


def test_a_second_run_finds_candidates_finished_and_no_result_is_an_input(photochrom, grey) -> None:
    photo = grey("box/a.png")
    arguments = ("--candidates", 2, "--uncertainty")
    assert photochrom("colorize", photo.parent, *arguments).code == 0
    made = names_in(photo.parent)
    assert made == {
        *("a.png", "a.color.png", "a.color.candidate-2.png", "a.color.candidates.jpg"),
        "a.color.uncertainty.png",
    }
    stamps = {name: (photo.parent / name).stat().st_mtime_ns for name in made}
    ran = photochrom("colorize", photo.parent, *arguments, "--json")
    assert ran.code == 0, ran.err
    assert ran.statuses.pop("a.png") == "finished"
    assert set(ran.statuses.values()) == {"finished", "passed-over"}
    assert {name: (photo.parent / name).stat().st_mtime_ns for name in names_in(photo.parent)} == (
        stamps
    )


def test_what_is_not_ours_is_not_replaced(photochrom, grey) -> None:
    photo = grey("a.png")
    other = grey("a.color.uncertainty.png", seed=3)
    before = other.read_bytes()
    ran = photochrom("colorize", photo, "--uncertainty")
    assert ran.code == 2
    assert "was not made by Photochrom" in ran.err
    assert other.read_bytes() == before


def test_a_dry_run_writes_no_extras(photochrom, grey, tmp_path) -> None:
    ran = photochrom("colorize", grey("a.png"), "--candidates", 2, "--uncertainty", "--dry-run")
    assert ran.code == 0, ran.err
    assert names_in(tmp_path) == {"a.png"}


def test_an_uncertainty_map_is_as_large_as_the_photo(photochrom, grey, tmp_path) -> None:
    assert photochrom("colorize", grey("a.jpg"), "--uncertainty", "--vividness", 0.8).code == 0
    with Image.open(tmp_path / "a.color.uncertainty.png") as picture:
        assert (picture.mode, picture.size) == ("L", (64, 48))
    assert options_of(tmp_path / "a.color.jpg") == "vividness=0.8"


def test_several_files_do_not_go_to_stdout(photochrom, grey) -> None:
    for wish in (("--candidates", 2), ("--uncertainty",)):
        ran = photochrom("colorize", grey("a.png"), "-o", "-", *wish)
        assert ran.code == 2
        assert "stdout" in ran.err


def test_the_best_effort_is_another_picture(photochrom, grey, tmp_path) -> None:
    photo = grey("a.png")
    assert photochrom("colorize", photo, "-o", tmp_path / "usual.png").code == 0
    assert photochrom("colorize", photo, "-o", tmp_path / "best.png", "--effort", "best").code == 0
    assert options_of(tmp_path / "best.png") == "effort=best"
    assert (tmp_path / "best.png").read_bytes() != (tmp_path / "usual.png").read_bytes()


@pytest.mark.parametrize(
    "wish", [("--hint", "1,1=#fff"), ("--candidates", 2), ("--uncertainty",), ("--vividness", 0.5)]
)
def test_a_model_of_drawings_refuses_before_anything_is_written(
    photochrom, grey, tmp_path, wish
) -> None:
    inks = write_rgb_model(tmp_path / "inks.onnx")
    ran = photochrom("colorize", grey("a.png"), "--model", inks, *wish)
    assert ran.code == 2
    assert "inks" in ran.err
    assert names_in(tmp_path) == {"a.png", "inks.onnx"}
