"""Memory of a long run: 10,000 small pictures, at the end over after 500.

    python benchmarks/archive_memory.py [--limit N] [--processes N]

Counted is what the run and its worker processes hold together (PSS, so that what they share counts
once; Linux), as the mean over a window of pictures. Wanted: at most 1.1. Also said is what one
picture of each kind takes at its peak, a pixel: `photochrom.archive.memory` reckons with it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import fmean

import numpy as np
import psutil
from PIL import Image

from archive_pictures import grey_picture, write_pictures

EARLY, WINDOW, MOST = 500, 100, 1.1
KINDS = ("grey JPEG", "colour JPEG", "8-bit PNG", "16-bit TIFF")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--colour-once", metavar="PATH", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.colour_once:
        return colour_once(options.colour_once)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        ratio = growth(folder, options.limit, options.processes)
        for kind in KINDS:
            print(f"peak of one {kind}: {bytes_per_pixel(folder, kind):.0f} bytes a pixel")
    print("as wanted" if ratio <= MOST else "NOT as wanted")
    return 0 if ratio <= MOST else 1


def growth(folder: Path, count: int, processes: int) -> float:
    """Memory over the last pictures / memory after the first 500."""
    write_pictures(folder / "small", count, 120, 160)
    early, late = [], []
    command = [sys.executable, "-m", "photochrom.cli.main", "archive", str(folder / "small")]
    command += [str(folder / "out"), "--json", "--processes", str(processes)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for number, _ in enumerate(process.stdout):
            window = early if number < EARLY + WINDOW else late
            if number % 10 == 0 and (EARLY <= number < EARLY + WINDOW or number >= count - WINDOW):
                window.append(held_bytes(process.pid))
    ratio = fmean(late) / fmean(early)
    print(f"{count} pictures: {fmean(early) / 1e6:.0f} MB after {EARLY}, "
          f"{fmean(late) / 1e6:.0f} MB at the end: {ratio:.3f}  (at most {MOST})")  # fmt: skip
    return ratio


def held_bytes(pid: int) -> int:
    """What a process and its children hold together."""
    whole = psutil.Process(pid)
    held = 0
    for process in (whole, *whole.children(recursive=True)):
        try:
            held += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return held


def bytes_per_pixel(folder: Path, kind: str) -> float:
    """The peak of a process that colours one large picture, above that of a tiny one."""
    peaks = []
    for height, width in ((64, 64), (4000, 6000)):
        path = written(folder, kind, height, width)
        command = [sys.executable, __file__, "--colour-once", str(path)]
        peaks.append(float(subprocess.run(command, check=True, capture_output=True).stdout))
    return (peaks[1] - peaks[0]) / (4000 * 6000)


def written(folder: Path, kind: str, height: int, width: int) -> Path:
    """A picture of that kind and size."""
    grey = grey_picture(height, width, 1)
    if kind == "16-bit TIFF":
        import tifffile

        path = folder / "deep.tif"
        deep = np.asarray(grey)[..., None].astype(np.uint16) * np.array([257, 220, 180], np.uint16)
        tifffile.imwrite(path, deep, photometric="rgb")
    elif kind == "8-bit PNG":
        path = folder / "grey.png"
        grey.save(path, compress_level=1)
    else:
        path = folder / "picture.jpg"
        picture = grey if kind == "grey JPEG" else Image.merge("RGB", (grey, grey, grey))
        picture.save(path, quality=90)
    return path


def colour_once(path: str) -> int:
    """Colour one file as a worker does, and print this process's peak [bytes]."""
    from photochrom.archive.records import Order, Task
    from photochrom.archive.work import Workshop

    with tempfile.TemporaryDirectory() as out:
        order = Order(str(Path(path).parent), out)
        answer = Workshop(order).do(Task(1, Path(path).name, alone=True))
    assert answer.state == "coloured", answer
    status = Path("/proc/self/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    print(int(peak.split()[1]) * 1024)
    return 0


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.exit(main())
