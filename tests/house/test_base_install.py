"""`pip install .` in an environment of its own: light, and enough to colorize."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
BASE = {"numpy", "pillow", "onnxruntime", "typer", "rich"}
NOT_IN_BASE = {"torch", "scikit-image", "scipy", "tifffile", "imagecodecs", "pydantic", "onnx"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of a fresh environment with the base install of this repository."""
    environment = tmp_path_factory.mktemp("base") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", str(environment))
    python = environment / "bin/python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    ran = subprocess.run(
        [*pip, "install", "--quiet", str(ROOT)], capture_output=True, text=True, check=False
    )
    if ran.returncode and "No matching distribution" in ran.stderr:
        absent = pytest.fail if os.environ.get("CI") else pytest.skip
        absent(f"the package index cannot be reached: {ran.stderr.strip()}")
    assert ran.returncode == 0, ran.stderr
    return environment / "bin"


def run(*command: str | Path, cwd: Path | None = None) -> str:
    ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_base_install_is_light(installed: Path) -> None:
    names = "import importlib.metadata as m; print(*{d.name.lower() for d in m.distributions()})"
    packages = set(run(installed / "python", "-c", names).split())
    assert packages >= BASE | {"photochrom"}
    assert not packages & NOT_IN_BASE


def test_the_base_install_colorizes_and_restores(installed: Path, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    Image.linear_gradient("L").save(photo)
    run(installed / "photochrom", "colorize", "photo.jpg", cwd=tmp_path)
    with Image.open(tmp_path / "photo.color.jpg") as coloured:
        assert coloured.mode == "RGB"
        assert coloured.size == (256, 256)
    run(installed / "photochrom", "restore", "photo.color.jpg", cwd=tmp_path)
    assert (tmp_path / "photo.original.jpg").read_bytes() == photo.read_bytes()


def test_the_base_install_brings_models_and_recipes(installed: Path, tmp_path: Path) -> None:
    lines = run(installed / "photochrom", "models", "--json", cwd=tmp_path).splitlines()
    assert [json.loads(line)["name"] for line in lines] == ["flagship", "sketch"]
    package = run(
        installed / "python", "-c", "import photochrom; print(photochrom.__path__[0])", cwd=tmp_path
    )
    shipped = {path.name for path in (Path(package.strip()) / "recipes").glob("*.toml")}
    assert shipped == {path.name for path in (ROOT / "recipes").glob("*.toml")}


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [(("train", "flagship"), "train"), (("colorize", "deep.tif"), "deep")],
)
def test_a_missing_extra_is_named_with_its_command(
    installed: Path, tmp_path: Path, arguments: tuple[str, ...], extra: str
) -> None:
    tifffile = pytest.importorskip("tifffile")
    tifffile.imwrite(tmp_path / "deep.tif", np.full((8, 8, 3), 40_000, np.uint16))
    ran = subprocess.run(
        [installed / "photochrom", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 4, ran.stderr
    assert f"pip install 'photochrom[{extra}]'" in ran.stderr
