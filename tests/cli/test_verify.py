"""`photochrom verify` and `restore` of archives that were moved, copied, touched or locked away."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from pathlib import Path

import pytest
from archive_runs import box_of_scans

from photochrom.archive import reading as reading_module
from photochrom.archive.manifest import Manifest
from photochrom.archive.reading import reading


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """Two grey JPEGs in two folders and a sepia one."""
    return box_of_scans(tmp_path / "box")


@pytest.fixture
def colour(photochrom, box, tmp_path) -> Path:
    """The archive of these pictures."""
    assert photochrom("archive", box, tmp_path / "colour", "--processes", "0").code == 0
    return tmp_path / "colour"


def findings(ran) -> dict[str, str]:
    return {record["result"]: record["finding"] for record in ran.records}


def test_a_copy_is_verified_where_it_lies(photochrom, colour, tmp_path) -> None:
    copy = shutil.copytree(colour, tmp_path / "copy")
    assert photochrom("verify", copy).code == 0
    (copy / "b.jpg").write_bytes(b"garbage")
    (copy / "1923" / "a.jpg").unlink()
    wanted = {"1923/a.jpg": "differs", "b.jpg": "differs", "sepia.jpg": "proven"}
    for path in (copy, copy / "photochrom.sqlite"):
        ran = photochrom("verify", path, "--json")
        assert ran.code == 1
        assert findings(ran) == wanted
    assert photochrom("verify", colour).code == 0


@pytest.mark.parametrize("content", [b"", b"junk"])
def test_an_archive_whose_manifest_is_damaged_is_not_called_proven(
    photochrom, colour, content
) -> None:
    (colour / "photochrom.sqlite").write_bytes(content)
    for command in (["verify", colour], ["restore", colour, "-o", colour.parent / "back"]):
        ran = photochrom(*command)
        assert ran.code == 2
        assert "manifest" in ran.err
        assert "damaged" in ran.err


def test_what_was_deleted_is_to_do_again(photochrom, box, colour) -> None:
    (colour / "b.jpg").unlink()
    assert "1 to do, 2 done before" in photochrom("archive", box, colour, "--processes", "0").out


def test_a_moved_archive_is_verified_and_given_back(photochrom, box, colour, tmp_path) -> None:
    moved = colour.rename(tmp_path / "elsewhere")
    assert "3 proven" in photochrom("verify", moved).out
    ran = photochrom("archive", box, moved, "--processes", "0")
    assert "0 to do, 3 done before" in ran.out
    ran = photochrom("restore", moved, "-o", tmp_path / "back")
    assert ran.code == 0, ran.err
    assert (tmp_path / "back/1923/a.jpg").read_bytes() == (box / "1923/a.jpg").read_bytes()


def test_a_manifest_that_is_named_proves_the_folder_that_is_named(
    photochrom, box, tmp_path
) -> None:
    manifest, target = tmp_path / "own" / "photochrom.sqlite", tmp_path / "colour"
    photochrom("archive", box, target, "--processes", "0", "--manifest", manifest)
    assert "3 proven" in photochrom("verify", target, "--manifest", manifest).out
    assert "3 proven" in photochrom("verify", manifest).out
    copy = shutil.copytree(target, tmp_path / "copy")
    (copy / "b.jpg").unlink()
    ran = photochrom("verify", copy, "--manifest", manifest, "--json")
    assert findings(ran)["b.jpg"] == "differs"


def test_a_manifest_of_an_earlier_version_lies_in_its_target_too(
    photochrom, colour, tmp_path
) -> None:
    connection = sqlite3.connect(colour / "photochrom.sqlite")
    connection.execute("DELETE FROM archive WHERE key = 'lies in target'")
    for column in ("made_from", "needs"):
        connection.execute(f"ALTER TABLE pictures DROP COLUMN {column}")
    connection.commit()
    connection.close()
    moved = colour.rename(tmp_path / "elsewhere")
    assert "3 proven" in photochrom("verify", moved).out
    with Manifest(moved / "photochrom.sqlite") as manifest:
        rows = manifest._all("SELECT made_from, source_sha256 FROM pictures")
    assert all(row["made_from"] == row["source_sha256"] for row in rows)


@pytest.mark.parametrize("out", ["colour", "./colour", "colour/1923", "box", "box/1923"])
def test_originals_never_go_into_the_archive_itself(
    photochrom, box, colour, monkeypatch, out
) -> None:
    monkeypatch.chdir(colour.parent)
    before = {path: path.read_bytes() for path in colour.rglob("*.jpg")}
    ran = photochrom("restore", "colour", "-o", out, "--overwrite")
    assert ran.code == 2
    assert "place of the archive itself" in ran.err
    assert before == {path: path.read_bytes() for path in colour.rglob("*.jpg")}


def test_an_original_is_not_written_over_a_result_below_its_place(
    photochrom, box, tmp_path
) -> None:
    shutil.copytree(box / "1923", box / "colour")
    colour = tmp_path / "colour"
    photochrom("archive", box, colour, "--processes", "0")
    before = (colour / "a.jpg").exists()
    ran = photochrom("restore", colour, "-o", tmp_path, "--overwrite")
    assert ran.code == 1
    assert "into the archive itself" in ran.err
    assert (colour / "a.jpg").exists() == before
    assert (tmp_path / "b.jpg").read_bytes() == (box / "b.jpg").read_bytes()


def test_what_cannot_be_checked_here_does_not_differ(photochrom, colour, monkeypatch) -> None:
    for module in ("jpeg_coefficients", "jpeg_proof"):
        monkeypatch.setattr(f"photochrom.media.{module}.has_jpeglib", lambda: False)
    monkeypatch.setitem(sys.modules, "jpeglib", None)
    ran = photochrom("verify", colour)
    assert ran.code == 4
    assert "2 proven, 1 not checked" in ran.out
    assert "photochrom[jpeg]" in ran.out
    assert "differs" not in ran.out
    (colour / "b.jpg").unlink()
    assert photochrom("verify", colour).code == 1


class _ReadOnlyMedium:
    """SQLite as it is where a folder takes no files, which root can always write to."""

    def __getattr__(self, name: str) -> object:
        return getattr(sqlite3, name)

    def connect(self, address: str, **options: object) -> sqlite3.Connection:
        if "mode=rw" in address and "photochrom-" not in address:
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise error
        return sqlite3.connect(address, **options)  # type: ignore[call-overload, no-any-return]


def test_an_archive_on_a_medium_that_takes_no_files_is_read(
    photochrom, colour, monkeypatch
) -> None:
    monkeypatch.setattr(reading_module, "sqlite3", _ReadOnlyMedium())
    assert "3 proven" in photochrom("verify", colour).out
    assert not list(colour.glob("photochrom.sqlite-*"))


def test_what_a_killed_run_left_in_its_log_is_read_there_too(colour, tmp_path, monkeypatch) -> None:
    path = colour / "photochrom.sqlite"
    with Manifest(path) as manifest:
        manifest._all("UPDATE pictures SET state = 'failed' WHERE source = 'b.jpg'")
        killed = tmp_path / "killed"
        shutil.copytree(colour, killed)
    monkeypatch.setattr(reading_module, "sqlite3", _ReadOnlyMedium())
    assert (killed / "photochrom.sqlite-wal").stat().st_size
    with reading(killed / "photochrom.sqlite") as noted:
        assert len(noted) == 2


def test_a_manifest_that_is_not_there_is_said(photochrom, colour, tmp_path) -> None:
    ran = photochrom("verify", colour, "--manifest", tmp_path / "none.sqlite")
    assert ran.code == 2
    assert "none.sqlite does not exist" in ran.err
    ran = photochrom("verify", colour, "--manifest", colour)
    assert ran.code == 2
    assert "is a folder" in ran.err
