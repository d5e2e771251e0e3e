"""How fast archives go: processes against one pinned core, Dask against processes, one picture.

    python benchmarks/archive_speed.py [--limit N] [--loop N] [--large N] [--keep FOLDER]

- processes: 2,000 grey JPEGs of 2 megapixels through `photochrom archive` on two cores, pictures
  a second, over a `Colorizer(threads=1)` loop pinned to one core. Wanted: at least 1.8.
- Dask: the same through `--workers 2`, over processes. Wanted: at least 0.85.
- killed: the same with a Dask worker killed in the middle. Wanted: all done, none doubled.
- grey: grey JPEGs of 12 megapixels through `photochrom archive`, all included, over decoding and
  encoding them in colour with Pillow, both on one core. Wanted: at most 1.5.

Rates are those of the pictures' work, from the listing's end to the last result: starting up takes
a second or two, however many there are. The loop runs before and after each, so that a machine that
grows slower meanwhile counts for both sides.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psutil
from PIL import Image

from archive_pictures import QUALITY, write_pictures

CORES = 2
LEAST_OVER_LOOP, LEAST_DASK, MOST_GREY = 1.8, 0.85, 1.5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=int, default=2000, help="pictures of 2 megapixels")
    parser.add_argument("--loop", type=int, default=300, help="of them in the pinned loop")
    parser.add_argument("--large", type=int, default=40, help="pictures of 12 megapixels")
    parser.add_argument("--keep", type=Path, help="a folder for the pictures, kept")
    parser.add_argument("--one-core", nargs=2, metavar=("WHAT", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one_core:
        return on_one_core(options.one_core[0], Path(options.one_core[1]), options.loop)
    print(f"load before: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        passed = side_by_side(folder, options.limit, options.loop)
        passed &= large_ones(folder, options.large)
    print("as wanted" if passed else "NOT as wanted")
    return 0 if passed else 1


def side_by_side(folder: Path, count: int, loop: int) -> bool:
    """The figures of the pictures of 2 megapixels."""
    source = folder / "two"
    write_pictures(source, count, 1225, 1633)
    ways = {"--processes": f"{CORES} processes", "--workers": f"{CORES} Dask workers"}
    over: list[float] = []
    alone = pinned("loop", source, loop=min(loop, count))
    for way, words in ways.items():
        rate = archived(source, folder / "out", way, str(CORES))
        before, alone = alone, pinned("loop", source, loop=min(loop, count))
        over.append(rate / ((before + alone) / 2))
        print(f"{words} {rate:.1f}/s, the loop {before:.1f} and {alone:.1f}/s: {over[-1]:.2f}")
    here, cluster = over
    print(f"processes over the loop: {here:.2f}  (at least {LEAST_OVER_LOOP})")
    print(f"Dask over processes: {cluster / here:.2f}  (at least {LEAST_DASK})")
    whole = survives_a_kill(source, folder / "out", count)
    print(f"a Dask worker killed in the middle: {'all done, none doubled' if whole else 'LOST'}")
    return here >= LEAST_OVER_LOOP and cluster / here >= LEAST_DASK and whole


def large_ones(folder: Path, count: int) -> bool:
    """The figure of the pictures of 12 megapixels, on one core."""
    source = folder / "twelve"
    write_pictures(source, count, 3000, 4000)
    ours, pillow = pinned("archive", source), pinned("pillow", source)
    print(f"12 megapixels on one core: {1 / ours:.3f} s, Pillow {1 / pillow:.3f} s: "
          f"{pillow / ours:.2f}  (at most {MOST_GREY})")  # fmt: skip
    return pillow / ours <= MOST_GREY


def pinned(what: str, folder: Path, *, loop: int = 0) -> float:
    """Pictures a second of a process that has one core."""
    command = [sys.executable, __file__, "--one-core", what, str(folder), "--loop", str(loop)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def on_one_core(what: str, folder: Path, loop: int) -> int:
    """The other side of `pinned`."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    pictures = sorted(folder.rglob("*.jpg"))
    if what == "archive":
        with tempfile.TemporaryDirectory() as out:
            print(archived(folder, Path(out) / "out", "--processes", "1"))
    elif what == "pillow":
        print(rate_of(pictures, re_encode))
    else:
        print(rate_of(pictures[:loop], coloured_by(folder)))
    return 0


def rate_of(pictures: list[Path], work) -> float:
    """Pictures a second, the first one not counted."""
    work(pictures[0])
    began = time.perf_counter()
    for picture in pictures[1:]:
        work(picture)
    return (len(pictures) - 1) / (time.perf_counter() - began)


def coloured_by(folder: Path):
    """Colours a file as a user's own loop would."""
    from photochrom import Colorizer

    colorizer, out = Colorizer(threads=1), folder.parent / "loop.jpg"
    return lambda picture: colorizer.colorize(picture).save(out)


def re_encode(picture: Path) -> None:
    """Read, decode, encode in colour and write, with Pillow."""
    written = io.BytesIO()
    with Image.open(picture) as image:
        image.convert("RGB").save(written, "JPEG", quality=QUALITY)
    picture.with_name("pillow.tmp").write_bytes(written.getvalue())
    picture.with_name("pillow.tmp").unlink()


def archived(source: Path, target: Path, *options: str) -> float:
    """Pictures a second of `photochrom archive`, by when its lines come out on stdout."""
    shutil.rmtree(target, ignore_errors=True)
    with running(source, target, *options) as process:
        assert process.stdout is not None
        times = [time.perf_counter() for _ in process.stdout]
    assert process.returncode == 0, process.returncode
    few = min(10, len(times) // 4)  # while the processes get going
    return (len(times) - 1 - few) / (times[-1] - times[few])


def running(source: Path, target: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "photochrom.cli.main", "archive", str(source), str(target)]
    return subprocess.Popen([*command, "--json", *options], stdout=subprocess.PIPE, text=True)


def survives_a_kill(source: Path, target: Path, count: int) -> bool:
    """Whether every picture is done once where a worker is killed in the middle."""
    shutil.rmtree(target, ignore_errors=True)
    done: list[str] = []
    with running(source, target, "--workers", str(CORES)) as process:
        assert process.stdout is not None
        for line in process.stdout:
            done.append(json.loads(line)["source"])
            if len(done) == count // 2:
                children = psutil.Process(process.pid).children(recursive=True)
                worker = next(c for c in children if "spawn_main" in " ".join(c.cmdline()))
                os.kill(worker.pid, signal.SIGKILL)
    with closing(sqlite3.connect(target / "photochrom.sqlite")) as manifest:
        rows = manifest.execute("SELECT count(*), count(DISTINCT result) FROM pictures "
                                "WHERE state = 'coloured'").fetchone()  # fmt: skip
    results = sum(1 for _ in target.rglob("*.jpg"))
    return len(done) == len(set(done)) == rows[0] == rows[1] == results == count


if __name__ == "__main__":
    sys.exit(main())
