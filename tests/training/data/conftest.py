"""Small pictures, tars of them, and the trees of public sets in miniature."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image


def picture(seed: int, size: tuple[int, int] = (64, 48), *, grey: bool = False) -> Image.Image:
    """A smooth picture that no other seed gives, width × height, in colour or in grey."""
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (3, 4, 3), dtype=np.uint8)
    image = Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)
    return image.convert("L").convert("RGB") if grey else image


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


def write_tar(path: Path, files: Mapping[str, bytes], mode: str = "w") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, mode) as tar:  # type: ignore[call-overload]
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


@pytest.fixture(scope="session")
def draw() -> Callable[..., bytes]:
    """Draws an encoded picture: `draw(seed, size=(w, h), kind="PNG", grey=False)`."""

    def make(
        seed: int, size: tuple[int, int] = (64, 48), kind: str = "PNG", *, grey: bool = False
    ) -> bytes:
        return encoded(picture(seed, size, grey=grey), kind)

    return make


@pytest.fixture(scope="session")
def tar() -> Callable[..., Path]:
    """Writes a tar: `tar(path, {name: bytes}, mode="w")`."""
    return write_tar


@pytest.fixture
def write() -> Callable[[Path, Mapping[str, bytes]], Path]:
    """Writes files under a folder: `write(folder, {name: bytes})`."""

    def make(folder: Path, files: Mapping[str, bytes]) -> Path:
        for name, content in files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return folder

    return make
