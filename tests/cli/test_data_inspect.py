"""`photochrom data inspect`: what it says of a set, and its contact sheet."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from photochrom.cli.data import counted, listed
from photochrom.cli.survey_report import counts, size_in_words


@pytest.fixture
def mixed_set(photo_set, grey) -> Path:
    """Ten colour photos, a copy, a grey one and two broken ones."""
    folder = photo_set("set", 10)
    with Image.open(folder / "03.png") as photo:
        photo.resize((128, 96)).save(folder / "again.jpg")
    grey("set/old/grey.png")
    (folder / "cut.jpg").write_bytes((folder / "again.jpg").read_bytes()[:400])
    (folder / "text.webp").write_text("Dear aunt")
    return folder


def test_a_page_says_what_there_is(photochrom, mixed_set: Path) -> None:
    ran = photochrom("data", "inspect", mixed_set)
    rows = {line[:17].strip(): line[17:] for line in ran.out.splitlines() if line[0] != " "}
    assert rows["photos"].startswith("12, ")
    assert rows["formats"] == "PNG 11, JPEG 1"
    assert rows["colour"] == "colour 11, grey 1"
    assert rows["near-duplicates"] == "1 in 1 group, 0 of them equal to the byte"
    assert rows["broken"] == "2"
    assert "64×48 (smallest)" in rows["size"]
    assert "11 are 64×48" in rows["size"]
    assert f"  {mixed_set}/03.png  {mixed_set}/again.jpg" in ran.out
    assert f"  {mixed_set}/old/grey.png" in ran.out


def test_broken_photos_are_named_and_make_the_exit_code_one(photochrom, mixed_set: Path) -> None:
    ran = photochrom("data", "inspect", mixed_set)
    assert ran.code == 1
    first, second = ran.err.splitlines()
    assert first.startswith(f"photochrom: {mixed_set}/cut.jpg: it ")
    assert "ends early" in first
    assert second.startswith(f"photochrom: {mixed_set}/text.webp: it ")


def test_a_sound_set_is_exit_code_zero(photochrom, photo_set) -> None:
    ran = photochrom("data", "inspect", photo_set("set", 3))
    assert (ran.code, ran.err) == (0, "")
    assert "near-duplicates  none" in ran.out


def test_quiet_says_only_what_is_broken(photochrom, mixed_set: Path) -> None:
    ran = photochrom("data", "inspect", mixed_set, "--quiet")
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 2


def test_json_is_an_object_for_each_photo_and_one_for_all(photochrom, mixed_set: Path) -> None:
    ran = photochrom("data", "inspect", mixed_set, "--json")
    *records, summary = ran.records
    photos = {record["path"]: record for record in records if record["kind"] == "photo"}
    copy, original = photos[f"{mixed_set}/again.jpg"], photos[f"{mixed_set}/03.png"]
    assert copy["group"] == original["group"] == original["path"]
    assert (copy["width"], copy["height"], copy["format"]) == (128, 96, "JPEG")
    assert len(str(copy["difference_hash"])) == 16
    assert photos[f"{mixed_set}/old/grey.png"]["colour"] == "grey"
    assert [r["path"] for r in records if r["kind"] == "broken"] == [
        f"{mixed_set}/cut.jpg",
        f"{mixed_set}/text.webp",
    ]
    assert summary["kind"] == "summary"
    assert (summary["photos"], summary["broken"], summary["grey"]) == (12, 2, 1)
    assert (ran.code, ran.err) == (1, "")


def test_globs_and_the_limit_choose_photos(photochrom, mixed_set: Path) -> None:
    ran = photochrom(
        *("data", "inspect", mixed_set, "--include", "0*", "--exclude", "*3.png", "--json")
    )
    names = [Path(str(r["path"])).name for r in ran.records if r["kind"] == "photo"]
    assert names == [f"0{seed}.png" for seed in range(10) if seed != 3]
    few = photochrom("data", "inspect", mixed_set, "--include", "0*", "--limit", "4", "--json")
    assert few.records[-1]["photos"] == 4


def test_a_contact_sheet_is_drawn(photochrom, mixed_set: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "deep/sheet.jpg"
    ran = photochrom("data", "inspect", mixed_set, "--sheet", sheet)
    assert ran.out.splitlines()[-1] == str(sheet)
    with Image.open(sheet) as page:
        assert page.format == "JPEG"
        assert page.width > 1000


def test_a_sheet_is_not_written_over(photochrom, photo_set, tmp_path: Path) -> None:
    folder = photo_set("set", 2)
    sheet = tmp_path / "sheet.png"
    sheet.write_text("mine")
    ran = photochrom("data", "inspect", folder, "--sheet", sheet)
    assert (ran.code, ran.out, sheet.read_text()) == (2, "", "mine")
    assert "--overwrite" in ran.err
    assert photochrom("data", "inspect", folder, "--sheet", sheet, "--overwrite").code == 0
    with Image.open(sheet) as page:
        assert page.format == "PNG"


def test_a_sheet_of_another_kind_is_refused_before_the_work(photochrom, photo_set) -> None:
    ran = photochrom("data", "inspect", photo_set("set", 2), "--sheet", "sheet.pdf")
    assert (ran.code, ran.out) == (2, "")
    assert ".jpg" in ran.err


@pytest.mark.parametrize("paths", [("nowhere",), ("",), ("empty",), ("letter.zip",)])
def test_what_holds_no_photos_is_the_users_to_mend(
    photochrom, tmp_path: Path, monkeypatch, paths: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "letter.zip").write_text("no zip")
    ran = photochrom("data", "inspect", *paths)
    assert ran.code == 2
    assert ran.err.startswith("photochrom: ")
    assert paths[0] in ran.err


def test_a_set_of_nothing_but_broken_photos_is_said(photochrom, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    ran = photochrom("data", "inspect", tmp_path, "--sheet", tmp_path / "sheet.jpg")
    assert ran.code == 2
    assert "a.jpg: it is empty" in ran.err


def test_a_terminal_gets_a_bar(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "120")
    with counted("looking at photos", quiet=False) as on_progress:
        for done in range(1, 8):
            on_progress(done, 7)
    said = capsys.readouterr().err
    assert "7/7" in said
    assert "looking at photos" in said


def test_a_log_gets_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with counted("looking at photos", quiet=False) as on_progress:
        on_progress(1, 7)
    assert capsys.readouterr().err == ""


def test_words_for_numbers() -> None:
    assert counts(Counter("abb")) == "b 2, a 1"
    assert [size_in_words(size) for size in (0, 999, 1000, 999_999, 3 * 10**15)] == [
        "0 B",
        "999 B",
        "1 KB",
        "1 MB",
        "3e+03 TB",
    ]
    assert listed("nothing", []) == []
