"""A scan of one gigapixel: the peak memory of a process that colours it.

    python benchmarks/giant_scan.py [--megapixels 1000] [--bits 8|16] [--pyramid]

The scan is a tiled BigTIFF, made in a temporary folder (1 GB at 8 bits; the result takes up to
three times that). Leaves with 1 where the peak (VmHWM, Linux) is above 1.5 GB.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import tifffile
from PIL import Image

MOST_MEGABYTES = 1500
TILE_PX = 256


def make_scan(path: Path, megapixels: int, bits: int) -> tuple[int, int]:
    """A grey scan, 8 : 5, smooth in the large and with a photograph's grain; its height, width."""
    height = round((megapixels * 1e6 * 5 / 8) ** 0.5 / TILE_PX) * TILE_PX
    width = height * 8 // 5 // TILE_PX * TILE_PX
    generator = np.random.default_rng(7)
    rows, columns = height // TILE_PX, width // TILE_PX
    coarse = Image.fromarray(generator.uniform(40, 200, (10, 16)).astype(np.float32))
    tones = np.asarray(coarse.resize((columns + 1, rows + 1), Image.Resampling.BICUBIC))
    grain = generator.normal(0, 4, (TILE_PX, TILE_PX)).astype(np.float32)
    share = np.linspace(0, 1, TILE_PX, endpoint=False, dtype=np.float32)

    def tiles() -> Iterator[np.ndarray]:
        for row in range(rows):
            for column in range(columns):
                (a, b), (c, d) = tones[row : row + 2, column : column + 2]
                across = share[None, :]
                tile = (1 - share[:, None]) * (a + (b - a) * across)
                tile += share[:, None] * (c + (d - c) * across) + grain
                levels = np.clip(tile, 0, 255)
                yield (levels * 257).astype(np.uint16) if bits == 16 else levels.astype(np.uint8)

    tifffile.imwrite(
        path,
        tiles(),
        shape=(height, width),
        dtype=np.uint16 if bits == 16 else np.uint8,
        tile=(TILE_PX, TILE_PX),
        photometric="minisblack",
        bigtiff=True,
    )
    return height, width


def colour(source: str, target: str, *, pyramid: bool) -> None:
    """Colour it, and print this process's peak [MB]."""
    from photochrom import Colorizer
    from photochrom.scan import colour_scan

    colour_scan(source, target, Colorizer(), compression="lzw", pyramid=pyramid)
    status = Path("/proc/self/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    print(int(peak.split()[1]) / 1024)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megapixels", type=int, default=1000)
    parser.add_argument("--bits", type=int, choices=(8, 16), default=8)
    parser.add_argument("--pyramid", action="store_true")
    parser.add_argument("--colour", nargs=2, metavar=("SOURCE", "TARGET"))
    options = parser.parse_args()
    if options.colour:
        colour(*options.colour, pyramid=options.pyramid)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "scan.tif", Path(folder) / "colour.tif"
        height, width = make_scan(source, options.megapixels, options.bits)
        command = [sys.executable, __file__, "--colour", str(source), str(target)]
        started = time.perf_counter()
        ran = subprocess.run(
            command + ["--pyramid"] * options.pyramid, check=True, capture_output=True, text=True
        )
        taken = time.perf_counter() - started
        with tifffile.TiffFile(target) as tiff:
            page, levels = tiff.pages[0], len(tiff.series[0].levels)
            assert page.shape == (height, width, 3)
            assert page.dtype.itemsize * 8 == options.bits
    peak = float(ran.stdout)
    print(
        f"{width} × {height}, {width * height / 1e6:.0f} megapixels of {options.bits} bits, "
        f"{levels} levels: peak {peak:.0f} MB  (at most {MOST_MEGABYTES}), {taken:.0f} s"
    )
    return 0 if peak <= MOST_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
