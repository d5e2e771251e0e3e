"""The page docs/benchmark.md: the shipped model and the baselines on the open benchmark.

    python benchmarks/open_benchmark.py                measures, writes docs/benchmark.json and .md
    python benchmarks/open_benchmark.py --page         writes the page from the numbers again
    python benchmarks/open_benchmark.py --check        fails where page or numbers are stale

Measuring takes some minutes; a run that was stopped goes on where it was. Numbers are stale when
they are of another model than the shipped one, or of other metrics than there are. What
agreement.py and evaluate_speed.py print goes in with --agreement FILE and --speed FILE.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from photochrom.evaluation.cache import Cache, cache_path
from photochrom.evaluation.intervals import mean_intervals
from photochrom.evaluation.measures import METRICS
from photochrom.evaluation.models import open_models
from photochrom.evaluation.photos import find_sources
from photochrom.evaluation.result import Evaluation, read_evaluation
from photochrom.evaluation.score import evaluate
from photochrom.evaluation.settings import Settings
from photochrom.evaluation.table import LEGEND, headed, markdown_rows
from photochrom.media.atomic import write_atomic
from photochrom.models.catalog import find_model

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
NUMBERS, PAGE = ROOT / "docs/benchmark.json", ROOT / "docs/benchmark.md"
SETS = ("scenes", "objects", "people", "kodak")
MODELS = ["flagship", "grey", "mean-colour", "sepia"]
BY_SET = ("delta_e", "psnr", "lpips_alex", "colourfulness", "saturation_ratio")
NOT_HERE = {"fid"}  # its weights are the user's own

HEAD = """\
# The open benchmark

Made by `python benchmarks/open_benchmark.py`; do not edit by hand.

{count} colour photos of four sets: scenes (200), objects (400), people (200) and Kodak's (24). Each
is made grey, coloured by the model, and compared with itself. The baselines are plain grey, the
mean colour of photographs everywhere, and sepia. Means with 95 % intervals over photos in brackets.
The Inception weights of FID are not ours to give; FMD is a Fréchet distance on other features and
cannot be compared with it.

The same for any model, a folder of another tool's pictures included:

```
photochrom evaluate flagship grey mean-colour sepia PHOTOS --report report.html
```

Caution scores well on PSNR and ΔE2000 and looks dead: read them beside colourfulness and the
saturation ratio.

"""


def measure(cache: Path | None) -> tuple[Evaluation, list[str]]:
    """The evaluation of all four sets, and each photo's set."""
    models, _ = open_models(MODELS, threads=1, device="cpu")
    data = [str(SHARED / "bench" / name) for name in SETS]
    sets = [source.photo.container.name for source in find_sources(data)]
    with Cache(cache_path(cache)) as kept:
        finished = evaluate(
            models,
            data,
            Settings(),
            cache=kept,
            on_progress=lambda done, of: print(f"\r{done} of {of}", end="", flush=True),
        )
    print()
    if finished.evaluation.skipped:
        sys.exit(f"not all photos could be measured: {finished.evaluation.skipped[0]}")
    return finished.evaluation, sets


def numbers_of(found: Evaluation, sets: list[str]) -> dict[str, Any]:
    """What the page needs of an evaluation: no single photos, but the means of each set.

    `sets` says of each photo which one it belongs to.
    """
    whole = found.as_json()
    each = np.array(sets)
    by_set = {name: means_of(found, each == name) for name in dict.fromkeys(sets)}
    kept = whole | {"pictures": [], "scores": {name: {} for name in whole["scores"]}, "truth": {}}
    return {"evaluation": kept, "count": len(found.pictures), "by_set": by_set, "notes": {}}


def means_of(found: Evaluation, chosen: np.ndarray) -> dict[str, dict[str, list[float]]]:
    """Mean and interval of `BY_SET` by model, over the chosen photos; the photos' own as ''."""
    scores = {**found.scores, "": found.truth}
    return {
        model: {
            name: [round(value, 5) for value in (i.value, i.low, i.high)]
            for name in BY_SET
            if name in own
            for i in mean_intervals(own[name][chosen][:, None])
        }
        for model, own in scores.items()
    } | {"photos": {"count": [int(chosen.sum())]}}


