"""Pictures for the benchmarks of archives: grey JPEGs of any number, each with bytes of its own."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from photochrom.media.jpeg_segments import segment_bytes

QUALITY = 90
GRAIN = 3  # levels; film has some, and it makes files as large as real ones
BASES = 8  # pictures that are really different; the others differ in a comment


def grey_picture(height: int, width: int, seed: int) -> Image.Image:
    """A grey picture with a photograph's mix of smooth and busy places, and its grain."""
    generator = np.random.default_rng(seed)
    plane = np.zeros((height, width), np.float32)
    for cells, strength in ((4, 70), (16, 40), (64, 25), (250, 14), (1000, 7)):
        coarse = generator.uniform(-1, 1, (max(1, cells * 3 // 4), cells)).astype(np.float32)
        layer = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
        plane += strength * np.asarray(layer)
    plane += generator.normal(0, GRAIN, plane.shape).astype(np.float32)
    return Image.fromarray(np.clip(plane + 128, 0, 255).astype(np.uint8))


def as_jpeg(picture: Image.Image) -> bytes:
    """The picture as JPEG."""
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def write_pictures(folder: Path, count: int, height: int, width: int) -> None:
    """`count` grey JPEGs in subfolders of 500; those that are there already stay."""
    bases = [as_jpeg(grey_picture(height, width, seed)) for seed in range(min(BASES, count))]
    for number in range(count):
        path = folder / f"{number // 500:03}" / f"{number:06}.jpg"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            base = bases[number % len(bases)]
            path.write_bytes(base[:2] + segment_bytes(0xFE, b"%d" % number) + base[2:])
