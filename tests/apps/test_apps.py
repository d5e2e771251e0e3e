"""Both apps: short, made of public names, silent about their users, ready for their hosts."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

import photochrom
from photochrom.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
APPS = sorted((ROOT / "src/photochrom/apps").glob("*_app.py"))


@pytest.mark.parametrize("path", APPS, ids=lambda path: path.stem)
def test_an_app_is_short_and_uses_public_names_only(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 120
    imported = [
        (node.module, alias.name)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("photochrom")
        for alias in node.names
    ]
    assert imported
    assert all(module == "photochrom" for module, _ in imported)
    assert {name for _, name in imported} <= set(photochrom.__all__)


def test_nothing_is_told_about_users() -> None:
    gradio, streamlit = (path.read_text(encoding="utf-8") for path in APPS)
    assert 'os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"' in gradio
    assert gradio.index("GRADIO_ANALYTICS_ENABLED") < gradio.index("import gradio")
    assert "analytics_enabled=False" in gradio
    assert '"browser.gatherUsageStats": "false"' in streamlit
    config = ROOT / "spaces/streamlit/.streamlit/config.toml"
    said = tomllib.loads(config.read_text(encoding="utf-8"))
    assert said["browser"]["gatherUsageStats"] is False
    assert said["server"]["port"] == 8501


def test_the_space_s_header_names_its_file_and_kind() -> None:
    readme = (ROOT / "spaces/gradio/README.md").read_text(encoding="utf-8")
    header = dict(re.findall(r"^(\w+): (.*)$", readme.split("---")[1], flags=re.MULTILINE))
    assert header["sdk"] == "gradio"
    assert (ROOT / "spaces/gradio" / header["app_file"]).is_file()
    assert int(header["sdk_version"].split(".")[0]) >= 6
    assert len(header["short_description"]) <= 60


@pytest.mark.parametrize("name", ["gradio", "streamlit"])
def test_a_space_installs_an_extra_that_exists(name: str) -> None:
    required = (ROOT / "spaces" / name / "requirements.txt").read_text(encoding="utf-8").split()
    assert required == ["photochrom[apps]"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "apps" in project["optional-dependencies"]
    compile((ROOT / "spaces" / name / "app.py").read_text(encoding="utf-8"), name, "exec")


@pytest.mark.parametrize("name", ["gradio", "streamlit"])
def test_without_the_extra_its_command_is_named(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, f"photochrom.apps.{name}_app", raising=False)
    assert main(["app", name]) == 4
    assert "pip install 'photochrom[apps]'" in capsys.readouterr().err
