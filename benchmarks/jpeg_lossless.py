"""Toned colour JPEGs whose luma stays: every kind of file, and what keeping it costs.

    python benchmarks/jpeg_lossless.py [--limit N] [--rounds N]

- kinds: more than 200 colour files, by Pillow, OpenCV, FFmpeg, imagecodecs, eight libraries of
  jpeglib and the programs that are installed (cjpeg, jpegtran, ImageMagick, GraphicsMagick, vips,
  Go, Java), are coloured by the shipped model in both ways. Wanted: Y's coefficients and table
  identical in every file, both ways; all three planes given back by `restore`.
- cost: a toned JPEG of 12 megapixels to a colour JPEG with its luma's coefficients, over decoding
  it and encoding it with Pillow at the same quality, on the same threads. Wanted: at most 6.
"""

from __future__ import annotations

import argparse
import io
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from archive_pictures import QUALITY, grey_picture

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "media"))

from colour_jpegs import COLOURS, colour_file, toned

from photochrom import Colorizer
from photochrom.media.jpeg_coefficients import read_planes
from photochrom.media.jpeg_ordinary import why_luma_is_not_ordinary
from photochrom.media.jpeg_restore import restored
from photochrom.media.jpeg_segments import parse_jpeg

MOST_COST, LEAST_KINDS = 6.0, 200

PROGRAMS = {  # each reads in.ppm and writes out.jpg
    "cjpeg": "cjpeg -quality 83 -outfile out.jpg in.ppm",
    "cjpeg-progressive": "cjpeg -progressive -quality 70 -outfile out.jpg in.ppm",
    "cjpeg-arithmetic": "cjpeg -arithmetic -sample 2x1 -outfile out.jpg in.ppm",
    "cjpeg-4x1": "cjpeg -sample 4x1 -outfile out.jpg in.ppm",
    "cjpeg-1x2": "cjpeg -sample 1x2 -outfile out.jpg in.ppm",
    "cjpeg-3x1": "cjpeg -sample 3x1 -outfile out.jpg in.ppm",
    "cjpeg-restart": "cjpeg -restart 2 -outfile out.jpg in.ppm",
    "imagemagick": "convert in.ppm -quality 91 out.jpg",
    "graphicsmagick": "gm convert in.ppm -quality 79 out.jpg",
    "vips": "vips jpegsave in.ppm out.jpg --Q 88 --subsample-mode off --optimize-coding",
    "vips-trellis": "vips jpegsave in.ppm out.jpg --Q 60 --interlace",
    "ffmpeg-program": "ffmpeg -loglevel error -y -i in.ppm out.jpg",
    "go": "go run encode.go",
    "java": "java Encode.java",
}
ENCODERS = Path(__file__).with_name("encoders")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=int, help="files, evenly taken from all")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    colorizer = Colorizer(threads=1)
    passed = all_kinds(colorizer, options.limit)
    passed &= cost(options.rounds)
    print("as wanted" if passed else "NOT as wanted")
    return 0 if passed else 1


def all_kinds(colorizer: Colorizer, limit: int | None) -> bool:
    """The figure of all kinds of files."""
    files = {name: colour_file(name) for name in COLOURS} | dict(by_programs())
    step = max(1, len(files) // limit) if limit else 1
    chosen = dict(list(files.items())[::step])
    failures, exact, encoders = [], 0, len(dict(by_programs()))
    for name, original in chosen.items():
        same, is_exact = kept(colorizer, original)
        exact += is_exact
        failures += [] if same else [name]
    print(f"{len(chosen)} kinds ({encoders} by installed programs): luma identical in "
          f"{len(chosen) - len(failures)}, given back byte for byte {exact}, as coefficients "
          f"{len(chosen) - exact - len(failures)}{'; NOT ' if failures else ''}"
          f"{', '.join(failures)}")  # fmt: skip
    return not failures and (len(chosen) >= LEAST_KINDS or limit is not None)


def kept(colorizer: Colorizer, original: bytes) -> tuple[bool, bool]:
    """Whether Y stays in both ways and all planes come back; whether byte for byte."""
    planes = read_planes(parse_jpeg(original))
    photo = colorizer.colorize(original)
    spliced, saved = photo.encode()
    if saved.way != "splice" or read_planes(parse_jpeg(spliced))[0] != planes[0]:
        return False, False
    back = restored(spliced)
    if read_planes(parse_jpeg(back.jpeg)) != planes:
        return False, False
    if why_luma_is_not_ordinary(parse_jpeg(original)) is None:
        ordinary, _ = photo.encode(jpeg="ordinary")
        if read_planes(parse_jpeg(ordinary))[0] != planes[0]:
            return False, False
    return True, back.jpeg == original


def by_programs() -> Iterator[tuple[str, bytes]]:
    """What the installed programs write."""
    with tempfile.TemporaryDirectory() as folder:
        Image.fromarray(toned(45, 59)).save(Path(folder) / "in.ppm")
        for source in ENCODERS.iterdir():
            shutil.copy(source, folder)
        for name, command in PROGRAMS.items():
            words = command.split()
            result = Path(folder) / "out.jpg"
            result.unlink(missing_ok=True)
            if shutil.which(words[0]):
                subprocess.run(words, cwd=folder, capture_output=True, check=False)
            if result.is_file() and result.stat().st_size:
                yield name, result.read_bytes()


def toned_jpeg() -> bytes:
    """A sepia JPEG of 12 megapixels."""
    grey = np.asarray(grey_picture(3000, 4000, 7))[..., None]
    rgb = (grey * np.array([1.0, 0.87, 0.68])).astype(np.uint8)
    written = io.BytesIO()
    Image.fromarray(rgb).save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def cost(rounds: int) -> bool:
    """The figure of 12 megapixels: the fastest of some rounds, both in turns."""
    jpeg, colorizer = toned_jpeg(), Colorizer(threads=1)
    ours, pillow = [], []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        encoded, saved = colorizer.colorize(jpeg).encode(quality=QUALITY)
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        with Image.open(io.BytesIO(jpeg)) as image:
            image.save(io.BytesIO(), "JPEG", quality=QUALITY)
        pillow.append(time.perf_counter() - began)
    assert saved.way == "splice"
    ratio = min(ours) / min(pillow)
    print(f"12 megapixels, toned: {min(ours):.3f} s, Pillow {min(pillow):.3f} s: {ratio:.2f}  "
          f"(at most {MOST_COST:g}); {len(jpeg) / 1e6:.1f} MB became "
          f"{len(encoded) / 1e6:.1f} MB")  # fmt: skip
    return ratio <= MOST_COST


if __name__ == "__main__":
    sys.exit(main())
