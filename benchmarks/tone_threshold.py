"""How often `has_real_colour` errs: colour photographs, and grey ones toned in many ways.

    python benchmarks/tone_threshold.py [../shared/bench]

Colour: bench/scenes, objects, people. One tone: every picture of bench/legacy, toned at its own
size, with grain and JPEG's loss, then shrunk to 256 px as the program does.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from photochrom.color.lab import grey_to_lightness, lab_to_rgb
from photochrom.color.srgb import Floats
from photochrom.color.tone import THRESHOLD, real_colour

# a*, b* in the shadows (L* 0), the middle (50) and the highlights (100).
TONES = {
    "grey": ((0, 0), (0, 0), (0, 0)),
    "sepia": ((4, 8), (12, 25), (2, 12)),
    "cyanotype": ((8, -30), (-5, -35), (-2, -3)),
    "selenium": ((12, -6), (6, -2), (0, 4)),
    "duotone": ((10, -30), (5, 5), (2, 25)),
    "split": ((0, -12), (0, 0), (3, 15)),
    "scanner cast": ((-4, 9), (-5, 9), (-6, 10)),
}


def toned(lightness: Floats, tone: str) -> Floats:
    """Ab (H, W, 2) of one of `TONES`."""
    knots = np.array(TONES[tone], np.float32)
    planes = [np.interp(lightness, [0, 50, 100], knots[:, axis]) for axis in (0, 1)]
    return np.stack(planes, axis=-1).astype(np.float32)


def faded(lightness: Floats) -> Floats:
    """Sepia that faded on one side."""
    y, x = _places(lightness)
    return toned(lightness, "sepia") * (0.4 + np.hypot(x - 0.3, y - 0.6))[..., None]


def yellowed_edges(lightness: Floats) -> Floats:
    """A weak sepia, yellow along the borders."""
    y, x = _places(lightness)
    depth = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y))
    yellow = np.exp(-depth / 0.08)[..., None] * np.array([4, 14])
    return toned(lightness, "sepia") * 0.4 + yellow


def stained(lightness: Floats) -> Floats:
    """A weak sepia with a brown stain over a tenth of the print."""
    y, x = _places(lightness)
    stain = 1 / (1 + np.exp((np.hypot(x - 0.7, y - 0.3) - 0.2) / 0.03))
    return toned(lightness, "sepia") * 0.4 + stain[..., None] * np.array([5, 15])


def one_toned(folder: Path) -> Iterator[tuple[str, np.ndarray]]:
    """(kind, rgb of at most 256 px) of every legacy picture in every tone."""
    noise = np.random.default_rng(0)
    kinds: dict[str, Callable[[Floats], Floats]] = {
        tone: (lambda lightness, tone=tone: toned(lightness, tone)) for tone in TONES
    }
    kinds |= {"faded": faded, "yellowed edges": yellowed_edges, "stained": stained}
    for path in sorted(folder.glob("*")):
        with Image.open(path) as image:
            lightness = grey_to_lightness(np.asarray(image.convert("L")))
        for kind, colour in kinds.items():
            rgb = lab_to_rgb(lightness, colour(lightness).astype(np.float32))
            grainy = np.clip(rgb + noise.normal(0, 3, rgb.shape), 0, 255).astype(np.uint8)
            yield kind, shrunk(as_jpeg(grainy, 80))
            if kind == "sepia":
                noisy = np.clip(rgb + noise.normal(0, 8, rgb.shape), 0, 255).astype(np.uint8)
                yield "sepia, noisy, JPEG 60", shrunk(as_jpeg(noisy, 60))


def as_jpeg(rgb: np.ndarray, quality: int) -> Image.Image:
    """Through JPEG with chroma at half size."""
    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, "JPEG", quality=quality)
    return Image.open(stream)


def shrunk(image: Image.Image) -> np.ndarray:
    """Rgb of at most 256 px."""
    image = image.convert("RGB")
    image.thumbnail((256, 256))
    return np.asarray(image)


def _places(lightness: Floats) -> list[np.ndarray]:
    axes = [np.linspace(0, 1, side) for side in lightness.shape]
    return list(np.meshgrid(*axes, indexing="ij"))


def main(bench: Path) -> None:
    """Print one line a kind: pictures, median and extreme score, share on the wrong side."""
    print(f"threshold {THRESHOLD}\n{'':24}  pictures   2 %   median   98 %   wrong")
    scores: dict[str, list[float]] = {}
    for folder in ("scenes", "objects", "people"):
        paths = sorted((bench / folder).glob("*"))
        scores[folder] = [real_colour(shrunk(Image.open(path))) for path in paths]
    coloured = len(scores)
    for kind, rgb in one_toned(bench / "legacy"):
        scores.setdefault(kind, []).append(real_colour(rgb))
    for number, (kind, found) in enumerate(scores.items()):
        wrong = np.mean([(score > THRESHOLD) != (number < coloured) for score in found])
        low, middle, high = np.percentile(found, [2, 50, 98])
        print(f"{kind:24}  {len(found):8}  {low:5.2f}  {middle:6.2f}  {high:5.2f}  {wrong:6.1%}")
    for name, kinds in (("colour", list(scores)[:coloured]), ("one tone", list(scores)[coloured:])):
        all_scores = np.concatenate([scores[kind] for kind in kinds])
        wrong = np.mean((all_scores > THRESHOLD) != (name == "colour"))
        print(f"all {name}: {len(all_scores)} pictures, {wrong:.1%} wrong")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/bench"))