def page(numbers: dict[str, Any]) -> str:
    """The page, in Markdown."""
    found = read_evaluation(json.dumps(numbers["evaluation"]))
    lines = [HEAD.format(count=numbers["count"]) + "## All photos", ""]
    lines += [*markdown_rows(found), "", f"{LEGEND}.", "", "## By set", ""]
    lines += [*by_set_rows(numbers["by_set"], found), "", "## What the measures are", ""]
    lines += [f"- {facts.title}: {facts.meaning}" for facts in found.metrics]
    lines += ["", "## Protocol", "", *(f"- {line}" for line in found.protocol.lines())]
    lines += [f"- {m.name}: {m.kind}, SHA-256 {m.sha256}" for m in found.models]
    for title, note in numbers["notes"].items():
        lines += ["", f"## {title}", "", "```", note.rstrip(), "```"]
    return "\n".join(lines) + "\n"


def by_set_rows(by_set: dict[str, Any], found: Evaluation) -> list[str]:
    """A row each set and model, a column each of `BY_SET`."""
    titles = [headed(METRICS[name]) for name in BY_SET]
    rows = [f"| | {' | '.join(titles)} |", f"|---|{'---|' * len(titles)}"]
    for name, own in by_set.items():
        models = [*(model.name for model in found.models), ""]
        for model in models:
            cells = [cell(own[model].get(metric), METRICS[metric].digits) for metric in BY_SET]
            title = f"{name} ({own['photos']['count'][0]}), {model or 'true colours'}"
            rows.append(f"| {title} | {' | '.join(cells)} |")
    return rows


def cell(values: list[float] | None, digits: int) -> str:
    """A mean with its interval."""
    if values is None:
        return ""
    mean, low, high = (f"{value:.{digits}f}" for value in values)
    return f"{mean} [{low}, {high}]"


def why_stale(numbers: dict[str, Any], written: str) -> str | None:
    """What is stale, in words; None where nothing is."""
    found = read_evaluation(json.dumps(numbers["evaluation"]))
    shipped = find_model("flagship")[1].sha256
    if shipped not in {model.sha256 for model in found.models}:
        return "docs/benchmark.json measures another flagship than the shipped one"
    of_photos = {n for n, facts in METRICS.items() if facts.group != "video"}
    seen = {facts.name for facts in found.metrics}
    if of_photos - NOT_HERE != seen:
        return f"docs/benchmark.json has other metrics: {sorted(of_photos - NOT_HERE ^ seen)}"
    if any(METRICS[facts.name] != facts for facts in found.metrics):
        return "docs/benchmark.json describes its metrics otherwise than they are"
    if page(numbers) != written:
        return "docs/benchmark.md is not what docs/benchmark.json says"
    return None


def write(numbers: dict[str, Any]) -> None:
    """Write numbers and page."""
    write_atomic(NUMBERS, (json.dumps(numbers, indent=1, ensure_ascii=False) + "\n").encode())
    write_atomic(PAGE, page(numbers).encode())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--cache", type=Path, help="where predictions and scores are kept")
    parser.add_argument("--agreement", type=Path, help="what agreement.py printed")
    parser.add_argument("--speed", type=Path, help="what evaluate_speed.py printed")
    options = parser.parse_args()
    if options.check:
        stale = why_stale(json.loads(NUMBERS.read_text()), PAGE.read_text())
        if stale:
            print(f"{stale}: run python benchmarks/open_benchmark.py", file=sys.stderr)
        return int(stale is not None)
    old = json.loads(NUMBERS.read_text()) if NUMBERS.exists() else {"notes": {}}
    numbers = old if options.page else numbers_of(*measure(options.cache))
    numbers["notes"] = old["notes"]
    titles = ("Agreement with other libraries", options.agreement), ("Speed", options.speed)
    numbers["notes"] |= {title: path.read_text() for title, path in titles if path is not None}
    write(numbers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
