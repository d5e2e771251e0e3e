"""Run the command in this process, and make pictures for it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.cli.main import main


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code, and what it wrote."""

    code: int
    stdout: bytes
    err: str

    @property
    def out(self) -> str:
        return self.stdout.decode()

    @property
    def records(self) -> list[dict[str, object]]:
        """The JSON objects of `--json`, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def statuses(self) -> dict[str, object]:
        """Of `--json`: each source's name, and what became of it."""
        return {Path(str(record["source"])).name: record["status"] for record in self.records}


RunCommand = Callable[..., Ran]
MakePicture = Callable[..., Path]


@pytest.fixture
def photochrom(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> RunCommand:
    """Run `photochrom ARGUMENTS…` here, with `stdin` as its input."""

    def run(*arguments: str | Path, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsysbinary.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = capsysbinary.readouterr()
        return Ran(code, captured.out, captured.err.decode())

    return run


@pytest.fixture
def grey(tmp_path: Path) -> MakePicture:
    """Write a small grey picture, named relative to the test's folder; `seed` makes it another."""

    def write(name: str, *, seed: int = 7, size: tuple[int, int] = (64, 48)) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        grey_image(seed, size).save(path)
        return path

    return write


@pytest.fixture
def colourful(tmp_path: Path) -> MakePicture:
    """Write a small picture of many colours, like a painter's chart."""

    def write(name: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        patches = np.random.default_rng(3).integers(0, 256, (4, 6, 3), dtype=np.uint8)
        pixels = patches.repeat(20, axis=0).repeat(20, axis=1)
        Image.fromarray(pixels).save(path)
        return path

    return write


@pytest.fixture
def photo_set(tmp_path: Path) -> Callable[..., Path]:
    """Write a folder of small colour photos, of which no two are alike, and return it."""

    def write(name: str, count: int, *, size: tuple[int, int] = (64, 48)) -> Path:
        folder = tmp_path / name
        folder.mkdir(parents=True, exist_ok=True)
        for seed in range(count):
            coarse = np.random.default_rng(seed).integers(0, 256, (3, 4, 3), dtype=np.uint8)
            photo = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
            photo.save(folder / f"{seed:02}.png")
        return folder

    return write


def grey_image(seed: int = 7, size: tuple[int, int] = (64, 48)) -> Image.Image:
    """A smooth grey picture, another one for every seed."""
    coarse = np.random.default_rng(seed).integers(20, 236, (4, 5), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
