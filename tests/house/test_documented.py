"""Every command, option, recipe, generator, error and public name is documented."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import photochrom
from photochrom import errors
from photochrom.cli.main import COMMANDS
from photochrom.cli.reference import main as write_reference
from photochrom.cli.reference import reference
from photochrom.generators import registry

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def everything_written() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def test_the_command_line_reference_is_fresh() -> None:
    written = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    assert written == reference(), "docs/cli.md is stale: run make reference"


def test_a_stale_reference_is_noticed_and_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "cli.md"
    page.write_text("old", encoding="utf-8")
    assert write_reference(["--check", str(page)]) == 1
    assert "make reference" in capsys.readouterr().err
    assert write_reference([str(page)]) == 0
    assert write_reference(["--check", str(page)]) == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_reference(command: str) -> None:
    assert f"## photochrom {command}\n" in reference()


def test_every_option_has_a_help_text() -> None:
    empty = re.findall(r"^\| (`-.*`)[^|]*\|\s*\|$", reference(), flags=re.MULTILINE)
    assert not empty


@pytest.mark.parametrize("name", [path.stem for path in sorted((ROOT / "recipes").glob("*.toml"))])
def test_every_recipe_is_documented(name: str) -> None:
    assert f"`{name}`" in everything_written() or f"{name}.toml" in everything_written()


@pytest.mark.parametrize("name", sorted(registry.GENERATORS))
def test_every_generator_is_documented(name: str) -> None:
    assert name in everything_written()


@pytest.mark.parametrize(
    "name", [name for name, _ in inspect.getmembers(errors, inspect.isclass) if "Error" in name]
)
def test_every_error_is_documented(name: str) -> None:
    assert name in everything_written()
    assert inspect.getdoc(getattr(errors, name))


@pytest.mark.parametrize("name", [name for name in photochrom.__all__ if name[0] != "_"])
def test_every_public_name_says_what_it_is(name: str) -> None:
    public = getattr(photochrom, name)
    assert inspect.getdoc(public)
    assert re.search(rf"`{name}\b|import {name}\b", everything_written())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    broken = [
        target
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not broken
