"""The report of the open benchmark: its size, how it opens in a browser, what making it takes.

    python benchmarks/report.py [MODEL …] [--metric NAME …] [--limit N] [--keep FILE]

Measures MODELs (flagship, grey, mean-colour and sepia) on bench/scenes, objects, people and kodak,
824 photos, with what the cache keeps; writes the report, and opens it in fresh headless browsers,
wide and as a phone. Leaves with 1 where the file is above 25 MB, the page complains or asks for
the network, or the first picture (the one at the top, decoded and painted) takes 1 s or longer.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

from browser import Browser
from photochrom.evaluation.cache import Cache, cache_path
from photochrom.evaluation.models import open_models
from photochrom.evaluation.report import MOST_BYTES, ReportFacts, write_report
from photochrom.evaluation.score import Finished, evaluate
from photochrom.evaluation.settings import Settings

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench"
SETS = ("scenes", "objects", "people", "kodak")
MODELS = ("flagship", "grey", "mean-colour", "sepia")
MOST_FIRST_MS = 1000
OPENED = 5  # times, each in a browser just started
SCREENS = {"1440 × 900": (1440, 900, False), "phone, 390 × 844": (390, 844, True)}
FIRST_PICTURE = "performance.getEntriesByName('first-picture')[0]"
LOADED = "performance.getEntriesByType('navigation')[0]"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", default=MODELS)
    parser.add_argument("--metric", action="append", default=[])
    parser.add_argument("--limit", type=int)
    parser.add_argument("--keep", type=Path, help="where the report is left to look at")
    options = parser.parse_args()
    settings = Settings(metrics=tuple(options.metric), limit=options.limit)
    with tempfile.TemporaryDirectory() as folder, Cache(cache_path(None)) as cache:
        path = options.keep or Path(folder) / "report.html"
        facts = written(measured(options.models, settings, cache), path)
        passed = facts.size_bytes <= MOST_BYTES
        for screen in SCREENS:
            passed &= opens_well(path, screen)
    print("as wanted" if passed else "NOT as wanted")
    return 0 if passed else 1


def measured(models: list[str], settings: Settings, cache: Cache) -> Finished:
    """The evaluation, by the evaluator itself."""
    opened, _ = open_models(models, threads=1, device="cpu")
    begun = time.perf_counter()
    finished = evaluate(opened, [str(BENCH / name) for name in SETS], settings, cache=cache)
    count = len(finished.evaluation.pictures)
    print(f"measured   {count} pictures, {len(opened)} models: {time.perf_counter() - begun:.0f} s")
    return finished


def written(finished: Finished, path: Path) -> ReportFacts:
    """The report, with what writing it took."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    begun = time.perf_counter()
    facts = write_report(finished.evaluation, finished.pictures, path)
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime - before.ru_utime
    print(f"report     {facts.words}")
    print(f"writing    {time.perf_counter() - begun:.1f} s, {cpu:.1f} s of one core")
    print(f"peak       {after.ru_maxrss / 1024:.0f} MB, {before.ru_maxrss / 1024:.0f} MB before")
    return facts


def opens_well(path: Path, screen: str) -> bool:
    """Whether the page opens without a complaint, and its first picture is there in time."""
    width, height, touch = SCREENS[screen]
    first_ms, whole_ms, complaints = [], [], []
    for _ in range(OPENED):
        with (
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
            Browser(Path(profile)) as browser,
        ):
            browser.screen(width, height, touch=touch)
            browser.open(path)
            browser.wait_until(f"{FIRST_PICTURE} && 'ready' in document.documentElement.dataset")
            first_ms.append(browser.ask(f"{FIRST_PICTURE}.startTime"))
            whole_ms.append(browser.ask(f"{LOADED}.loadEventEnd"))
            asked = {request.split(":")[0] for request in browser.requests} - {"file", "data"}
            complaints += [*browser.complaints, *asked]
    first, whole = statistics.median(first_ms), statistics.median(whole_ms)
    print(
        f"{screen:16} first picture {first:.0f} ms ({min(first_ms):.0f}…{max(first_ms):.0f}), "
        f"all read {whole:.0f} ms, complaints {len(complaints)}"
    )
    return not complaints and first < MOST_FIRST_MS


if __name__ == "__main__":
    sys.exit(main())
