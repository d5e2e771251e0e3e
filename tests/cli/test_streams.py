"""stdin, stdout, and names that no terminal can show."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from photochrom.cli.streams import write_stdout
from photochrom.errors import SetupError


def test_nobody_types_a_picture_at_a_terminal(photochrom, monkeypatch) -> None:
    monkeypatch.setattr("photochrom.cli.streams.sys", FakeTerminal)
    ran = photochrom("colorize", "-")
    assert ran.code == 2
    assert "stdin, which is a terminal" in ran.err


def test_no_picture_is_written_to_a_terminal(photochrom, grey, monkeypatch) -> None:
    photo = grey("a.png")
    monkeypatch.setattr("photochrom.cli.streams.sys", FakeTerminal)
    ran = photochrom("colorize", photo, "-o", "-")
    assert ran.code == 2
    assert "stdout, which is a terminal" in ran.err


class FakeTerminal:
    """`sys` where both streams are a terminal."""

    class stdin:  # noqa: N801 – named as in sys
        isatty = staticmethod(lambda: True)

    stdout = stdin


def test_a_dry_run_writes_nothing_to_stdout_either(photochrom, grey) -> None:
    ran = photochrom("colorize", grey("a.png"), "-o", "-", "--dry-run")
    assert (ran.code, ran.stdout) == (0, b"")
    assert "would be written" in ran.err


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_no_unicode_is_printed_as_escapes(photochrom, grey, tmp_path) -> None:
    photo = grey("a.jpg").rename(tmp_path / os.fsdecode(b"caf\xe9.jpg"))
    assert photochrom("colorize", photo).code == 0
    ran = photochrom("colorize", photo, "--overwrite", "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["result"] == str(tmp_path / os.fsdecode(b"caf\xe9.color.jpg"))


def test_a_folder_that_the_machine_refuses_fails_alone(photochrom, grey, monkeypatch) -> None:
    is_dir = Path.is_dir

    def refuse(self: Path) -> bool:
        if "secret" in str(self):
            raise PermissionError(13, "Permission denied", str(self))
        return is_dir(self)

    monkeypatch.setattr(Path, "is_dir", refuse)
    ran = photochrom("colorize", grey("a.jpg"), "/secret/b.jpg")
    assert ran.code == 1
    assert "/secret/b.jpg: Permission denied" in ran.err
    assert "1 coloured, 1 failed" in ran.out


def test_a_result_that_the_machine_refuses_is_a_setup_error(photochrom, grey, monkeypatch) -> None:
    photo = grey("a.jpg")

    def refuse(self: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr("photochrom.cli.finished.Path.is_file", refuse)
    ran = photochrom("colorize", photo)
    assert ran.code == 4
    assert "Permission denied" in ran.err


class FakeStdout:
    """`sys` whose stdout takes a few bytes at a time, or none, as an unbuffered one may."""

    class stdout:  # noqa: N801 – named as in sys
        taken = b""
        full = False
        isatty = staticmethod(lambda: False)

        class buffer:  # noqa: N801 – named as in sys
            @staticmethod
            def write(content: memoryview) -> int:
                if FakeStdout.stdout.full:
                    raise OSError(28, "No space left on device")
                FakeStdout.stdout.taken += bytes(content[:1000])
                return min(1000, len(content))

            flush = staticmethod(lambda: None)


def test_an_unbuffered_stdout_gets_the_whole_picture(monkeypatch) -> None:
    monkeypatch.setattr("photochrom.cli.streams.sys", FakeStdout)
    monkeypatch.setattr(FakeStdout.stdout, "taken", b"")
    content = bytes(range(256)) * 20
    write_stdout(content)
    assert FakeStdout.stdout.taken == content


def test_a_full_disk_behind_stdout_is_said(monkeypatch) -> None:
    monkeypatch.setattr("photochrom.cli.streams.sys", FakeStdout)
    monkeypatch.setattr(FakeStdout.stdout, "full", True)
    with pytest.raises(SetupError, match=r"stdout.*No space left"):
        write_stdout(b"picture")


def test_an_empty_stdin_is_said(photochrom) -> None:
    ran = photochrom("colorize", "-", stdin=b"")
    assert ran.code == 2
    assert "stdin is empty" in ran.err
