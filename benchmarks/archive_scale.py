"""From one picture to a million: where its time goes, and whether the line stays straight.

    python benchmarks/archive_scale.py [--limit N] [--pictures N] [--processes N]

- stages: what each step takes of a 2-megapixel grey JPEG on one core, as medians, and what is left.
- line: `photochrom archive` over 100, 1,000 and 10,000 pictures of 0.1 megapixels: seconds to list
  and work, to find on a second run that nothing is to do, and the manifest's size. Wanted: pictures
  a second over the last nine tenths / over the first tenth of the longest run at least 0.9.

docs/scale.md reckons from these lines.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from archive_pictures import as_jpeg, grey_picture, write_pictures

LEAST_LATER = 0.9
SIZES = (100, 1_000, 10_000)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=int, default=SIZES[-1], help="the longest run")
    parser.add_argument("--pictures", type=int, default=40, help="for the stages")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    print(f"load before: {os.getloadavg()[0]:.1f}")
    stages(options.pictures)
    with tempfile.TemporaryDirectory() as folder:
        sizes = [size for size in SIZES if size <= options.limit] or [options.limit]
        later = [line(Path(folder) / str(size), size, options.processes) for size in sizes][-1]
    passed = later >= LEAST_LATER
    print("as wanted" if passed else "NOT as wanted")
    return 0 if passed else 1


def stages(count: int) -> None:
    """The steps of one picture, one by one, as a worker takes them."""
    from photochrom.archive.manifest import Manifest
    from photochrom.archive.records import Entry, Order, Task
    from photochrom.archive.work import Workshop
    from photochrom.color.chroma import ab_to_cbcr
    from photochrom.media.jpeg_chroma import encode_chroma
    from photochrom.media.photo import open_photo
    from photochrom.media.provenance import read_provenance

    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        jpeg = as_jpeg(grey_picture(1225, 1633, 5))
        (folder / "in").mkdir()
        (folder / "in" / "a.jpg").write_bytes(jpeg)
        shop = Workshop(Order(str(folder / "in"), str(folder / "out")))
        photo = shop.colorizer.colorize(jpeg)
        encoded, _ = photo.encode()
        luma, ab = photo.source.luma(2), photo.ab
        planes = ab_to_cbcr(luma, ab, threads=1)
        task = Task(1, "a.jpg")
        with Manifest(folder / "m.sqlite") as manifest:
            manifest.take_listing([Entry("a.jpg", "1 1", 1)])
            answer = shop.do(task)
            steps: dict[str, Callable[[], object]] = {
                "read": lambda: shop.source.read("a.jpg"),
                "hash source and result": lambda: [hashlib.sha256(b) for b in (jpeg, encoded)],
                "header, metadata, provenance": lambda: (open_photo(jpeg), read_provenance(jpeg)),
                "decode at half size": lambda: photo.source.luma(2),
                "network": lambda: shop.colorizer.colorize(jpeg)._painting.paint(luma),
                "Lab to Cb and Cr along edges": lambda: ab_to_cbcr(luma, ab, threads=1),
                "encode Cb and Cr": lambda: encode_chroma(
                    planes, (2, 3), quality=90, progressive=False
                ),
                "write": lambda: shop.target.write("a.jpg", encoded),
                "manifest": lambda: (manifest.begin(task), manifest.record(answer)),
            }
            took = {step: timed(act, count) for step, act in steps.items()}
            (folder / "out" / "a.jpg").unlink(missing_ok=True)

        def whole() -> None:
            shop.do(task)
            (folder / "out" / "a.jpg").unlink()

        everything = timed(whole, count) + took["manifest"]
    print(f"a 2-megapixel grey JPEG, one core: {everything * 1e3:.1f} ms")
    took["splice, metadata and the rest"] = everything - sum(took.values())
    for step, seconds in took.items():
        print(f"  {step:32} {seconds * 1e3:6.1f} ms  {seconds / everything:6.1%}")
    os.sched_setaffinity(0, range(os.cpu_count() or 1))


def timed(act: Callable[[], object], count: int) -> float:
    """The median time of the processor [s], which other processes hardly change."""
    act()
    times = []
    for _ in range(count):
        began = time.process_time()
        act()
        times.append(time.process_time() - began)
    return median(times)


def line(folder: Path, count: int, processes: int) -> float:
    """One length of the line; pictures a second of the last nine tenths over the first."""
    write_pictures(folder / "in", count, 274, 365)
    command = [sys.executable, "-m", "photochrom.cli.main", "archive"]
    command += [str(folder / "in"), str(folder / "out"), "--json", "--processes", str(processes)]
    spent = children_s()
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        times = [(time.perf_counter(), json.loads(said)["status"]) for said in process.stdout]
    seconds, start = time.perf_counter() - began, times[0][0] - began
    each = (children_s() - spent) / count
    assert all(status == "coloured" for _, status in times)
    moments = [moment for moment, _ in times]
    tenth = max(1, count // 10)
    few = min(10, tenth // 2)  # while the processes get going
    first = (tenth - few) / (moments[tenth] - moments[few])
    rest = (count - 1 - tenth) / (moments[-1] - moments[tenth])
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    again = time.perf_counter() - began
    size = (folder / "out" / "photochrom.sqlite").stat().st_size
    print(f"{count:6} pictures: {seconds:.1f} s, {start:.1f} s of them to the first result; "
          f"{each * 1e3:.1f} ms of a core each; "
          f"{rest:.1f}/s, later / first {rest / first:.2f}; nothing to do {again:.1f} s; "
          f"manifest {size / count:.0f} bytes a picture")  # fmt: skip
    return rest / first


def children_s() -> float:
    """The processor's time that finished child processes have taken [s]."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
