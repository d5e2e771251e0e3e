"""Growing sizes against a fixed one, at equal time: what docs/training.md shows.

    python benchmarks/multi_scale.py --data PHOTOS… --encoder PATH [--minutes 5] [--write]

The flagship's recipe twice from the same seed, for so many minutes each: crops of 128 px all the
time, and of 64, 96 and 128 px in turn with batches that need about the same memory. Both are
measured on the same held-out pictures at 128 px. `--write` puts the table into docs/training.md.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

import torch

from photochrom.training.checkpoint import load_checkpoint
from photochrom.training.loop import train
from photochrom.training.recipe_file import read_recipe

PAGE = Path(__file__).resolve().parents[1] / "docs/training.md"
MARKS = "<!-- multi-scale: begin -->", "<!-- multi-scale: end -->"
RUNS = Path("runs/multi-scale")
STAGES = {
    "128 px": "[{until=1.0, px=128}]",
    "64 → 96 → 128 px": "[{until=0.35, px=64, batch=96}, {until=0.7, px=96}, {until=1.0, px=128}]",
}
NUMBERS = {"held_out": "held-out loss", "delta_e": "ΔE2000", "chroma_share": "chroma / real"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", nargs="+", required=True)
    parser.add_argument("--encoder", required=True)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    heads = ["crops", "pictures", "steps", *NUMBERS.values()]
    rows = [heads, ["---", *["--:"] * (len(heads) - 1)]]
    for name, stages in STAGES.items():
        settings = (
            f"data.paths={json.dumps(arguments.data)}",
            f"generator.encoder={arguments.encoder}",
            f"run.stages={stages}",
            f"run.minutes={arguments.minutes}",
            "run.sample_minutes=1000.0",
            "optimizer.warmup_steps=100",
        )
        folder = RUNS / re.sub(r"\W+", "-", name)
        last = train(read_recipe("flagship", settings), folder, cache_folder=RUNS / "cache")
        checkpoint = load_checkpoint(last)
        seen = [f"{checkpoint.samples:,}", f"{checkpoint.step:,}"]
        rows.append([name, *seen, *(f"{final_look(folder)[key]:.3f}" for key in NUMBERS)])
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    print(table)
    if arguments.write:
        write(f"{arguments.minutes:g} minutes each on {cores()}:\n\n{table}")


def cores() -> str:
    """How many cores were trained on, in words."""
    count = torch.get_num_threads()
    return "one core" if count == 1 else f"{count} cores"


def final_look(folder: Path) -> dict[str, Any]:
    """The last look's numbers in a run's log."""
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    return [line for line in lines if "held_out" in line][-1]


def write(table: str) -> None:
    """Put the table between its marks."""
    begin, end = MARKS
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    PAGE.write_text(f"{before}{begin}\n{table}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
