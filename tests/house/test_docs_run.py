"""What the pages show is run: Python as it stands, commands as far as their options."""

from __future__ import annotations

import re
import shlex
from importlib import import_module
from pathlib import Path

import pytest
from PIL import Image
from video_files import moving, write_film

from photochrom.cli.main import COMMANDS, main
from photochrom.cli.reference import reference

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
NAMES = "|".join(sorted(COMMANDS, key=len, reverse=True))
COMMAND = re.compile(rf"^(?:\$ )?photochrom ({NAMES}|\w+)\b(.*)$", re.MULTILINE)


def blocks() -> list[tuple[str, str]]:
    return [
        (page.name, code)
        for page in PAGES
        for code in PYTHON.findall(page.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("page", "code"), blocks())
def test_python_in_the_pages_runs(
    page: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in re.findall(r'"([\w/.-]+\.(?:jpg|png|tif))"', code):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.linear_gradient("L").save(path)
    if '"in.mp4"' in code:
        write_film(tmp_path / "in.mp4", moving(5), encoder="libx264")
    exec(compile(code, page, "exec"), {"__name__": page})


def options_of(command: str) -> set[str]:
    section = reference().split(f"## photochrom {command}\n")[1].split("\n## ")[0]
    return set(re.findall(r"`(--?[a-z][\w-]*)`", section))


def commands() -> list[tuple[str, str, str]]:
    shown = [
        (page.name, *match)
        for page in PAGES
        if page.name != "cli.md"
        for match in COMMAND.findall(page.read_text(encoding="utf-8"))
    ]
    return [(page, command, rest) for page, command, rest in shown if "OPTIONS" not in rest]


@pytest.mark.parametrize(("page", "command", "rest"), commands())
def test_commands_in_the_pages_exist_with_their_options(page: str, command: str, rest: str) -> None:
    assert command in COMMANDS, page
    words = shlex.split(rest, comments=True)
    used = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)}
    assert used <= options_of(command), page


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help_page(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    module, function = COMMANDS[command].split(":")
    assert getattr(import_module(module), function).__doc__
    assert main([*command.split(), "--help"]) == 0
    assert f"photochrom {command}" in capsys.readouterr().out
