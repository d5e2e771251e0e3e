"""docs/networks.md: its tables are fresh, and the network that it walks through is the real one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from networks import options_line, table, with_fresh_tables
from photochrom.generators.registry import GENERATORS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/networks.md").read_text(encoding="utf-8")
GENERATORS_FOLDER = ROOT / "src/photochrom/generators"
EXCERPT = re.compile(r"^```py\n(.*?)^```", re.MULTILINE | re.DOTALL)
STALE = "stale: run python benchmarks/networks.py --write docs/networks.md"


def test_the_page_is_what_the_code_says() -> None:
    assert table() in PAGE, STALE
    assert with_fresh_tables(PAGE) == PAGE, STALE


def test_an_old_table_and_old_options_are_noticed() -> None:
    old = PAGE.replace("54.41 M", "54.42 M").replace("`dropout` 0.5", "`dropout` 0.4")
    assert old != PAGE
    assert with_fresh_tables(old) == PAGE


@pytest.mark.parametrize("name", sorted(GENERATORS))
def test_every_generator_has_a_section_with_its_options(name: str) -> None:
    section = PAGE.split(f"\n## {name}\n")[1].split("\n## ")[0]
    assert options_line(name) in section


def test_the_excerpts_are_the_code_itself() -> None:
    files = [(GENERATORS_FOLDER / file).read_text() for file in ("linknet.py", "registry.py")]
    excerpts = EXCERPT.findall(PAGE)
    assert len(excerpts) == 5
    assert not [excerpt for excerpt in excerpts if not any(excerpt in text for text in files)]
