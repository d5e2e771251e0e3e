"""How fast the evaluator is beside a plain per-picture loop that does the same work.

    python benchmarks/evaluate_speed.py [--limit N] [--memory]

The four sets of the open benchmark (824 photos), the shipped model and three baselines, every
metric but the Fréchet distances. Both take turns, a few photos each, so that whatever else the
machine does meets both alike; nothing is cached. Forwards are the runs of the painting network and
of LPIPS's two; "everything else" is the rest of the time. --memory prints the evaluator's peak at
two numbers of photos instead.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch

from photochrom.evaluation.cache import Cache
from photochrom.evaluation.measure import Examiner
from photochrom.evaluation.measures import METRICS
from photochrom.evaluation.metrics.perceptual import Perceptual
from photochrom.evaluation.models import open_models
from photochrom.evaluation.photos import Source, find_sources
from photochrom.evaluation.score import evaluate, one_torch_thread
from photochrom.evaluation.settings import Settings
from photochrom.models.network import Network
from photochrom.pipeline import in_order
from plain_evaluation import PlainLoop

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench"
SETS = ("scenes", "objects", "people", "kodak")
MODELS = ["flagship", "grey", "mean-colour", "sepia"]
TURN = 12  # photos
CORES = 2


class Forwards:
    """Seconds inside networks, over all threads, while it is entered."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._lock = threading.Lock()

    def counted(self, function: Callable) -> Callable:
        """The function, its time counted."""

        def timed(*arguments, **named):
            started = time.perf_counter()
            result = function(*arguments, **named)
            with self._lock:
                self.seconds += time.perf_counter() - started
            return result

        return timed


def turns(items: list[Source]) -> Iterator[list[Source]]:
    """Runs of `TURN`."""
    for first in range(0, len(items), TURN):
        yield items[first : first + TURN]


def compare(limit: int | None) -> None:
    """Print both speeds and their ratios."""
    sources = find_sources([str(BENCH / name) for name in SETS], limit)
    names = [name for name, facts in METRICS.items() if facts.per_picture]
    wanted = [name for name in names if METRICS[name].group not in ("video", "hints")]
    forwards = Forwards()
    Network._run = forwards.counted(Network._run)
    Perceptual.distance = forwards.counted(Perceptual.distance)
    ours_models, _ = open_models(MODELS, threads=1, device="cpu")
    plain_models, _ = open_models(MODELS, threads=CORES, device="cpu")
    torch.set_num_threads(CORES)
    examiner = Examiner(ours_models, Settings(), wanted, Cache(None))
    plain = PlainLoop()
    spent = {"ours": [0.0, 0.0], "plain": [0.0, 0.0]}  # in all, in networks
    with one_torch_thread():
        examiner.measure(sources[0])  # both warm up on a photo
    plain.measure(sources[0].photo.path, plain_models)
    for chunk in turns(sources):
        forwards.seconds, started = 0.0, time.perf_counter()
        with one_torch_thread():
            list(in_order(examiner.measure, chunk, workers=CORES))
        spent["ours"][0] += time.perf_counter() - started
        spent["ours"][1] += forwards.seconds / CORES
        forwards.seconds, plain.seconds["forwards"] = 0.0, 0.0
        started = time.perf_counter()
        for source in chunk:
            plain.measure(source.photo.path, plain_models)
        spent["plain"][0] += time.perf_counter() - started
        spent["plain"][1] += forwards.seconds + plain.seconds["forwards"]
    report(spent, len(sources))


def report(spent: dict[str, list[float]], count: int) -> None:
    """Print milliseconds a photo, and the ratios."""
    print(f"{count} photos, {len(MODELS)} models, {CORES} cores; milliseconds a photo")
    print("              in all   forwards   everything else")
    for name, (total, inside) in spent.items():
        each = [seconds / count * 1000 for seconds in (total, inside, total - inside)]
        print(f"{name:12}{each[0]:8.0f}{each[1]:11.0f}{each[2]:18.0f}")
    ours, plain = spent["ours"], spent["plain"]
    rest = (plain[0] - plain[1]) / (ours[0] - ours[1])
    print(f"ratio       {plain[0] / ours[0]:8.1f}{plain[1] / ours[1]:11.1f}{rest:18.1f}")


def peak(limit: int) -> None:
    """Print the peak memory of one evaluation, in MB."""
    models, _ = open_models(MODELS, threads=1, device="cpu")
    data = [str(BENCH / name) for name in SETS]
    with Cache(None) as cache:
        evaluate(models, data, Settings(limit=limit), cache=cache, threads=CORES)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=int, help="so many photos instead of all")
    parser.add_argument("--memory", action="store_true", help="print peak memory instead")
    parser.add_argument("--peak-of", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peak_of:
        peak(options.peak_of)
    elif options.memory:
        most = options.limit or 824
        for limit in (most // 8, most):
            command = [sys.executable, __file__, "--peak-of", str(limit)]
            ran = subprocess.run(command, capture_output=True, text=True, check=True)
            print(f"{limit} photos: peak {ran.stdout.strip()} MB", flush=True)
    else:
        compare(options.limit)


if __name__ == "__main__":
    main()
