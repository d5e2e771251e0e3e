"""What each part of the flagship's recipe is worth: the table of docs/experiments.md.

    python benchmarks/ablation.py train --data PHOTOS… --encoder PATH [--steps 400] [--only …]
    python benchmarks/ablation.py measure --data PHOTOS… [--limit 400]   → docs/experiments.json
    python benchmarks/ablation.py write                                  → docs/experiments.md

Each line is the recipe with one thing changed, trained from the same seed for the same steps
of 48 photos, and measured on the same held-out photos. ΔE2000 is compared at equal colourfulness,
for a duller picture always has the lower one: the share of the class weights that is taken back
(alpha) is turned until colourfulness is three quarters of the real one; networks without a
distribution or without weights have their chroma multiplied until it is. The open benchmark is not
looked at.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from held_out import held_out
from photochrom.evaluation.intervals import mean_intervals
from photochrom.generators.heads import BinsHead
from photochrom.generators.painter import Painter
from photochrom.training.checkpoint import load_checkpoint

ROOT = Path(__file__).resolve().parents[1]
RUNS = Path("runs/ablation")
RESULTS, PAGE = ROOT / "docs/experiments.json", ROOT / "docs/experiments.md"
MARKS = "<!-- ablation: begin -->", "<!-- ablation: end -->"
USUAL = "as it is"
VARIANTS: dict[str, tuple[str, ...]] = {
    USUAL: (),
    "rare colours weigh no more": ("bins.rarity_power=0.0",),
    "rare colours weigh more: p^−0.7": ("bins.rarity_power=0.7",),
    "regression: Huber on a*, b*": ('generator.head="ab"', "loss={huber=1.0}"),
    "with LPIPS": ("loss.lpips=1.0", "loss_options.lpips.network=squeeze"),
    "with an adversary in the last half": (
        "loss.adversarial=0.1",
        'discriminator={name="patchgan", kind="hinge", loss_weight=0.5, starts_at=0.5, '
        "options={receptive_field=34, spectral_norm=true}}",
    ),
    "colour queries": ('generator.name="query_unet"', "generator.options={}", "hints.share=0.0"),
    "with attention, four blocks": ("generator.options={hints=true, attention=4}",),
    "no pretrained encoder": ('generator.encoder="random"',),
    "encoder learns three times faster": ("optimizer.encoder_rate=6e-4",),
    "no old film": ("film.share=0.0",),
    "no hints": ("hints.share=0.0", "generator.options={}"),
}
ALPHAS = np.linspace(-1.5, 1.0, 11)
GAINS = np.linspace(0.6, 3.0, 9)
TEMPERATURE = 0.3
WANTED = 0.75  # colourfulness, a share of the real one


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job", choices=("train", "measure", "write"))
    parser.add_argument("--data", nargs="+", default=[])
    parser.add_argument("--encoder", default="random", help="MobileNetV2's ImageNet weights")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--limit", type=int, default=400)
    parser.add_argument("--only", nargs="+", default=list(VARIANTS), choices=list(VARIANTS))
    arguments = parser.parse_args()
    if arguments.job == "train":
        for name in arguments.only:
            train(name, arguments.data, arguments.encoder, arguments.steps)
    elif arguments.job == "measure":
        done = [name for name in VARIANTS if (folder_of(name) / "last.safetensors").is_file()]
        rows = {name: measured(folder_of(name), arguments.data, arguments.limit) for name in done}
        RESULTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    else:
        write(table(json.loads(RESULTS.read_text(encoding="utf-8"))))


def folder_of(name: str) -> Path:
    return RUNS / re.sub(r"\W+", "-", name)


def train(name: str, data: list[str], encoder: str, steps: int) -> None:
    """One variant for its steps, in a process and on a core of its own."""
    usual = (
        f"generator.encoder={encoder}",
        f"run.steps={steps}",
        "run.minutes=0.0",
        "run.stages=[{until=1.0, px=96}]",
        "run.sample_minutes=1000.0",
        "optimizer.warmup_steps=100",
    )
    command = [sys.executable, "-m", "photochrom.cli.main", "train", "flagship"]
    command += [part for path in data for part in ("--data", path)]
    command += [part for setting in (*usual, *VARIANTS[name]) for part in ("--set", setting)]
    command += ["--run", str(folder_of(name)), "--cache", "runs/cache"]
    print(f"== {name}", flush=True)
    subprocess.run(command, check=True, env=os.environ | {"OMP_NUM_THREADS": "1"})


# ---- measuring


def measured(run: Path, paths: list[str], limit: int) -> dict[str, Any]:
    """What a variant came to: each photo's ΔE2000 at the wanted colourfulness, and plain grey's."""
    scores, grey, real = [], [], []
    for painter, held in held_out(run, paths, limit):
        scores.append([held.score(ab) for ab in turned(painter, held.raw)])
        grey.append(held.grey)
        real.append(held.real)
    delta_e, colourful = np.moveaxis(np.array(scores), -1, 0)  # each (photos, settings)
    shares = colourful.mean(axis=0) / np.mean(real)
    checkpoint = load_checkpoint(run / "last.safetensors")
    lines = (run / "log.jsonl").read_text(encoding="utf-8").splitlines()
    looks = [line for line in map(json.loads, lines) if "held_out" in line]
    return {
        "samples": checkpoint.samples,
        "training_loss": last_losses(lines),
        "held_out_loss": looks[-1]["held_out"],
        "delta_e": at_wanted(delta_e, shares).round(4).tolist(),
        "grey": np.round(grey, 4).tolist(),
        "least": float(delta_e.mean(axis=0).min() / np.mean(grey)),
        "most_colourful": float(shares.max()),
    }


def turned(painter: Painter, raw: Tensor) -> list[Tensor]:
    """a*, b* from dull to vivid, or the other way round."""
    head, cool = painter.head, torch.tensor([TEMPERATURE])
    if not isinstance(head, BinsHead):
        return [head.ab(raw) * gain for gain in GAINS]
    if not head.mean.log_weights.any():
        return [head.mean(raw, cool, torch.zeros(1)) * gain for gain in GAINS]
    return [head.mean(raw, cool, torch.tensor([alpha]).float()) for alpha in ALPHAS]


def at_wanted(delta_e: NDArray[np.float64], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each photo's ΔE2000 where the mean colourfulness is as wanted, between two settings."""
    order = np.argsort(shares)
    return np.array([np.interp(WANTED, shares[order], photo[order]) for photo in delta_e])


