"""A run's state on disk: everything that the same command needs to go on as if never stopped.

One safetensors file. Tensors lie under `generator.`, `ema.`, `discriminator.`, `bins.` and
`optimizer.NAME.PARAMETER.`; everything else is one JSON object in the file's metadata. Nothing in
it is ever run.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from photochrom.errors import SetupError, WeightsError
from photochrom.training.recipe import Recipe
from photochrom.training.recipe_file import typed
from photochrom.version import __version__

FORMAT = 2
KEY = "photochrom.checkpoint"
READABLE = 0o644
STATES = ("generator", "ema", "discriminator")
PLAIN = (
    "step", "samples", "seconds", "best", "looks_since_best", "precision", "compiles", "symptoms",
    "facts",
)  # fmt: skip


@dataclass
class Checkpoint:
    """`generator`, `ema`, `discriminator` are state dicts, `optimizers` state dicts by name.

    `centres` (K, 2) and `class_weights` (K,) belong to a head over bins. A best checkpoint, from
    which nobody trains on, holds the averaged weights only.
    """

    recipe: Recipe
    ema: dict[str, Tensor]
    generator: dict[str, Tensor] = field(default_factory=dict)
    discriminator: dict[str, Tensor] = field(default_factory=dict)
    optimizers: dict[str, dict[str, Any]] = field(default_factory=dict)
    centres: NDArray[np.float32] | None = None
    class_weights: NDArray[np.float32] | None = None
    step: int = 0
    samples: int = 0
    seconds: float = 0.0
    best: float | None = None  # the least value so far of the run's `best_by`
    looks_since_best: int = 0
    precision: str = "32-true"
    compiles: bool = False  # whether the networks were compiled
    symptoms: dict[str, int] = field(default_factory=dict)  # see `health.CollapseAlarm.since`
    facts: dict[str, str] = field(default_factory=dict)


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write the checkpoint whole or not at all: the one that was there stays until then.

    Raises `SetupError` where the disk is full or forbids it.
    """
    tensors: dict[str, Tensor] = {}
    for name in STATES:
        put(tensors, name, getattr(checkpoint, name))
    for name in ("centres", "class_weights"):
        array = getattr(checkpoint, name)
        if array is not None:
            tensors[f"bins.{name}"] = torch.from_numpy(array)
    groups = {}
    for name, state in checkpoint.optimizers.items():
        groups[name] = state["param_groups"]
        for parameter, moments in state["state"].items():
            put(tensors, f"optimizer.{name}.{parameter}", moments)
    separate(tensors)
    story = {name: getattr(checkpoint, name) for name in PLAIN}
    story |= {
        "format": FORMAT,
        "recipe": dataclasses.asdict(checkpoint.recipe),
        "param_groups": groups,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        save_file(tensors, partial, metadata={KEY: json.dumps(story)})
        partial.chmod(READABLE)  # safetensors keeps its files to their owner
        flush_to_disk(partial)
        partial.replace(path)
    except (OSError, SafetensorError) as error:
        raise SetupError(
            f"The checkpoint {path} could not be written: {error}. The one before it, if there is "
            "one, is whole; make room and give the same command to go on from there."
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def put(tensors: dict[str, Tensor], prefix: str, state: dict[str, Tensor]) -> None:
    """Add a state dict under a prefix; safetensors wants each tensor whole."""
    for key, tensor in state.items():
        tensors[f"{prefix}.{key}"] = tensor.detach().cpu().contiguous()


def separate(tensors: dict[str, Tensor]) -> None:
    """Give each tensor memory of its own: without an average, `ema` is the network itself."""
    seen = set()
    for key, tensor in tensors.items():
        if tensor.data_ptr() in seen:
            tensors[key] = tensor.clone()
        seen.add(tensor.data_ptr())


def flush_to_disk(path: Path) -> None:
    """Wait until the bytes are on the disk, so that a power cut after renaming keeps them."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def load_checkpoint(path: Path) -> Checkpoint:
    """The checkpoint at `path`.

    Raises `WeightsError` where it is absent, damaged, or of another format.
    """
    if not path.is_file():
        raise WeightsError(
            f"There is no checkpoint at {path}: give a run's folder, such as runs/smoke, or one of "
            "its .safetensors files."
        )
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - no dict
    except (OSError, SafetensorError) as error:
        raise WeightsError(
            f"{path} cannot be read as a checkpoint: {error}. Checkpoints are the .safetensors "
            "files in a run's folder."
        ) from error
    if KEY not in metadata:
        raise WeightsError(f"{path} is not a checkpoint of ours; it was not loaded.")
    story = {"compiles": False} | json.loads(metadata[KEY])  # which older ones do not say
    if story.get("format") != FORMAT:
        raise WeightsError(
            f"{path} is a checkpoint of format {story.get('format')}, not of this version's "
            f"({FORMAT}). Use the version of Photochrom that wrote it."
        )
    bins = part(tensors, "bins.")
    return Checkpoint(
        recipe=typed(Recipe, story["recipe"], where=""),
        generator=part(tensors, "generator."),
        ema=part(tensors, "ema."),
        discriminator=part(tensors, "discriminator."),
        optimizers={
            name: {"state": moments_of(tensors, name), "param_groups": groups}
            for name, groups in story["param_groups"].items()
        },
        centres=bins["centres"].numpy() if bins else None,
        class_weights=bins["class_weights"].numpy() if bins else None,
        **{name: story[name] for name in PLAIN},
    )


def part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors under a prefix, without it."""
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}


def moments_of(tensors: dict[str, Tensor], name: str) -> dict[int, dict[str, Tensor]]:
    """An optimizer's state by its parameters' numbers."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, tensor in part(tensors, f"optimizer.{name}.").items():
        number, _, moment = key.partition(".")
        state.setdefault(int(number), {})[moment] = tensor
    return state


def run_facts() -> dict[str, str]:
    """Where this run's code stands: version of Photochrom and torch, commit (or "unknown")."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
        commit = described.stdout.strip()
    except (OSError, subprocess.SubprocessError):
        commit = "unknown"
    return {"photochrom": __version__, "torch": str(torch.__version__), "commit": commit}
