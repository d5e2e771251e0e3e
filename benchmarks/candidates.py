"""Candidates: how far apart they are where the model is unsure, and where it is sure; a sheet.

    python benchmarks/candidates.py [--model NAME|FILE] [--count 4] [--photos 12] [--sheet FILE]

On photographs of bench/people, objects, scenes and legacy: the mean ΔE2000 between two candidates
over the fifth of the photo where `Photo.uncertainty` is greatest, over the fifth where it is
least, and over all of it; and how uneven the difference is within 5 × 5 pixels of what was painted,
against its size: noise would give about 1.
"""

from __future__ import annotations

import argparse
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image

from photochrom import Colorizer, Photo
from photochrom.color.difference import delta_e_2000
from photochrom.color.resize import resize
from photochrom.media.pixels import rgb_to_grey

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench"
SETS = ("people", "objects", "scenes", "legacy")
CELL_PX = 220
WINDOW = 5
MIDDLE_LIGHTNESS = 60.0


def greys(count: int) -> list[np.ndarray]:
    """Photographs made grey, evenly from each set."""
    chosen = []
    for name in SETS:
        paths = sorted((BENCH / name).iterdir())
        each = -(-count // len(SETS))
        for path in paths[len(paths) // (2 * each) :: len(paths) // each][:each]:
            with Image.open(path) as picture:
                chosen.append(rgb_to_grey(np.asarray(picture.convert("RGB"))))
    return chosen[:count]


def lab(photo: Photo) -> np.ndarray:
    """What was painted, all as light as another, so that colour alone counts."""
    return np.dstack([np.full(photo.ab.shape[:2], MIDDLE_LIGHTNESS, np.float32), photo.ab])


def unevenness(first: Photo, second: Photo) -> float:
    """The deviation of the difference within small windows / its root mean square."""
    apart = first.ab - second.ab
    windows = np.lib.stride_tricks.sliding_window_view(apart, (WINDOW, WINDOW), axis=(0, 1))
    within = windows.var(axis=(-2, -1)).mean()
    return float(np.sqrt(within / max(float((apart**2).mean()), 1e-9)))


def measured(photos: list[Photo]) -> np.ndarray:
    """ΔE2000 where unsure, where sure, everywhere; unevenness: means over all pairs."""
    unsure = resize(photos[0].uncertainty, *photos[0].ab.shape[:2])
    low, high = np.quantile(unsure, [0.2, 0.8])
    rows = []
    for first, second in combinations(photos, 2):
        apart = delta_e_2000(lab(first), lab(second))
        areas = apart[unsure >= high], apart[unsure <= low], apart
        rows.append([*(area.mean() for area in areas), unevenness(first, second)])
    return np.mean(rows, axis=0)


def row(grey: np.ndarray, photos: list[Photo]) -> np.ndarray:
    """The grey photo and its candidates side by side."""
    unsure = np.dstack([np.uint8(255 * photos[0].uncertainty)] * 3)
    cells = []
    for rgb in (np.dstack([grey] * 3), *(photo.rgb for photo in photos), unsure):
        height = min(round(CELL_PX * grey.shape[0] / grey.shape[1]), round(1.3 * CELL_PX))
        cells.append(np.asarray(Image.fromarray(rgb).resize((CELL_PX, height))))
    return np.hstack(cells)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="flagship")
    parser.add_argument("--count", type=int, default=4)
    parser.add_argument("--photos", type=int, default=12)
    parser.add_argument("--sheet", type=Path)
    options = parser.parse_args()
    colorizer = Colorizer(options.model, threads=1)
    rows, pictures = [], []
    for grey in greys(options.photos):
        photos = colorizer.candidates(grey, options.count)
        rows.append(measured(photos))
        if options.sheet:
            pictures.append(row(grey, photos))
    unsure, sure, all_over, uneven = np.mean(rows, axis=0)
    print(f"{len(rows)} photos, {options.count} candidates each, mean ΔE2000 between two of them:")
    print(f"where unsure  {unsure:.1f}")
    print(f"where sure    {sure:.1f}")
    print(f"everywhere    {all_over:.1f}")
    print(f"unevenness    {uneven:.2f} of the difference, within {WINDOW} × {WINDOW} pixels")
    if options.sheet:
        Image.fromarray(np.vstack(pictures)).save(options.sheet)


if __name__ == "__main__":
    main()
