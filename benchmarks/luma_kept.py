"""What holding a JPEG's luma costs: pixels that clip, and the difference to holding L*.

    python benchmarks/luma_kept.py [FOLDER …]        (bench/kodak and bench/legacy by default)

Each photo, made a grey JPEG where it is none, is coloured by the shipped model in both ways: by the
splice, decoded as YCbCr, and by `.rgb`. Clipped: pixels whose R, G or B leaves 0…255 by more than 2
levels. Wanted: at most 0.1 %, and a mean ΔE2000 of at most 1.5.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from photochrom import Colorizer
from photochrom.color.difference import delta_e_2000
from photochrom.color.lab import rgb_to_lab

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench"
MOST_CLIPPED, MOST_DIFFERENCE = 0.001, 1.5


def grey_jpeg(path: Path) -> bytes:
    """The photo as a grey JPEG; one that is grey already as it is."""
    with Image.open(path) as picture:
        if picture.format == "JPEG" and picture.mode == "L":
            return path.read_bytes()
        written = io.BytesIO()
        picture.convert("L").save(written, "JPEG", quality=90)
    return written.getvalue()


def decoded_rgb(jpeg: bytes) -> np.ndarray:
    """R′G′B′ (H, W, 3) float32 as decoded from YCbCr, before clipping."""
    with Image.open(io.BytesIO(jpeg)) as picture:
        picture.draft("YCbCr", picture.size)
        luma, cb, cr = np.moveaxis(np.asarray(picture, np.float32), -1, 0)
    cb, cr = cb - 128, cr - 128
    channels = luma + 1.402 * cr, luma - 0.344136 * cb - 0.714136 * cr, luma + 1.772 * cb
    return np.stack(channels, axis=-1)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIELAB (H, W, 3)."""
    return np.dstack(rgb_to_lab(rgb))


def measure(colorizer: Colorizer, jpeg: bytes) -> tuple[float, float]:
    """Share of pixels that clip by more than 2 levels, and mean ΔE2000 to the L* way."""
    photo = colorizer.colorize(jpeg)
    decoded = decoded_rgb(photo.encode()[0])
    clipped = ((decoded < -2) | (decoded > 257)).any(axis=-1).mean()
    shown = np.rint(decoded).clip(0, 255).astype(np.uint8)
    return float(clipped), float(delta_e_2000(lab(shown), lab(photo.rgb)).mean())


def main(folders: list[Path]) -> None:
    colorizer = Colorizer()
    for folder in folders:
        rows = [measure(colorizer, grey_jpeg(path)) for path in sorted(folder.iterdir())]
        clipped, difference = np.mean(rows, axis=0)
        worst = max(rows)
        print(
            f"{folder.name:8} {len(rows):3} photos: clipped {clipped:.4%} (at most "
            f"{MOST_CLIPPED:.1%}; worst photo {worst[0]:.3%}), ΔE2000 to the L* way "
            f"{difference:.2f} (at most {MOST_DIFFERENCE})"
        )


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or [BENCH / "kodak", BENCH / "legacy"])
