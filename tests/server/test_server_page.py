"""docs/server.md: its curl lines and its Python run against a server."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from serving import Serving, encoded, grey_picture, served

PAGE = Path(__file__).resolve().parents[2] / "docs/server.md"
WRITTEN_ADDRESS = "http://127.0.0.1:8000"


def blocks(language: str) -> list[str]:
    """The code of the page in this language."""
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def server() -> Iterator[Serving]:
    with served() as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the photograph that the page speaks of."""
    (tmp_path / "wedding.jpg").write_bytes(encoded(grey_picture(160, 120)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("code", blocks("sh"))
def test_its_curl_lines_do_what_they_say(code: str, server: Serving, folder: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is absent")
    script = "set -eu\n" + code.replace(WRITTEN_ADDRESS, server.url)
    subprocess.run(["sh", "-c", script], check=True, timeout=60)
    results = set(folder.iterdir()) - {folder / "wedding.jpg"}
    assert results
    original = folder / "wedding.original.jpg"
    if original in results:
        assert original.read_bytes() == (folder / "wedding.jpg").read_bytes()


@pytest.mark.parametrize("code", blocks("py"))
def test_its_python_does_what_it_says(
    code: str, server: Serving, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(code.replace(WRITTEN_ADDRESS, server.url), PAGE.name, "exec"), {})
    assert capsys.readouterr().out


def test_it_shows_both_ways() -> None:
    assert len(blocks("sh")) >= 3
    assert len(blocks("py")) >= 2
