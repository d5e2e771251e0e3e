"""The table of docs/results.md: every recipe with the same budget, measured with the same metrics.

    python benchmarks/results.py train --data PHOTOS… --encoder PATH   each for its `equal` minutes
    python benchmarks/results.py measure [--bench FOLDER]              → docs/results.json
    python benchmarks/results.py write                                 → docs/results.md

Training goes on where it was stopped. A recipe with an rgb head is measured twice: what it paints
as it stands, and its chroma with the photo's own lightness put back, which is what users get.
`sketch` is given outlines of the same pictures, and the bare outline is its baseline.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from photochrom.color.lab import rgb_to_lightness
from photochrom.evaluation.cache import Cache
from photochrom.evaluation.models import open_models
from photochrom.evaluation.photos import find_sources, open_source
from photochrom.evaluation.score import evaluate
from photochrom.evaluation.settings import Settings
from photochrom.generators.cost import multiply_adds, parameters
from photochrom.generators.heads import RgbHead
from photochrom.training.adversary import Adversary
from photochrom.training.batches import BatchMaker, TensorBatch, validation_batch
from photochrom.training.checkpoint import Checkpoint, load_checkpoint
from photochrom.training.data.examples import open_examples
from photochrom.training.networks import output_stride, painter_of
from photochrom.training.run import new_learner
from photochrom.training.sides import Painted
from results_page import RESULTS, write_page

RECIPES = (
    "landscape-pix2pix",
    "scenery-unet",
    "scenery-unet-plus-plus",
    "scenery-unet3-plus",
    "scenery-linknet",
    "scenery-r2unet",
    "scenery-stream-unet",
    "photo-lab",
    "restoration-cgan",
    "sketch",
)
METRICS = ("psnr", "ssim", "delta_e", "lpips_alex", "colourfulness")
RUNS = Path("runs/results")
BENCH = Path(__file__).resolve().parents[2] / "shared/bench/scenes"
SIZE_PX = 256
HELD_OUT = 64  # pictures of the test split
MULTIPLY_ADDS_PX = 256


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job", choices=("train", "measure", "write"))
    parser.add_argument("--data", nargs="+", default=[])
    parser.add_argument("--encoder", default="random", help="MobileNetV2's ImageNet weights")
    parser.add_argument("--only", nargs="+", default=RECIPES, choices=RECIPES)
    parser.add_argument("--bench", type=Path, default=BENCH)
    arguments = parser.parse_args()
    if arguments.job == "train":
        for name in arguments.only:
            train(name, arguments.data, arguments.encoder)
    elif arguments.job == "measure":
        measure([name for name in arguments.only if finished(name)], arguments.bench)
    else:
        write_page()


# ---- training


def train(name: str, data: list[str], encoder: str) -> None:
    """One recipe for its equal budget, in a process and on a core of its own."""
    command = [sys.executable, "-m", "photochrom.cli.main", "train", name, "--variant", "equal"]
    command += [part for path in data for part in ("--data", path)]
    if name == "restoration-cgan":
        command += ["--set", f"generator.encoder={encoder}"]
    command += ["--run", str(RUNS / name), "--cache", str(RUNS / "cache")]
    print(" ".join(["==", name]), flush=True)
    subprocess.run(command, check=True, env=os.environ | {"OMP_NUM_THREADS": "1"})


def finished(name: str) -> bool:
    """Whether the recipe has been trained here."""
    return (RUNS / name / "last.safetensors").is_file()


# ---- measuring


def measure(names: list[str], bench: Path) -> None:
    """Every figure of every trained recipe, to docs/results.json."""
    told = {name: of_run(load_checkpoint(RUNS / name / "last.safetensors")) for name in names}
    photos = [name for name in names if name != "sketch"]
    models = [str(RUNS / name / "last.safetensors") for name in photos]
    for name in photos:
        raw = raw_pictures(name, bench)
        if raw is not None:
            models.append(str(raw))
    scores = scored([*models, "grey"], bench, given="grey")
    if "sketch" in names:
        outlined = scored([str(RUNS / "sketch/last.safetensors"), "grey"], bench, given="outline")
        scores["outline"] = outlined["grey"]
        scores["sketch"] = outlined["sketch"]
    RESULTS.write_text(
        json.dumps({"runs": told, "scores": scores}, indent=1) + "\n", encoding="utf-8"
    )
    print(RESULTS)


def scored(models: list[str], bench: Path, *, given: str) -> dict[str, dict[str, object]]:
    """Each model's means with intervals, by metric; colourfulness beside the real one."""
    settings = Settings(size_px=SIZE_PX, metrics=METRICS, given=given)
    opened, _ = open_models(models, threads=1, device="cpu")
    cache = Cache(RUNS / f"scores-{given}.sqlite")  # measuring goes on where it was stopped
    result = evaluate(opened, [str(bench)], settings, cache=cache).evaluation
    real = result.truth_summaries["colourfulness"].value
    found = {}
    for model in result.models:
        means = result.summaries[model.name]
        found[model.name] = {
            name: [means[name].value, means[name].low, means[name].high] for name in METRICS
        } | {"real_colourfulness": real, "pictures": len(result.pictures)}
    return found


