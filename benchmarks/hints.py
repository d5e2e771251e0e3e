"""Hints: are they met, do they stay on their object, and what do ten true ones gain?

    python benchmarks/hints.py [SET …] [--model NAME|FILE] [--limit N]

On photographs of bench/scenes (or SETs), made grey:

met      three hints of any colour a photo, anywhere, at least a tenth of the short side apart: the
         largest difference of a* and b* to the hint's own, its chroma reduced to what sRGB holds at
         that pixel's lightness; in the picture (`.rgb`), and in the JPEG of which luma is kept.
spread   how much of a hint's change arrives at pixels near it of its own true colour (within 8 of
         a* b*) and at those of another (beyond 25), within 0.4 of the short side.
gain     PSNR gained by ten hints of the true colours (means of 7 × 7 pixels, as Zhang et al. 2017).

Leaves with 1 where more than one hint in fifty is not met within 5.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from photochrom import Colorizer, Hint
from photochrom.color.lab import rgb_to_lab
from photochrom.color.spread import Spots, spots_of, within_gamut
from photochrom.media.pixels import rgb_to_grey

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench"
MOST_OFF = 5.0  # a* or b*
MOST_UNMET = 0.02
HINTS = 10
PATCH_PX = 7


def photos(names: list[str], limit: int | None) -> Iterator[np.ndarray]:
    """Colour photographs (H, W, 3)."""
    for name in names:
        for path in sorted((BENCH / name).iterdir())[:limit]:
            with Image.open(path) as picture:
                yield np.asarray(picture.convert("RGB"))


def any_hints(height: int, width: int, rng: np.random.Generator) -> list[Hint]:
    """Three hints of any colour, not side by side."""
    hints: list[Hint] = []
    while len(hints) < 3:
        x, y = int(rng.integers(width)), int(rng.integers(height))
        apart = min([np.hypot(h.x - x, h.y - y) for h in hints], default=np.inf)
        if apart > min(height, width) / 10:
            hints.append(Hint(x, y, tuple(int(level) for level in rng.integers(0, 256, 3))))
    return hints


def true_hints(rgb: np.ndarray, rng: np.random.Generator) -> list[Hint]:
    """Hints of the true colours, placed round the middle as Zhang et al. 2017, section 3.2."""
    height, width = rgb.shape[:2]
    corners = rng.normal(0.5, 0.25, (HINTS, 2)) * (height - PATCH_PX, width - PATCH_PX)
    corners = np.clip(np.rint(corners), 0, (height - PATCH_PX, width - PATCH_PX)).astype(int)
    means = [rgb[t : t + PATCH_PX, p : p + PATCH_PX].mean(axis=(0, 1)) for t, p in corners]
    middle = PATCH_PX // 2
    return [
        Hint(int(left) + middle, int(top) + middle, tuple(int(level) for level in mean.round()))
        for (top, left), mean in zip(corners, means, strict=True)
    ]


def off(rgb: np.ndarray, hints: list[Hint]) -> np.ndarray:
    """How far each hint's pixel is from it, the larger of a* and b*."""
    spots: Spots = spots_of(hints, height=rgb.shape[0], width=rgb.shape[1])
    rows, columns = spots.pixels(*rgb.shape[:2])
    lightness, ab = rgb_to_lab(rgb[rows, columns][None])
    return np.abs(ab[0] - within_gamut(lightness[0], spots.ab)).max(axis=1)


def psnr(rgb: np.ndarray, true: np.ndarray) -> float:
    error = np.mean((rgb.astype(np.float64) - true) ** 2)
    return 10 * np.log10(255**2 / max(float(error), 1e-3))


def arrived(before: np.ndarray, after: np.ndarray, hint: Hint, true: np.ndarray) -> np.ndarray:
    """The share of a hint's change that arrived on its own colour and on others; NaN: too few."""
    change = np.hypot(*np.moveaxis(rgb_to_lab(after)[1] - rgb_to_lab(before)[1], -1, 0))
    x, y = int(hint.x), int(hint.y)
    if change[y, x] < 10:
        return np.full(2, np.nan)
    ab = rgb_to_lab(true)[1]
    unlike = np.hypot(*np.moveaxis(ab - ab[y, x], -1, 0))
    down, across = np.ogrid[: true.shape[0], : true.shape[1]]
    near = np.hypot(down - y, across - x) < 0.4 * min(true.shape[:2])
    areas = near & (unlike < 8), near & (unlike > 25)
    return np.array([change[a].mean() / change[y, x] if a.sum() > 20 else np.nan for a in areas])


def kept_luma(colorizer: Colorizer, grey: np.ndarray, hints: list[Hint]) -> np.ndarray:
    """The picture in the JPEG that has the bytes of a grey one."""
    encoded = io.BytesIO()
    Image.fromarray(grey).save(encoded, "JPEG", quality=95)
    spliced, saved = colorizer.colorize(encoded.getvalue(), hints=hints).encode(format="JPEG")
    if saved.way != "splice":
        raise RuntimeError(saved)
    with Image.open(io.BytesIO(spliced)) as picture:
        return np.asarray(picture.convert("RGB"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", default=["scenes"])
    parser.add_argument("--model", default="flagship")
    parser.add_argument("--limit", type=int)
    options = parser.parse_args()
    colorizer = Colorizer(options.model, threads=1)
    met, met_jpeg, spread, gain, seconds = [], [], [], [], []
    for number, rgb in enumerate(photos(options.sets, options.limit)):
        rng = np.random.default_rng(number)
        grey = rgb_to_grey(rgb)
        plain = colorizer.colorize(grey).rgb
        hints = any_hints(*grey.shape, rng)
        met.append(off(colorizer.colorize(grey, hints=hints).rgb, hints))
        met_jpeg.append(off(kept_luma(colorizer, grey, hints), hints))
        alone = colorizer.colorize(grey, hints=hints[:1]).rgb
        spread.append(arrived(plain, alone, hints[0], rgb))
        told = true_hints(rgb, rng)
        begun = time.process_time()
        painted = colorizer.colorize(grey, hints=told).rgb
        seconds.append(time.process_time() - begun)
        gain.append(psnr(painted, rgb) - psnr(plain, rgb))
    for words, found in (("picture", np.concatenate(met)), ("JPEG", np.concatenate(met_jpeg))):
        print(
            f"met, {words:8} {len(found)} hints: {np.mean(found > MOST_OFF):.1%} beyond "
            f"{MOST_OFF:g}; median {np.median(found):.2f}, 95 % {np.percentile(found, 95):.2f}, "
            f"worst {found.max():.1f}"
        )
    own, other = np.nanmean(spread, axis=0)
    print(f"spread        {own:.2f} on the same true colour, {other:.3f} on another")
    print(f"gain          {np.mean(gain):.2f} dB by {HINTS} true hints, {len(gain)} photos")
    print(f"one photo     {1000 * np.median(seconds):.0f} ms of one core with {HINTS} hints")
    return int(np.mean(np.concatenate(met) > MOST_OFF) > MOST_UNMET)


if __name__ == "__main__":
    sys.exit(main())
