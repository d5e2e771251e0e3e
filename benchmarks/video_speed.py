"""Speed of a film: colouring it, against decoding and encoding it alone, in turns.

    python benchmarks/video_speed.py [--frames N] [--rounds N] [--size 1280x720]

The film is bench/video's flower enlarged and made grey, as H.264 with a little grain. Both ways
write H.264 (preset veryfast, crf 18) with as many threads as there are cores. Leaves with 1 where
frames a second, colouring / decoding and encoding alone, is below 0.5.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from photochrom import Colorizer
from photochrom.film.job import colour_film
from photochrom.film.plan import Wanted, plan_film

FILM = Path(__file__).resolve().parents[2] / "shared/bench/video/mdn_flower_cc0.mp4"
GRAIN = 2.0  # standard deviation [levels]
LEAST_RATIO = 0.5
REAL_TIME = 25
ENCODER = {"preset": "veryfast", "crf": "18"}


def make_film(path: Path, count: int, width: int, height: int) -> None:
    """A grey film, its frames those of the flower forth and back."""
    with av.open(str(FILM)) as source:
        lumas = [frame.to_ndarray(format="gray") for frame in source.decode(video=0)]
    generator = np.random.default_rng(7)
    order = [*range(len(lumas)), *reversed(range(len(lumas)))]
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=25, options=ENCODER)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(count):
            luma = cv2.resize(lumas[order[number % len(order)]], (width, height))
            grainy = luma * (219 / 255) + 16 + generator.normal(0, GRAIN, luma.shape)
            planes = np.full((height * 3 // 2, width), 128, np.uint8)
            planes[:height] = np.clip(np.rint(grainy), 16, 235)
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))


def code_alone(source: Path, target: Path) -> int:
    """Decode and encode, and nothing else; how many frames."""
    count = 0
    with av.open(str(source)) as film, av.open(str(target), "w") as output:
        pictures = film.streams.video[0]
        pictures.thread_type = "AUTO"
        stream = output.add_stream("libx264", rate=pictures.average_rate, options=ENCODER)
        stream.width, stream.height, stream.pix_fmt = pictures.width, pictures.height, "yuv420p"
        for frame in film.decode(pictures):
            frame.pict_type = 0
            output.mux(stream.encode(frame))
            count += 1
        output.mux(stream.encode(None))
    return count


def colour(source: Path, target: Path, colorizer: Colorizer) -> int:
    """Colour the film; how many frames."""
    target.unlink(missing_ok=True)
    return colour_film(plan_film(source, target, Wanted()), colorizer).frames


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=250)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", default="1280x720")
    options = parser.parse_args()
    width, height = map(int, options.size.split("x"))
    colorizer = Colorizer()
    with tempfile.TemporaryDirectory() as name:
        film, coded, coloured = (Path(name) / f"{what}.mp4" for what in ("film", "coded", "colour"))
        make_film(film, options.frames, width, height)
        ways = {
            "decoding and encoding": lambda: code_alone(film, coded),
            "colouring": lambda: colour(film, coloured, colorizer),
        }
        rates: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(options.rounds):
            for way, run in ways.items():
                started, cpu = time.perf_counter(), time.process_time()
                count = run()
                taken = time.perf_counter() - started
                rates[way].append(count / taken)
                used = (time.process_time() - cpu) / count * 1000
                print(f"{way:22} {count / taken:6.1f} frames/s, {used:5.1f} ms of a core a frame")
    best = {way: max(found) for way, found in rates.items()}
    ratio = best["colouring"] / best["decoding and encoding"]
    print(f"{width} × {height}, {os.cpu_count()} cores: {ratio:.2f}  (at least {LEAST_RATIO})")
    print(f"colouring {best['colouring']:.1f} frames a second  (real time is {REAL_TIME})")
    return 0 if ratio >= LEAST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
