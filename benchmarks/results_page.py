"""docs/results.md and its picture, from docs/results.json; a test checks that they agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "docs/results.json"
PAGE = ROOT / "docs/results.md"
# The scenery report's own table: L1 at epoch 25, data and scale unknown
REPORTED_L1 = {
    "scenery-unet": 0.0395,
    "scenery-unet-plus-plus": 0.0746,
    "scenery-unet3-plus": 0.0602,
    "scenery-linknet": 0.0448,
    "scenery-r2unet": 0.0505,
    "scenery-stream-unet": 0.0477,
}


def write_page() -> None:
    """Write the page anew."""
    PAGE.write_text(page(json.loads(RESULTS.read_text(encoding="utf-8"))), encoding="utf-8")
    print(PAGE)


def page(found: dict[str, Any]) -> str:
    """The whole page."""
    runs, scores = found["runs"], found["scores"]
    minutes = max(run["minutes"] for run in runs.values())
    words = (ROOT / "benchmarks/results_words.md").read_text(encoding="utf-8")
    pictures = next(iter(scores.values()))["pictures"]
    filled = {
        "minutes": f"{minutes:.0f}",
        "pictures": str(pictures),
        "cost": cost_table(runs),
        "losses": loss_table(runs),
        "scores": score_table(runs, scores),
        "sketch": sketch_table(scores),
        "verdict": verdict(runs, scores),
    }
    for name, text in filled.items():
        words = words.replace(f"{{{{{name}}}}}", text)
    return words


def table(heads: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, numbers to the right."""
    ruler = ["---", *["--:"] * (len(heads) - 1)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (heads, ruler, *rows))


def cost_table(runs: dict[str, Any]) -> str:
    heads = ["recipe", "generator", "parameters", "GMAC at 256 px", "img/s", "images", "precision"]
    rows = [
        [
            f"`{name}`",
            f"`{run['generator']}`",
            f"{run['parameters'] / 1e6:.1f} M",
            f"{run['multiply_adds'] / 1e9:.1f}",
            f"{run['pictures_per_s']:.1f}",
            f"{run['samples']:,}",
            run["precision"],
        ]
        for name, run in runs.items()
    ]
    return table(heads, rows)


def loss_table(runs: dict[str, Any]) -> str:
    heads = ["recipe", "adversarial", "L1, weighted", "total", "D", "plain L1", "the report's L1"]
    rows = []
    for name, run in runs.items():
        losses = run["losses"]
        reported = REPORTED_L1.get(name)
        rows.append(
            [
                f"`{name}`",
                *(
                    f"{losses[part]:.3f}"
                    for part in ("adversarial", "l1", "total", "discriminator")
                ),
                f"{losses['plain_l1']:.4f}",
                "–" if reported is None else f"{reported:.4f}",
            ]
        )
    return table(heads, rows)


def score_table(runs: dict[str, Any], scores: dict[str, Any]) -> str:
    heads = ["recipe", "PSNR [dB]", "SSIM", "ΔE2000", "ours / grey", "LPIPS", "colourfulness"]
    rows = []
    for name in runs:
        if name == "sketch":
            continue
        rows.append(score_row(f"`{name}`", scores[name], scores["grey"]))
        if f"{name}-raw" in scores:
            rows.append(
                score_row("… as it paints RGB itself", scores[f"{name}-raw"], scores["grey"])
            )
    rows.append(score_row("plain grey", scores["grey"], scores["grey"]))
    return table(heads, rows)


def score_row(label: str, own: dict[str, Any], grey: dict[str, Any]) -> list[str]:
    """Means with their 95 % intervals."""
    ratio = own["delta_e"][0] / grey["delta_e"][0]
    return [
        label,
        interval(own["psnr"], 2),
        interval(own["ssim"], 3),
        interval(own["delta_e"], 2),
        f"{ratio:.3f}",
        interval(own["lpips_alex"], 3),
        f"{own['colourfulness'][0] / own['real_colourfulness']:.2f}",
    ]


def interval(values: list[float], digits: int) -> str:
    value, low, high = values
    return f"{value:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"


def sketch_table(scores: dict[str, Any]) -> str:
    heads = ["", "PSNR [dB]", "SSIM", "ΔE2000", "ours / bare", "LPIPS", "colourfulness"]
    bare = scores["outline"]
    return table(
        heads,
        [
            score_row("`sketch`", scores["sketch"], bare),
            score_row("the bare outline", bare, bare),
        ],
    )


def verdict(runs: dict[str, Any], scores: dict[str, Any]) -> str:
    """Which recipes beat grey in ΔE2000, and which do not."""
    grey = scores["grey"]["delta_e"][0]
    photos = [name for name in runs if name != "sketch"]
    behind = [name for name in photos if scores[name]["delta_e"][0] >= grey]
    if not behind:
        return "Every photo recipe beats plain grey in ΔE2000 within this budget."
    closer = [n for n in photos if scores[n]["lpips_alex"][0] < scores["grey"]["lpips_alex"][0]]
    least, most = (f([runs[name]["samples"] for name in photos]) for f in (min, max))
    return (
        f"{len(photos) - len(behind)} of {len(photos)} photo recipes beat plain grey in ΔE2000 "
        f"here, {len(closer)} in LPIPS. Why not more: they have seen {least:,} to {most:,} "
        "pictures, where their systems' schedules mean hundreds of thousands. A wrong colour costs "
        "more ΔE than none, and what comes first in training is that there is colour, then which. "
        "The shipped model has seen 902,000 (MODEL_CARD.md)."
    )
