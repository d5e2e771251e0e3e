"""How fast a 12-megapixel photo gets its colours, against Pillow + scikit-image.

    python benchmarks/color_speed.py

The yardstick: decode the JPEG with Pillow, scikit-image's rgb2lab and lab2rgb. All ways take turns
and the best of each counts, so that what else the machine does disturbs them alike.
"""

from __future__ import annotations

import io
import time
import tracemalloc
from collections.abc import Callable

import numpy as np
from PIL import Image
from skimage import data
from skimage.color import lab2rgb, rgb2lab

from photochrom.color.chroma import ab_to_cbcr
from photochrom.color.lab import grey_to_lightness, lab_to_rgb, rgb_to_lab
from photochrom.color.merge import merge, small_lightness
from photochrom.color.resize import shrink

SIZE = (4000, 3000)
ROUNDS = 5


def photo() -> tuple[bytes, np.ndarray]:
    """A grey 12-megapixel JPEG with a little grain, and its colour at 48 × 64."""
    rgb = np.asarray(Image.fromarray(data.coffee()).resize(SIZE, Image.Resampling.LANCZOS))
    lightness, ab = rgb_to_lab(rgb)
    grain = np.random.default_rng(0).normal(0, 2, lightness.shape)
    grey = np.clip(lightness * 2.55 + grain, 0, 255).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, "JPEG", quality=90)
    return stream.getvalue(), shrink(ab, 48, 64)


def yardstick(file: bytes) -> np.ndarray:
    """Decode, rgb2lab, lab2rgb; 8 bits."""
    rgb = np.asarray(Image.open(io.BytesIO(file)).convert("RGB"))
    return (lab2rgb(rgb2lab(rgb)) * 255).astype(np.uint8)


def taking_turns(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The best seconds of each way."""
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def extra_memory(way: Callable[[], np.ndarray]) -> float:
    """MB that `way` takes at its peak beyond what it returns."""
    tracemalloc.start()
    result = way()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return (peak - result.nbytes) / 1e6


def main() -> None:
    """Print seconds and ratios."""
    file, ab = photo()
    grey = np.asarray(Image.open(io.BytesIO(file)))
    half = Image.open(io.BytesIO(file))
    half.draft("L", (half.width // 2, half.height // 2))
    luma_half = np.asarray(half)
    rgb = merge(grey, ab)
    lightness, full_ab = rgb_to_lab(rgb)
    seconds = taking_turns(
        {
            "Pillow + scikit-image": lambda: yardstick(file),
            "decode and merge": lambda: merge(np.asarray(Image.open(io.BytesIO(file))), ab),
            "merge, 2 threads": lambda: merge(grey, ab),
            "merge, 1 thread": lambda: merge(grey, ab, threads=1),
            "chroma at half size, 2 threads": lambda: ab_to_cbcr(luma_half, ab),
            "chroma at half size, 1 thread": lambda: ab_to_cbcr(luma_half, ab, threads=1),
            "small lightness": lambda: small_lightness(grey, 192, 256),
            "grey to lightness": lambda: grey_to_lightness(grey),
            "rgb to lab": lambda: rgb_to_lab(rgb),
            "lab to rgb": lambda: lab_to_rgb(lightness, full_ab),
        }
    )
    whole = seconds["Pillow + scikit-image"]
    for name, taken in seconds.items():
        print(f"{name:31} {taken * 1e3:7.0f} ms   {taken / whole:.3f} of Pillow + scikit-image")
    print(f"merge's memory beyond its result: {extra_memory(lambda: merge(grey, ab)):.0f} MB")


if __name__ == "__main__":
    main()
