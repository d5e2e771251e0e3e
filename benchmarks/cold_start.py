"""Cold start: `photochrom colorize` of one 1-megapixel photo, against importing what it needs.

    python benchmarks/cold_start.py

Both are run turn by turn in fresh processes; the medians are compared. At most 2.5 is wanted.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

IMPORTS_ALONE = "import numpy, PIL.Image, onnxruntime"
AT_MOST = 2.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder, "photo.jpg")
        grey_photo().save(photo, quality=90)
        ours = [photochrom_command(), "colorize", str(photo), "--overwrite", "--quiet"]
        imports = [sys.executable, "-c", IMPORTS_ALONE]
        seconds(ours), seconds(imports)  # once unmeasured, so that the disk's cache is warm
        pairs = [(seconds(imports), seconds(ours)) for _ in range(runs)]
    imports_s, ours_s = (statistics.median(column) for column in zip(*pairs, strict=True))
    print("| | median of", runs, "|\n|---|---|")
    print(f"| `python -c '{IMPORTS_ALONE}'` | {imports_s:.3f} s |")
    print(f"| `photochrom colorize` of one megapixel | {ours_s:.3f} s |")
    print(f"| ratio (at most {AT_MOST}) | {ours_s / imports_s:.2f} |")


def photochrom_command() -> str:
    """The command as installed beside this Python."""
    return str(Path(sys.executable).with_name("photochrom"))


def grey_photo(width: int = 1250, height: int = 800) -> Image.Image:
    """A smooth grey picture with grain: one megapixel."""
    rng = np.random.default_rng(7)
    coarse = rng.integers(0, 256, (8, 12), dtype=np.uint8)
    smooth = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    grain = rng.normal(0, 4, (height, width))
    return Image.fromarray(np.clip(np.asarray(smooth) + grain, 0, 255).astype(np.uint8))


def seconds(command: Sequence[str]) -> float:
    """How long a command takes, from start to exit [s]; it has to succeed.

    Python may keep what it compiles, as it does for whoever uses the command twice.
    """
    keeping = {name: os.environ[name] for name in os.environ if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=keeping)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
