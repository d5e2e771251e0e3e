"""Importing is quick and brings no more than is used; each check is a Python of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"
IMPORT_AT_MOST_S = 0.3


def modules_after(statements: str, folder: Path) -> set[str]:
    """The top-level packages that a fresh Python has loaded after these statements."""
    report = "; import json, sys; sys.stderr.write('\\n' + json.dumps(sorted(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", statements + report],
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.split(".")[0] for name in json.loads(ran.stderr.splitlines()[-1])}


def test_importing_photochrom_is_quick() -> None:
    def seconds() -> float:
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", "import photochrom"],
            env=os.environ | {"PYTHONPATH": str(SOURCE)},
            check=True,
        )
        return time.perf_counter() - started

    assert min(seconds() for _ in range(5)) < IMPORT_AT_MOST_S


def test_importing_photochrom_brings_nothing_heavy(tmp_path: Path) -> None:
    heavy = {"torch", "onnxruntime", "typer", "rich", "lightning", "skimage", "cv2"}
    assert not modules_after("import photochrom", tmp_path) & heavy


def test_every_public_name_is_there_without_torch(tmp_path: Path) -> None:
    loaded = modules_after("from photochrom import *", tmp_path)
    assert "torch" not in loaded


@pytest.mark.parametrize("arguments", [["--version"], ["--help"]])
def test_the_command_names_itself_without_loading_a_network(
    arguments: list[str], tmp_path: Path
) -> None:
    loaded = modules_after(f"from photochrom.cli.main import main; main({arguments!r})", tmp_path)
    assert not loaded & {"torch", "onnxruntime"}


def test_colorizing_one_photo_needs_neither_torch_nor_a_progress_bar(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("L", (64, 48), 90).save(tmp_path / "a.jpg")
    loaded = modules_after(
        "from photochrom.cli.main import main; assert main(['colorize', 'a.jpg']) == 0", tmp_path
    )
    assert (tmp_path / "a.color.jpg").is_file()
    assert "onnxruntime" in loaded
    assert not loaded & {"torch", "rich", "pydantic", "scipy", "skimage"}
