"""What `--effort best` gives: ΔE2000 and time, mirrored and at other sizes, beside the usual way.

    python benchmarks/effort.py [--model NAME|FILE] [--limit 200] [--folder FOLDER]

The photographs and the measure are those of `benchmarks/network_size.py`. Each row averages the
distributions of several views: as it is, mirrored, and at the network's size times each scale. The
mean of several is more cautious, so two rows ask for more vividness: compare what is equally
colourful.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from network_size import against, paths_of
from photochrom import Colorizer, painting
from photochrom.media.pixels import rgb_to_grey
from quality import interval, read_rgb, scores

WAYS: dict[str, tuple[float, ...]] = {
    "mirrored": (1.0,),
    "and × 1.4": (1.0, 1.4),
    "and × 1.2": (1.0, 1.2),
    "and × 0.8": (1.0, 0.8),
    "and × 0.65": (1.0, 0.65),
}
MORE_VIVID = (0.1, 0.2)  # than the model's own


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="flagship")
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    colorizer = Colorizer(options.model, threads=1)
    photos = [read_rgb(path) for path in paths_of(options.folder, options.limit)]
    greys = [rgb_to_grey(rgb) for rgb in photos]

    def measured(effort: str, vividness: float | None = None) -> tuple[np.ndarray, float]:
        begun = time.process_time()
        painted = [
            colorizer.colorize(grey, effort=effort, vividness=vividness).rgb for grey in greys
        ]
        taken = time.process_time() - begun
        pairs = zip(photos, painted, strict=True)
        return np.array([scores(*pair) for pair in pairs]), 1000 * taken / len(photos)

    print(f"{colorizer.model.name} {colorizer.model.version}, {len(photos)} photos")
    print(
        "                  ΔE2000 / grey           against the usual         colourfulness  a photo"
    )
    usual, usual_ms = measured("usual")

    def say(name: str, row: np.ndarray, taken_ms: float) -> None:
        colourful = row[:, 2].mean() / row[:, 3].mean()
        print(
            f"{name:16}  {interval(row, 0, 1)}   {against(row, usual)}   {colourful:13.3f}  "
            f"{taken_ms:4.0f} ms",
            flush=True,
        )

    say("usual", usual, usual_ms)
    shipped = painting.BEST_SCALES
    for more in MORE_VIVID:
        vividness = (colorizer.default_vividness or 0.5) + more
        say(f"* vividness {vividness:g}", *measured("best", vividness))
    for name, scales in WAYS.items():
        painting.BEST_SCALES = scales
        say(f"{name}{' *' if scales == shipped else ''}", *measured("best"))
    print("* what --effort best does")


if __name__ == "__main__":
    main()