def last_losses(lines: list[str], share: float = 0.2) -> float:
    """The mean training loss over the last part of the run."""
    steps = [json.loads(line) for line in lines if '"samples_per_s"' in line]
    key = next(key for key in ("quantized_cross_entropy", "huber") if key in steps[-1])
    return float(np.mean([step[key] for step in steps[-max(1, int(share * len(steps))) :]]))


# ---- the page


def table(rows: dict[str, dict[str, Any]]) -> str:
    """The variants under each other; the difference to the usual one is paired over photos."""
    lines = [
        "| | photos seen | training / held-out loss | ΔE2000 / grey at colourfulness 0.75 | "
        "difference to the recipe |",
        "| --- | --: | --: | --: | --: |",
    ]
    usual = rows[USUAL]
    for name, row in rows.items():
        grey = np.mean(row["grey"])
        ratio = f"{np.mean(row['delta_e']) / grey:.3f}"
        if row["most_colourful"] < WANTED:
            ratio += f" (colourfulness {row['most_colourful']:.2f} at most)"
        difference = "" if name == USUAL else paired(row, usual)
        losses = f"{row['training_loss']:.3f} / {row['held_out_loss']:.3f}"
        lines.append(f"| {name} | {row['samples']:,} | {losses} | {ratio} | {difference} |")
    return "\n".join(lines)


def paired(row: dict[str, Any], usual: dict[str, Any]) -> str:
    """The mean difference in ΔE2000 / grey with its 95 % interval over photos."""
    differences = (np.array(row["delta_e"]) - usual["delta_e"]) / np.mean(row["grey"])
    (mean,) = mean_intervals(differences[:, None])
    return f"{mean.value:+.3f} [{mean.low:+.3f}, {mean.high:+.3f}]"


def write(text: str) -> None:
    """Put the table between its marks."""
    begin, end = MARKS
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(end)
    PAGE.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
