"""What holding a JPEG's luma costs: pixels that clip, and the difference to holding L*.

    python benchmarks/luma_kept.py [../shared/bench/kodak]

Each photo is made grey at its own lightness and saved as a JPEG; its true colour, shrunk to 40 px,
is painted back as Cb and Cr at half size, through JPEG at quality 90, and decoded with the
triangle filter of libjpeg beside the file's own luma. Once at the photo's full chroma and once at
0.8 of it, the middle of what our model paints (0.65 to 1.05 of the real colourfulness).
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from photochrom.color.chroma import ab_to_cbcr
from photochrom.color.difference import delta_e_2000
from photochrom.color.lab import lightness_table, rgb_to_lab
from photochrom.color.merge import merge
from photochrom.color.resize import enlarge, shrink

SHORT_SIDE_PX = 40  # of the small colour


def through_jpeg(plane: np.ndarray, quality: int) -> bytes:
    """A grey JPEG of `plane`."""
    stream = io.BytesIO()
    Image.fromarray(plane).save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def measure(path: Path, strength: float = 0.8) -> tuple[float, float]:
    """Share of pixels that leave 0…255 by more than 2, and mean ΔE2000 to the L* way."""
    rgb = np.asarray(Image.open(path).convert("RGB"))
    lightness, ab = rgb_to_lab(rgb)
    grey = np.interp(lightness, lightness_table(np.dtype(np.uint8)), np.arange(256))
    file = through_jpeg(np.rint(grey).astype(np.uint8), 85)
    luma = np.asarray(Image.open(io.BytesIO(file)))
    half = Image.open(io.BytesIO(file))
    half.draft("L", (half.width // 2, half.height // 2))
    scale = SHORT_SIDE_PX / min(luma.shape)
    small = shrink(ab, *(round(side * scale) for side in luma.shape)) * np.float32(strength)

    chroma = []
    for plane in ab_to_cbcr(np.asarray(half), small):
        coded = np.asarray(Image.open(io.BytesIO(through_jpeg(plane, 90))), np.float32)
        full = enlarge(coded, 2 * len(plane), 2 * plane.shape[1])
        chroma.append(full[: len(luma), : luma.shape[1]] - 128)
    cb, cr = chroma
    channels = luma + 1.402 * cr, luma - 0.344136 * cb - 0.714136 * cr, luma + 1.772 * cb
    decoded = np.stack(channels, axis=-1)
    clipped = ((decoded < -2) | (decoded > 257)).any(axis=-1).mean()
    ours = np.rint(decoded).clip(0, 255).astype(np.uint8)
    labs = [
        np.concatenate([plane[..., None], colour], axis=-1)
        for plane, colour in map(rgb_to_lab, (ours, merge(luma, small)))
    ]
    return float(clipped), float(delta_e_2000(*labs).mean())


def main(folder: Path) -> None:
    """Print one line a photo, and the mean."""
    print(f"{'':10}  clipped by > 2  ΔE2000 to the L* way  at 0.8:  clipped   ΔE2000")
    measured = []
    for path in sorted(folder.glob("*")):
        measured.append((*measure(path, 1.0), *measure(path, 0.8)))
        print(line(path.stem, measured[-1]))
    print(line("mean", np.mean(measured, axis=0)))


def line(name: str, figures: Sequence[float]) -> str:
    """One row of the table."""
    clipped, difference, clipped_less, difference_less = figures
    return (
        f"{name:10}  {clipped:14.3%}  {difference:20.2f}  {clipped_less:16.3%}"
        f"  {difference_less:7.2f}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/bench/kodak"))
