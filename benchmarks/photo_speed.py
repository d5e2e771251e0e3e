"""A 12-megapixel grey JPEG: the JPEG way, full-size pixels and peak memory, as ratios.

    python benchmarks/photo_speed.py          (needs scikit-image)

- JPEG way: grey JPEG → colour JPEG, warm, against decoding it and encoding it in colour with Pillow
  at the same quality.
- pixels: `.rgb` at full size with L* kept, against decoding with Pillow and converting with
  scikit-image's rgb2lab and lab2rgb.
- memory: the peak of a process that colours the JPEG once (VmHWM, Linux).

Both sides of a ratio run in turns in one process; each ratio is that of the fastest runs.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from photochrom import Colorizer

HEIGHT, WIDTH = 3000, 4000
QUALITY = 90


def grey_jpeg() -> bytes:
    """A 12-megapixel grey JPEG with a photograph's mix of smooth and busy places, seeded."""
    generator = np.random.default_rng(7)
    plane = np.zeros((HEIGHT, WIDTH), np.float32)
    for cells, strength in ((4, 70), (16, 40), (64, 25), (250, 14), (1000, 7)):
        coarse = generator.uniform(-1, 1, (cells * 3 // 4, cells)).astype(np.float32)
        layer = Image.fromarray(coarse).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
        plane += strength * np.asarray(layer)
    grey = np.clip(plane + 128, 0, 255).astype(np.uint8)
    return encoded(Image.fromarray(grey))


def encoded(picture: Image.Image) -> bytes:
    """The picture as JPEG."""
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def best_of(rounds: int, *runs: Callable[[], object]) -> list[float]:
    """The fastest time of each [s], run in turns."""
    best = [np.inf] * len(runs)
    for _ in range(rounds):
        for i, run in enumerate(runs):
            started = time.perf_counter()
            run()
            best[i] = min(best[i], time.perf_counter() - started)
    return best


def with_pillow(jpeg: bytes) -> None:
    """Decode and encode in colour, as little as a colorizer that re-encodes can do."""
    encoded(Image.open(io.BytesIO(jpeg)).convert("RGB"))


def with_skimage(jpeg: bytes) -> None:
    """Decode, to Lab and back."""
    from skimage.color import lab2rgb, rgb2lab

    lab2rgb(rgb2lab(np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB"))))


def peak_megabytes(jpeg: bytes) -> float:
    """The peak memory of a process that colours the JPEG once [MB]."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "grey.jpg"
        path.write_bytes(jpeg)
        command = [sys.executable, __file__, "--colour-once", str(path)]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(printed)


def colour_once(path: str) -> None:
    """Colour one file and print this process's peak [MB]."""
    Colorizer().colorize(path).save(Path(path).with_name("colour.jpg"), quality=QUALITY)
    status = Path("/proc/self/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    print(int(peak.split()[1]) / 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--colour-once", metavar="PATH")
    options = parser.parse_args()
    if options.colour_once:
        return colour_once(options.colour_once)
    jpeg = grey_jpeg()
    colorizer = Colorizer(threads=2)

    def splice() -> None:
        colorizer.colorize(jpeg).encode(quality=QUALITY)

    splice()
    ours, pillow = best_of(options.rounds, splice, lambda: with_pillow(jpeg))
    print(f"JPEG way {ours:.3f} s, Pillow {pillow:.3f} s: {ours / pillow:.2f}  (at most 1.5)")
    pixels, skimage = best_of(
        max(2, options.rounds // 2),
        lambda: colorizer.colorize(jpeg).rgb,
        lambda: with_skimage(jpeg),
    )
    print(
        f".rgb {pixels:.3f} s, scikit-image {skimage:.3f} s: {pixels / skimage:.2f}  (at most 0.35)"
    )
    print(f"peak memory of the JPEG way {peak_megabytes(jpeg):.0f} MB  (at most 250)")
    return None


if __name__ == "__main__":
    main()
