"""Files appear whole or not at all, and failures are said in words."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from photochrom.errors import InputError, SetupError
from photochrom.media.atomic import write_atomic


def test_the_content_and_the_time_are_written(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    write_atomic(path, b"content", modified_ns=123_000_000_000)
    assert path.read_bytes() == b"content"
    assert path.stat().st_mtime_ns == 123_000_000_000
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.bin"]


def test_a_file_that_is_there_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    write_atomic(tmp_path / "ours", b"")
    (tmp_path / "usual").write_bytes(b"")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_atomic(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space")])
@pytest.mark.parametrize("step", ["replace", "open"])
def test_nothing_is_left_when_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException, step: str
) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")

    def fail(*args: object, **options: object) -> None:
        raise failure

    monkeypatch.setattr(Path, step, fail)
    with pytest.raises((KeyboardInterrupt, SetupError)):
        write_atomic(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.bin"]


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (errno.ENOSPC, SetupError, "disk is full"),
        (errno.EDQUOT, SetupError, "disk is full"),
        (errno.EACCES, SetupError, "no permission"),
        (errno.EROFS, SetupError, "no permission"),
        (errno.ENOENT, InputError, "does not exist"),
        (errno.EISDIR, InputError, "a folder has that name"),
        (errno.ENAMETOOLONG, InputError, "too long"),
        (errno.EIO, SetupError, "Input/output"),
    ],
)
def test_every_failure_has_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type, words: str
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "open", fail)
    with pytest.raises(kind, match=words):
        write_atomic(tmp_path / "a.bin", b"new")


def test_a_full_disk_is_told_on_a_device_that_is_full() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(OSError, match="No space"), Path("/dev/full").open("wb") as file:
        file.write(b"x" * 10_000)


def test_a_folder_of_that_name_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="a folder has that name"):
        write_atomic(tmp_path / "folder", b"")
    with pytest.raises(InputError, match="does not exist"):
        write_atomic(tmp_path / "nowhere" / "a", b"")
    assert [entry.name for entry in tmp_path.iterdir()] == ["folder"]


def test_a_name_that_just_fits_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 251 + ".jpg")
    write_atomic(path, b"x")
    assert path.read_bytes() == b"x"
