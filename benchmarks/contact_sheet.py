"""Contact sheets to look at: bench/scenes as grey, ours, real, and bench/legacy as grey, ours.

    python benchmarks/contact_sheet.py OUT [--model NAME|FILE] [--count 24]

Writes OUT/scenes.jpg and OUT/legacy.jpg. The pictures are every n-th of their folder, so the sheet
of two models shows the same ones.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from photochrom import Colorizer
from photochrom.media.pixels import rgb_to_grey

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench"
CELL_PX = 200
GROUPS_A_ROW = 4


def cell(rgb: np.ndarray) -> Image.Image:
    """The picture inside a square cell."""
    square = Image.new("RGB", (CELL_PX, CELL_PX), "white")
    picture = Image.fromarray(rgb)
    picture.thumbnail((CELL_PX - 4, CELL_PX - 4), Image.Resampling.LANCZOS)
    square.paste(picture, ((CELL_PX - picture.width) // 2, (CELL_PX - picture.height) // 2))
    return square


def sheet(groups: list[list[np.ndarray]]) -> Image.Image:
    """Groups of pictures side by side, a few groups a row."""
    width = len(groups[0]) * CELL_PX
    rows = -(-len(groups) // GROUPS_A_ROW)
    whole = Image.new("RGB", (GROUPS_A_ROW * (width + 12), rows * CELL_PX), "white")
    for number, group in enumerate(groups):
        row, column = divmod(number, GROUPS_A_ROW)
        for place, rgb in enumerate(group):
            whole.paste(cell(rgb), (column * (width + 12) + place * CELL_PX, row * CELL_PX))
    return whole


def chosen(folder: str, count: int) -> list[Path]:
    """Every n-th picture of a benchmark folder."""
    paths = sorted((BENCH / folder).iterdir())
    return paths[:: max(1, len(paths) // count)][:count]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", default="flagship")
    parser.add_argument("--count", type=int, default=24)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    colorizer = Colorizer(options.model)
    scenes = []
    for path in chosen("scenes", options.count):
        with Image.open(path) as picture:
            rgb = np.asarray(picture.convert("RGB"))
        grey = rgb_to_grey(rgb)
        scenes.append([np.dstack([grey] * 3), colorizer.colorize(grey).rgb, rgb])
    legacy = []
    for path in chosen("legacy", options.count):
        photo = colorizer.colorize(path)
        legacy.append([np.dstack([photo.source.pixels().grey] * 3), photo.rgb])
    for name, groups in (("scenes", scenes), ("legacy", legacy)):
        sheet(groups).save(options.out / f"{name}.jpg", quality=88)
        print(options.out / f"{name}.jpg")


if __name__ == "__main__":
    main()
