"""How many grey JPEGs come back byte for byte after `colorize` and `restore`, luma untouched.

    python benchmarks/restore.py [FOLDER of photographs]

FOLDER is ../shared/bench/legacy by default; what is not a grey JPEG in it is made one first.
The generated matrix of header traps (tests/media/jpeg_matrix.py) always takes part.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "media"))

from jpeg_coloured import grey_bytes, levels, ycbcr
from jpeg_matrix import MATRIX, grey_file

from photochrom import Colorizer
from photochrom.media.jpeg_restore import restore

LEGACY = Path(__file__).resolve().parents[2] / "shared" / "bench" / "legacy"


def groups(folder: Path) -> Iterator[tuple[str, list[bytes]]]:
    yield "generated matrix", [grey_file(name) for name in MATRIX]
    yield str(folder), [grey_bytes(path) for path in sorted(folder.iterdir()) if path.is_file()]


def comes_back(colorizer: Colorizer, grey: bytes) -> bool:
    coloured, saved = colorizer.colorize(grey).encode()
    same_luma = np.array_equal(ycbcr(coloured)[..., 0], levels(grey))
    return saved.way == "splice" and same_luma and restore(coloured) == grey


def main(folder: Path) -> None:
    colorizer = Colorizer()
    for name, files in groups(folder):
        right = sum(comes_back(colorizer, grey) for grey in files)
        print(f"{name}: {right} of {len(files)} given back, luma equal")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else LEGACY)
