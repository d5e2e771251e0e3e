"""What a run over an archive does, and what a second one leaves alone."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from archive_runs import Heard, MakeRun, files_below, grey_scan, rows_of
from PIL import Image

from photochrom.archive import local_place, memory, work
from photochrom.archive.local_place import LocalPlace
from photochrom.errors import InputError, SetupError
from photochrom.media.jpeg_restore import restored
from photochrom.media.provenance import read_provenance

ColourAll = Callable[..., Heard]
GREY = {"1923/0.jpg", "1923/1.jpg", "1923/2.jpg", "a.JPG", "b.png", "sepia.jpg"}


def test_every_picture_is_coloured_left_out_or_named(
    scans: Path, target: Path, colour_all: ColourAll
) -> None:
    heard = colour_all(scans, target)
    assert {name for name, state in heard.states.items() if state == "coloured"} == GREY
    assert heard.states["holiday.png"] == "left out"
    assert heard.states["notes.jpg"] == "failed"
    assert files_below(target) == GREY
    assert restored((target / "a.JPG").read_bytes()).jpeg == (scans / "a.JPG").read_bytes()


def test_the_manifest_says_what_was_made_from_what(
    scans: Path, target: Path, colour_all: ColourAll, tmp_path: Path
) -> None:
    colour_all(scans, target)
    rows = rows_of(tmp_path / "manifest.sqlite")
    made = read_provenance(target / "1923/0.jpg")
    row = rows["1923/0.jpg"]
    assert made is not None
    assert (row["source_sha256"], row["model_sha256"]) == (made.source_sha256, made.model_sha256)
    assert row["way"] == "splice"
    assert row["seconds"] > 0
    assert "text" in rows["notes.jpg"]["error"]


def test_a_second_run_does_only_what_failed(
    scans: Path, target: Path, colour_all: ColourAll
) -> None:
    colour_all(scans, target)
    before = {name: (target / name).stat().st_mtime_ns for name in files_below(target)}
    assert colour_all(scans, target).states == {"notes.jpg": "failed"}
    assert before == {name: (target / name).stat().st_mtime_ns for name in files_below(target)}


def test_what_is_new_changed_or_gone_is_done_again(
    scans: Path, target: Path, colour_all: ColourAll
) -> None:
    colour_all(scans, target)
    grey_scan(20).save(scans / "new.jpg")
    grey_scan(21).save(scans / "a.JPG")
    (target / "b.png").unlink()
    (scans / "notes.jpg").unlink()
    heard = colour_all(scans, target)
    assert heard.states == {"new.jpg": "coloured", "a.JPG": "coloured", "b.png": "coloured"}
    assert restored((target / "a.JPG").read_bytes()).jpeg == (scans / "a.JPG").read_bytes()


def test_without_the_manifest_results_are_known_by_what_they_say(
    scans: Path, target: Path, colour_all: ColourAll, tmp_path: Path
) -> None:
    colour_all(scans, target)
    before = (target / "a.JPG").stat().st_ino
    (tmp_path / "manifest.sqlite").unlink()
    heard = colour_all(scans, target)
    assert heard.states["a.JPG"] == "coloured"
    assert (target / "a.JPG").stat().st_ino == before
    assert rows_of(tmp_path / "manifest.sqlite")["a.JPG"]["result_sha256"]


def test_two_sources_of_one_result_are_both_refused(
    scans: Path, target: Path, colour_all: ColourAll
) -> None:
    grey_scan(5).save(scans / "b.bmp")  # its result would be b.png
    heard = colour_all(scans, target)
    assert heard.states["b.bmp"] == heard.states["b.png"] == "failed"
    assert "b.bmp and of b.png" in heard.error_of("b.png")
    assert not (target / "b.png").exists()


def test_a_file_that_is_not_ours_is_not_replaced(
    scans: Path, target: Path, colour_all: ColourAll
) -> None:
    target.mkdir()
    (target / "a.JPG").write_bytes(b"mine")
    heard = colour_all(scans, target)
    assert "not made by Photochrom" in heard.error_of("a.JPG")
    assert (target / "a.JPG").read_bytes() == b"mine"
    assert colour_all(scans, target, overwrite=True).states["a.JPG"] == "coloured"


def test_other_options_are_refused_before_work_and_done_with_overwrite(
    scans: Path, target: Path, colour_all: ColourAll
) -> None:
    colour_all(scans, target)
    with pytest.raises(InputError, match=r"6 results .* --overwrite"):
        colour_all(scans, target, strength=0.5)
    heard = colour_all(scans, target, strength=0.5, overwrite=True)
    assert {name for name, state in heard.states.items() if state == "coloured"} == GREY
    made = read_provenance(target / "a.JPG")
    assert made is not None
    assert made.strength == 0.5


def test_a_target_inside_the_source_is_no_source(scans: Path, colour_all: ColourAll) -> None:
    colour_all(scans, scans / "colour")
    assert set(colour_all(scans, scans / "colour").states) == {"notes.jpg"}


def test_the_source_itself_is_no_target(scans: Path, run_of: MakeRun) -> None:
    with (
        pytest.raises(InputError, match="no original is written over"),
        run_of(scans, f"{scans}/1923/.."),
    ):
        pass


def test_a_manifest_of_another_archive_is_refused(
    scans: Path, target: Path, colour_all: ColourAll, tmp_path: Path
) -> None:
    colour_all(scans, target)
    with pytest.raises(InputError, match="another archive"):
        colour_all(scans, tmp_path / "elsewhere")


def test_a_mistyped_source_does_not_keep_the_manifest(
    scans: Path, target: Path, colour_all: ColourAll
) -> None:
    with pytest.raises(InputError, match="does not exist"):
        colour_all(scans.with_name("scnas"), target)
    assert colour_all(scans, target).states["a.JPG"] == "coloured"


def test_a_full_disk_stops_the_run_and_the_next_one_goes_on(
    scans: Path, target: Path, colour_all: ColourAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: object, name: str, content: bytes, **more: object) -> None:
        raise SetupError(f"cannot write {name}: the disk is full. Free some space and run again")

    with monkeypatch.context() as patch:
        patch.setattr(LocalPlace, "write", full)
        with pytest.raises(SetupError, match=r"disk is full.*same command goes on"):
            colour_all(scans, target)
    assert files_below(target) == set()
    heard = colour_all(scans, target)
    assert {name for name, state in heard.states.items() if state == "coloured"} >= GREY


def test_a_read_only_target_is_refused_before_work(
    scans: Path, target: Path, run_of: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_: object, **__: object) -> None:
        raise SetupError("cannot write: no permission (Read-only file system)")

    monkeypatch.setattr(local_place, "write_atomic", read_only)
    with (
        run_of(scans, target) as (run, heard),
        pytest.raises(SetupError, match="Read-only"),
    ):
        run.prepare()
    assert not heard.answers


def test_a_file_that_changes_while_it_is_read_is_left_for_the_next_run(
    scans: Path, target: Path, colour_all: ColourAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = scans / "a.JPG"
    real = os.fstat
    monkeypatch.setattr(local_place, "PAUSE_S", 0.0)

    def growing(descriptor: int) -> os.stat_result:
        found = real(descriptor)
        if found.st_ino == path.stat().st_ino:
            os.utime(path, ns=(time.time_ns(), found.st_mtime_ns + 1_000_000))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(local_place.os, "fstat", growing)
        heard = colour_all(scans, target)
    assert "changed while it was read" in heard.error_of("a.JPG")
    assert not (target / "a.JPG").exists()
    assert colour_all(scans, target).states["a.JPG"] == "coloured"


def test_a_large_picture_waits_until_it_is_alone(
    scans: Path, target: Path, colour_all: ColourAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    grey_scan(7, 400, 600).save(scans / "1923" / "poster.jpg")
    monkeypatch.setattr(memory, "LEAST_SHARE_BYTES", 1_000_000)
    monkeypatch.setattr(work, "free_memory", lambda: 0)
    heard = colour_all(scans, target)
    assert heard.answers[-1].name == "1923/poster.jpg"
    assert heard.states["1923/poster.jpg"] == "coloured"


def test_a_picture_that_fits_no_memory_stops_no_other(
    scans: Path, target: Path, colour_all: ColourAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    grey_scan(7, 400, 600).save(scans / "poster.jpg")
    monkeypatch.setattr(memory, "LEAST_SHARE_BYTES", 1_000_000)
    monkeypatch.setattr(work, "free_memory", lambda: 0)
    monkeypatch.setattr(memory, "free_memory", lambda: 1000)
    heard = colour_all(scans, target)
    assert "GB of memory" in heard.error_of("poster.jpg")
    assert {name for name, state in heard.states.items() if state == "coloured"} == GREY


def test_a_folder_that_cannot_be_listed_is_named(
    scans: Path, target: Path, colour_all: ColourAll, locked_folder: str
) -> None:
    heard = colour_all(scans, target)
    assert "cannot list" in heard.error_of(locked_folder)
    assert heard.states["a.JPG"] == "coloured"


def test_what_a_kill_left_half_written_is_removed(
    scans: Path, target: Path, run_of: MakeRun, colour_all: ColourAll, tmp_path: Path
) -> None:
    def break_off(answer: object) -> None:
        raise RuntimeError("as a kill would")

    with pytest.raises(RuntimeError), run_of(scans, target) as (run, heard):
        heard.on_answer = break_off
        run.prepare()
        run.work()
    rows = rows_of(tmp_path / "manifest.sqlite")
    under_way = next(name for name, row in rows.items() if row["state"] == "under way")
    part = (target / under_way).with_name(f".{Path(under_way).name}.0123456789ab.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(b"half a picture")
    colour_all(scans, target)
    assert files_below(target) == GREY


def test_what_arrives_while_watching_is_taken_when_it_rests(
    scans: Path, target: Path, run_of: MakeRun
) -> None:
    with run_of(scans, target) as (run, heard):
        run.rest_s = 0.3
        for path in scans.rglob("*.*"):
            os.utime(path, (1e9, 1e9))

        def arrive(answer: object) -> None:
            if len(heard.answers) == 8:  # all that was there at first
                grey_scan(30).save(scans / "late.jpg")
            if "late.jpg" in heard.states:
                raise KeyboardInterrupt

        heard.on_answer = arrive
        run.prepare()
        run.work()
        with pytest.raises(KeyboardInterrupt):
            run.watch(0.1)
    assert heard.states["late.jpg"] == "coloured"
    with Image.open(target / "late.jpg") as picture:
        assert picture.mode == "RGB"
