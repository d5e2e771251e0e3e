"""Try the splice with any decoder: write the test matrix into a folder, decode it, compare.

    python tests/decoders/folder.py write FOLDER
    for f in FOLDER/*.jpg; do djpeg -outfile "${f%.jpg}.ppm" "$f"; done
    python tests/decoders/folder.py compare FOLDER

It looks for FOLDER/*.ppm or *.png and names every file whose luma is not that of the grey original.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1] / "media"))

from jpeg_coloured import coloured_file, levels, upright
from jpeg_matrix import MATRIX, grey_file


def write(folder: Path) -> None:
    """Every coloured file of the matrix as NAME.jpg."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in MATRIX:
        (folder / f"{name}.jpg").write_bytes(coloured_file(name))


def verdict(folder: Path, name: str) -> str | None:
    """What is wrong with the decoded file; None when nothing is."""
    decoded = [folder / f"{name}.{kind}" for kind in ("ppm", "png")]
    paths = [path for path in decoded if path.is_file() and path.stat().st_size]
    if not paths:
        return "not decoded"
    rgb = np.asarray(Image.open(paths[0]).convert("RGB"))
    turn = levels if rgb.shape[:2] == levels(grey_file(name)).shape else upright
    grey, pillow = turn(grey_file(name)), turn(coloured_file(name))
    if rgb.shape != pillow.shape:
        return f"size {rgb.shape}"
    inside = ((rgb > 0) & (rgb < 255)).all(axis=2)
    off = np.abs(rgb @ [0.299, 0.587, 0.114] - grey)[inside].max(initial=0)
    colour = np.abs(rgb.astype(int) - pillow).mean()
    return f"luma off by {off:.1f}, colour by {colour:.1f}" if off > 2.6 or colour > 3 else None


def compare(folder: Path) -> None:
    """The failures, one a line, and how many files were right."""
    failures = {name: wrong for name in MATRIX if (wrong := verdict(folder, name))}
    for name, wrong in failures.items():
        sys.stdout.write(f"{name}: {wrong}\n")
    sys.stdout.write(f"{len(MATRIX) - len(failures)} of {len(MATRIX)} right\n")


if __name__ == "__main__":
    {"write": write, "compare": compare}[sys.argv[1]](Path(sys.argv[2]))
