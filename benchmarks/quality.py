"""How good the colours are: ΔE2000 and colourfulness on the open benchmark, beside plain grey.

    python benchmarks/quality.py [SET …] [--model NAME|FILE] [--limit N]

Protocol: each colour photo (short side at most 256 px) is reduced to sRGB grey of the same
lightness, coloured by the public `Colorizer`, and compared with the photo at its own size. ΔE2000
is the mean over pixels, then over photos; colourfulness is Hasler & Süsstrunk's M, mean ours / mean
real. Intervals are 95 % bootstrap intervals over photos (2,000 resamples, seed 7).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from photochrom import Colorizer
from photochrom.color.difference import colourfulness, delta_e_2000
from photochrom.color.lab import rgb_to_lab
from photochrom.media.pixels import rgb_to_grey

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench"
SIDE_PX = 256
RESAMPLES = 2000


def read_rgb(path: Path) -> np.ndarray:
    """The photo (H, W, 3) uint8, its short side at most 256 px."""
    with Image.open(path) as picture:
        rgb = picture.convert("RGB")
    scale = SIDE_PX / min(rgb.size)
    if scale < 1:
        size = (round(rgb.width * scale), round(rgb.height * scale))
        rgb = rgb.resize(size, Image.Resampling.LANCZOS)
    return np.asarray(rgb)


def lab_of(rgb: np.ndarray) -> np.ndarray:
    """CIELAB (H, W, 3)."""
    lightness, ab = rgb_to_lab(rgb)
    return np.dstack([lightness, ab])


def scores(rgb: np.ndarray, ours: np.ndarray) -> tuple[float, float, float, float]:
    """ΔE2000 of ours and of grey, colourfulness of ours and of the photo."""
    truth = lab_of(rgb)
    grey = truth * np.float32([1, 0, 0])
    return (
        float(delta_e_2000(lab_of(ours), truth).mean()),
        float(delta_e_2000(grey, truth).mean()),
        colourfulness(ours),
        colourfulness(rgb),
    )


def interval(rows: np.ndarray, over: int, under: int) -> str:
    """Ratio of two columns' means with its bootstrap interval."""
    picks = np.random.default_rng(7).integers(0, len(rows), (RESAMPLES, len(rows)))
    means = rows[picks].mean(axis=1)
    low, high = np.percentile(means[:, over] / means[:, under], [2.5, 97.5])
    ratio = rows[:, over].mean() / rows[:, under].mean()
    return f"{ratio:.3f} [{low:.3f}, {high:.3f}]"


def measure(name: str, colorizer: Colorizer, limit: int | None) -> np.ndarray:
    """One row of scores a photo."""
    paths = sorted(
        p for p in (BENCH / name).iterdir() if p.suffix.lower() in {".jpg", ".png", ".webp"}
    )
    rows = []
    for path in paths[:limit]:
        rgb = read_rgb(path)
        rows.append(scores(rgb, colorizer.colorize(rgb_to_grey(rgb)).rgb))
    return np.array(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", default=["scenes", "objects", "people"])
    parser.add_argument("--model", default="flagship")
    parser.add_argument("--limit", type=int)
    options = parser.parse_args()
    colorizer = Colorizer(options.model)
    print(f"model {colorizer.model.name} {colorizer.model.version}, {SIDE_PX} px")
    print("set       photos  ΔE2000 ours  grey    ours / grey            colourfulness ours / real")
    for name in options.sets:
        rows = measure(name, colorizer, options.limit)
        ours, grey = rows[:, 0].mean(), rows[:, 1].mean()
        print(
            f"{name:9} {len(rows):6}  {ours:11.2f}  {grey:5.2f}   {interval(rows, 0, 1)}   "
            f"{interval(rows, 2, 3)}",
            flush=True,
        )


if __name__ == "__main__":
    main()
