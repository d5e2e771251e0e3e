"""The drawing model on outlines of photographs: nearer to the photo than the bare outline?

    python benchmarks/sketch.py [--model sketch] [--limit N]

Outlines (XDoG) of bench/scenes at 256 px, painted with the lines laid back on, against the photos:
LPIPS-Alex over the bare outline's, and colourfulness over the real one. Outlines of photographs are
no drawings: what this says of drawings is little. Leaves with 1 where a figure is missed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from photochrom.evaluation.cache import Cache
from photochrom.evaluation.models import open_models
from photochrom.evaluation.score import evaluate
from photochrom.evaluation.settings import Settings

BENCH = Path(__file__).resolve().parents[2] / "shared/bench/scenes"
MOST_LPIPS = 0.80
COLOURFULNESS = (0.6, 1.05)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="sketch", help="a shipped name or an .onnx file")
    parser.add_argument("--limit", type=int)
    options = parser.parse_args()
    settings = Settings(
        size_px=256, metrics=("lpips_alex", "colourfulness"), given="outline", limit=options.limit
    )
    models, _ = open_models([options.model, "grey"], threads=1, device="cpu")
    result = evaluate(models, [str(BENCH)], settings, cache=Cache(None)).evaluation
    ours, bare = (result.summaries[model.name] for model in result.models)
    lpips = ours["lpips_alex"].value / bare["lpips_alex"].value
    colourful = ours["colourfulness"].value / result.truth_summaries["colourfulness"].value
    print(f"{len(result.pictures)} outlines")
    print(
        f"LPIPS-Alex {ours['lpips_alex'].value:.3f}, of the bare outline "
        f"{bare['lpips_alex'].value:.3f}: {lpips:.3f} (≤ {MOST_LPIPS})"
    )
    low, high = COLOURFULNESS
    print(f"colourfulness / real {colourful:.3f} ({low} … {high})")
    return 0 if lpips <= MOST_LPIPS and low <= colourful <= high else 1


if __name__ == "__main__":
    sys.exit(main())
