"""The layers that pyproject.toml draws are kept."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from photochrom.generators.registry import GENERATORS

ROOT = Path(__file__).resolve().parents[2]


def test_imports_keep_the_layers() -> None:
    ran = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_every_generator_is_independent_of_the_others() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    (contract,) = (c for c in tools["importlinter"]["contracts"] if c["type"] == "independence")
    assert set(contract["modules"]) == {kind.__module__ for kind in GENERATORS.values()}


def test_only_the_layers_that_touch_the_world_open_files() -> None:
    pure = (ROOT / "src/photochrom/color").glob("*.py")
    for path in pure:
        text = path.read_text(encoding="utf-8")
        assert "open(" not in text, path.name
        assert "import PIL" not in text and "from PIL" not in text, path.name
