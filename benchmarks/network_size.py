"""Which size the network paints best at: ΔE2000, colourfulness and time by short side.

    python benchmarks/network_size.py [--model NAME|FILE] [--sizes 128 160 …] [--limit 200]
                                      [--folder FOLDER]

Photographs of bench/scenes, objects and people in equal parts (or of a FOLDER), at most 256 px on
the short side, as `benchmarks/quality.py` measures them; of each size the ratio of ΔE2000 to plain
grey's with its interval, the same with another interval against the file's own size, photo by
photo, colourfulness against the real one, and the milliseconds of one core in the network.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from photochrom import Colorizer
from photochrom.color.colorize import network_size
from photochrom.media.pixels import rgb_to_grey
from photochrom.models.network import Network
from quality import BENCH, interval, read_rgb, scores

SETS = ("scenes", "objects", "people")
SIZES_PX = (128, 160, 192, 224, 256, 384)
REPEATS = 5


def paths_of(folder: Path | None, limit: int) -> list[Path]:
    """The photographs to measure on: every n-th of each set, or of the folder."""
    sets = [folder] if folder else [BENCH / name for name in SETS]
    chosen: list[Path] = []
    for one in sets:
        paths = sorted(p for p in one.iterdir() if p.suffix.lower() in {".jpg", ".png", ".webp"})
        count = max(1, limit // len(sets))
        chosen += paths[:: max(1, len(paths) // count)][:count]
    return chosen


def network_ms(network: Network, short_side_px: int) -> float:
    """The median time of one core for a photo of 3 × 4."""
    lightness = np.full(network_size(3000, 4000, short_side_px), 50, np.float32)
    network.paint(lightness)
    taken = []
    for _ in range(REPEATS):
        begun = time.process_time()
        network.paint(lightness)
        taken.append(time.process_time() - begun)
    return 1000 * float(np.median(taken))


def against(ours: np.ndarray, usual: np.ndarray) -> str:
    """The mean difference in ΔE2000 photo by photo, with its bootstrap interval."""
    apart = ours[:, 0] - usual[:, 0]
    picks = np.random.default_rng(7).integers(0, len(apart), (2000, len(apart)))
    low, high = np.percentile(apart[picks].mean(axis=1), [2.5, 97.5])
    return f"{apart.mean():+.3f} [{low:+.3f}, {high:+.3f}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="flagship")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES_PX)
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    network = Network(options.model, threads=1)
    own = network.short_side_px
    photos = [read_rgb(path) for path in paths_of(options.folder, options.limit)]
    greys = [rgb_to_grey(rgb) for rgb in photos]
    rows: dict[int, np.ndarray] = {}
    for size in dict.fromkeys([own, *options.sizes]):
        network.short_side_px = size
        colorizer = Colorizer(network, threads=1)
        painted = (colorizer.colorize(grey).rgb for grey in greys)
        rows[size] = np.array([scores(*pair) for pair in zip(photos, painted, strict=True)])
    name = f"{network.identity.name} {network.identity.version}"
    print(f"{name}, {len(photos)} photos, its own size {own} px")
    print("short side  ΔE2000 / grey           against its own size      colourfulness  network")
    for size in sorted(rows):
        colourful = rows[size][:, 2].mean() / rows[size][:, 3].mean()
        print(
            f"{size:7} px  {interval(rows[size], 0, 1)}   {against(rows[size], rows[own])}   "
            f"{colourful:13.3f}  {network_ms(network, size):4.0f} ms"
        )


if __name__ == "__main__":
    main()