def of_run(checkpoint: Checkpoint) -> dict[str, object]:
    """What a run cost, and its losses on the test split."""
    generator = painter_of(checkpoint).generator
    multiplied = multiply_adds(generator, MULTIPLY_ADDS_PX, MULTIPLY_ADDS_PX)
    return {
        "generator": checkpoint.recipe.generator.name,
        "options": checkpoint.recipe.generator.options,
        "head": checkpoint.recipe.generator.head,
        "parameters": parameters(generator),
        "multiply_adds": multiplied,
        "minutes": round(checkpoint.seconds / 60, 2),
        "samples": checkpoint.samples,
        "photos": int(checkpoint.facts["photos"]),
        "steps": checkpoint.step,
        "precision": checkpoint.precision,
        "pictures_per_s": round(checkpoint.samples / checkpoint.seconds, 2),
        "px": checkpoint.recipe.run.stages[-1].px,
        "commit": checkpoint.facts["commit"],
        "losses": held_out_losses(checkpoint),
    }


@torch.no_grad()
def held_out_losses(checkpoint: Checkpoint) -> dict[str, float]:
    """Adversarial, L1, total and discriminator's loss of the averaged weights, unweighted L1."""
    recipe = checkpoint.recipe
    learner = new_learner(recipe, checkpoint.centres, checkpoint.class_weights)
    learner.generator.load_state_dict(checkpoint.ema)
    learner.generator.eval()
    adversary = learner.adversary
    assert adversary is not None
    adversary.network.load_state_dict(checkpoint.discriminator)
    adversary.network.eval()
    examples = open_examples(recipe.data, RUNS / "cache", on_progress=lambda *_: None)
    wants = {"rgb" if learner.head.name == "rgb" else "ab"}
    wants |= {want for loss in learner.losses.values() for want in getattr(loss, "wants", ())}
    maker = BatchMaker(examples, recipe, frozenset(wants), stride=output_stride(recipe))
    batch = validation_batch(maker, recipe.run.stages[-1].px, HELD_OUT)
    sides = learner.paint(batch)
    parts = {
        name: float(value) for name, value in learner.parts_of(sides, batch, adversary).items()
    }
    parts["total"] = sum(parts.values())
    parts |= discriminator_loss(
        adversary, batch, sides[0], learner.condition(batch, sides[0].planes)
    )
    plain = float((sides[0].planes - batch.truth.planes(learner.head)).abs().mean())
    return {name: round(value, 5) for name, value in (parts | {"plain_l1": plain}).items()}


def discriminator_loss(
    adversary: Adversary, batch: TensorBatch, painted: Painted, condition: Tensor
) -> dict[str, float]:
    """What the discriminator descends, without a penalty's gradient."""
    real = batch.truth.planes(painted.head)
    parts = adversary.own_loss(condition, painted.planes, real, step=1)
    return {"discriminator": float(parts["discriminator"])}


# ---- what an rgb head paints as it stands


def raw_pictures(name: str, bench: Path) -> Path | None:
    """A folder of the benchmark as the network painted it, lightness too; None without rgb."""
    checkpoint = load_checkpoint(RUNS / name / "last.safetensors")
    painter = painter_of(checkpoint)
    head = painter.head
    if not isinstance(head, RgbHead):
        return None
    folder = RUNS / "raw" / f"{name}-raw"
    folder.mkdir(parents=True, exist_ok=True)
    for source in find_sources([str(bench)], None, in_order=True):
        path = folder / f"{Path(source.name).stem}.png"
        if not path.exists():
            photo = open_source(source).photo(SIZE_PX)
            painted = raw_picture(painter.generator, head, photo.rgb, checkpoint)
            Image.fromarray(painted).save(path)
    return folder


@torch.inference_mode()
def raw_picture(
    generator: torch.nn.Module, head: RgbHead, rgb: NDArray[np.uint8], checkpoint: Checkpoint
) -> NDArray[np.uint8]:
    """The photo painted at the network's size and enlarged, as the original systems gave it."""
    from photochrom.color.colorize import network_size
    from photochrom.export import usual_look

    height, width = rgb.shape[:2]
    small = network_size(height, width, usual_look(checkpoint).short_side_px)
    grey = Image.fromarray(rgb_to_lightness(rgb)).resize(small[::-1], Image.Resampling.BOX)
    lightness = torch.from_numpy(np.array(grey))[None, None]
    planes = head.rgb(generator(lightness))[0].permute(1, 2, 0).mul(255).round().byte().numpy()
    return np.asarray(Image.fromarray(planes).resize((width, height), Image.Resampling.BICUBIC))


if __name__ == "__main__":
    main()
