"""The program in docs/restore-format.md gives the originals back without Photochrom."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from jpeg_coloured import coloured_file
from jpeg_matrix import MATRIX, grey_file

PAGE = Path(__file__).parents[2] / "docs" / "restore-format.md"


def program() -> str:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return str(code)


def test_the_program_is_about_thirty_lines_of_the_standard_library() -> None:
    lines = [line for line in program().splitlines() if line.strip()]
    assert len(lines) <= 35
    assert re.findall(r"^import (.*)$", program(), re.MULTILINE) == ["hashlib, struct, sys, zlib"]


def test_the_program_restores_the_whole_matrix() -> None:
    names: dict[str, object] = {"__name__": "the page"}
    exec(program(), names)
    for name in MATRIX:
        assert names["restore"](coloured_file(name)) == grey_file(name), name  # type: ignore[operator]


def test_the_program_runs_from_the_command_line_and_refuses_an_edited_file(tmp_path: Path) -> None:
    script, coloured, restored = (tmp_path / name for name in ("r.py", "colour.jpg", "grey.jpg"))
    script.write_text(program(), encoding="utf-8")
    coloured.write_bytes(coloured_file("baseline-exif"))
    command = [sys.executable, str(script), str(coloured), str(restored)]
    subprocess.run(command, check=True)
    assert restored.read_bytes() == grey_file("baseline-exif")
    coloured.write_bytes(coloured_file("baseline-exif") + b"\0")
    with pytest.raises(subprocess.CalledProcessError):
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def test_the_table_of_decoders_counts_the_whole_matrix() -> None:
    table = (PAGE.parent / "jpeg-compatibility.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\d+ of (\d+)", table)) == {str(len(MATRIX))}


@pytest.mark.parametrize("fact", ["FF E9", "Photochrom restore", "32 MiB", "SHA-256", "version 1"])
def test_the_page_names_what_the_code_does(fact: str) -> None:
    assert fact in PAGE.read_text(encoding="utf-8")
