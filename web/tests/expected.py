"""What Python computes, for the website's own code to be compared with, and JPEGs to try it on.

    python tests/expected.py FOLDER

Writes FOLDER/expected.json and FOLDER/matrix/*.jpg, all of it made here and now.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "media"), str(ROOT / "src")]

from jpeg_matrix import MATRIX, grey_file, grey_profile
from photo_files import colour_picture, grey_picture
from PIL import Image

from photochrom.color.chroma import ab_to_cbcr
from photochrom.color.colorize import network_size
from photochrom.color.distribution import Bins, log_shares, mean_colour
from photochrom.color.hinting import lay_hints
from photochrom.color.hints import Hint
from photochrom.color.lab import rgb_to_lab
from photochrom.color.merge import merge
from photochrom.color.resize import resize
from photochrom.color.spread import hint_planes, spots_of
from photochrom.color.tone import real_colour
from photochrom.media.icc import grey_tone
from photochrom.media.pixels import upright

HINTS = (Hint(9, 12, (170, 40, 30)), Hint(70, 50, (40, 90, 180)), Hint(30.5, 60, (128, 128, 128)))


def scene(height: int, width: int) -> NDArray[np.uint8]:
    """Slopes, a sharp edge, and grain, the same on every run."""
    down, across = np.mgrid[0:height, 0:width].astype(np.float64)
    slopes = 110 + 60 * np.sin(across / 11) + 50 * np.cos((down + across / 2) / 9)
    picture = np.where(across + 0.3 * down > 0.7 * width, 250 - 0.7 * slopes, slopes)
    grain = np.random.default_rng(5).normal(0, 4, (height, width))
    return np.clip(picture + grain, 0, 255).astype(np.uint8)


def small_ab(height: int, width: int, chroma: float) -> NDArray[np.float32]:
    """Colours round the hue circle, some beyond what sRGB holds."""
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    return np.stack([chroma * np.sin(across / 3), chroma * np.cos(down / 4 + across / 9)], axis=2)


def plane(values: NDArray[Any]) -> dict[str, Any]:
    """A plane as JSON; floats to five digits."""
    listed = np.round(values.astype(np.float64), 5).ravel().tolist()
    return {"height": values.shape[0], "width": values.shape[1], "values": listed}


def both(ab: NDArray[np.float32]) -> dict[str, Any]:
    return {"a": plane(ab[..., 0]), "b": plane(ab[..., 1])}


def merged(grey: NDArray[np.uint8], chroma: float, strength: float) -> dict[str, Any]:
    ab = small_ab(10, 14, chroma)
    rgb = merge(grey, ab, strength=strength)
    return {"ab": both(ab), "strength": strength, "rgb": rgb.ravel().tolist()}


def cbcr(grey: NDArray[np.uint8], gamma: float | None) -> dict[str, Any]:
    tone = None if gamma is None else grey_tone(grey_profile(gamma))
    ab = small_ab(10, 14, 45)
    cb, cr = ab_to_cbcr(grey, ab, tone=tone, strength=1.2)
    kept = None if tone is None else np.round(tone.astype(np.float64), 7).tolist()
    return {"ab": both(ab), "tone": kept, "cb": plane(cb), "cr": plane(cr)}


def hinted(grey: NDArray[np.uint8]) -> dict[str, Any]:
    height, width = grey.shape
    ab, spots = small_ab(10, 14, 18), spots_of(HINTS, height=height, width=width)
    lightness = rgb_to_lab(np.dstack([grey[::3, ::3]] * 3))[0]
    return {
        "hints": [{"x": hint.x, "y": hint.y, "colour": hint.colour} for hint in HINTS],
        "ab": both(ab),
        "laid": both(lay_hints(grey, ab, spots)),
        "told": both(told := small_ab(10, 14, 40)[::-1].copy()),
        "laidTold": both(lay_hints(grey, ab, spots, told)),
        "lightness": plane(lightness),
        "planes": np.round(hint_planes(spots, lightness).astype(np.float64), 4).ravel().tolist(),
    }


def distribution() -> dict[str, Any]:
    rng = np.random.default_rng(3)
    centres = rng.normal(0, 40, (12, 2)).astype(np.float32)
    weights = rng.uniform(0.3, 8, 12).astype(np.float32)
    logits = rng.normal(0, 2, (12, 3, 4)).astype(np.float32)
    bins = Bins(centres, np.log(weights))
    shares = log_shares(logits, bins, alpha=0.3, temperature=0.6)
    return {
        "centres": centres.tolist(),
        "weights": weights.tolist(),
        "logits": logits.ravel().tolist(),
        "mean": both(mean_colour(shares, bins)),
    }


def tones() -> list[dict[str, Any]]:
    """Pictures of one tone and of many, and how much colour they are said to have."""
    grey = grey_picture()
    sepia = np.clip(np.dstack([grey * 1.0, grey * 0.86, grey * 0.66]), 0, 255).astype(np.uint8)
    pictures = (np.dstack([grey] * 3), sepia, colour_picture())
    return [
        {"rgb": plane(rgb.reshape(len(rgb), -1)), "colour": real_colour(rgb)} for rgb in pictures
    ]


def turns() -> list[list[int]]:
    stored = np.arange(12, dtype=np.uint8).reshape(3, 4)
    return [upright(stored, orientation).ravel().tolist() for orientation in range(1, 9)]


def expected() -> Mapping[str, Any]:
    grey = scene(72, 96)
    return {
        "grey": plane(grey),
        "merges": [merged(grey, 25, 1.0), merged(grey, 80, 1.6)],
        "cbcr": [cbcr(grey, None), cbcr(grey, 1.8)],
        "hinted": hinted(grey),
        "resized": {
            f"{height}x{width}": plane(resize(grey, height, width))
            for height, width in ((18, 24), (31, 40), (72, 50), (150, 100))
        },
        "distribution": distribution(),
        "tones": tones(),
        "turns": turns(),
        "profiles": {
            str(gamma): [
                list(grey_profile(gamma)),
                np.asarray(grey_tone(grey_profile(gamma))).astype(float).tolist(),
            ]
            for gamma in (1.0, 1.8)
        },
        "network_sizes": [
            [h, w, *network_size(h, w, 160)] for h, w in ((3000, 4000), (1, 9000), (97, 64))
        ],
    }


def main(folder: Path) -> None:
    (folder / "matrix").mkdir(parents=True, exist_ok=True)
    (folder / "expected.json").write_text(json.dumps(expected()), encoding="utf-8")
    for name in MATRIX:
        (folder / "matrix" / f"{name}.jpg").write_bytes(grey_file(name))
    Image.fromarray(scene(48, 64)).save(folder / "scene.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
