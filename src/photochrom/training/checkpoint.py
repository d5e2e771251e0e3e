"""A run's state on disk: everything that the same command needs to go on as if never stopped."""

from __future__ import annotations

import dataclasses
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from photochrom.errors import WeightsError
from photochrom.training.recipe import Recipe
from photochrom.training.recipe_file import typed
from photochrom.version import __version__

FORMAT = 1


@dataclass
class Checkpoint:
    """`generator` and `ema` are state dicts; `optimizer` its own; bins as in `quantized_ab`."""

    recipe: Recipe
    generator: dict[str, Tensor]
    ema: dict[str, Tensor]
    optimizer: dict[str, Any]
    centres: NDArray[np.float32]
    class_weights: NDArray[np.float32]
    step: int
    samples: int
    seconds: float
    torch_rng: Tensor
    facts: dict[str, str]


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write the checkpoint whole or not at all."""
    state = {
        "format": FORMAT,
        "recipe": json.dumps(dataclasses.asdict(checkpoint.recipe)),
        "generator": checkpoint.generator,
        "ema": checkpoint.ema,
        "optimizer": checkpoint.optimizer,
        "centres": torch.from_numpy(checkpoint.centres),
        "class_weights": torch.from_numpy(checkpoint.class_weights),
        "step": checkpoint.step,
        "samples": checkpoint.samples,
        "seconds": checkpoint.seconds,
        "torch_rng": checkpoint.torch_rng,
        "facts": checkpoint.facts,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    try:
        torch.save(state, partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def load_checkpoint(path: Path) -> Checkpoint:
    """The checkpoint at `path`; pickled code is never run.

    Raises `WeightsError` where it is absent, damaged, or of another format.
    """
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise WeightsError(f"There is no checkpoint at {path}.") from error
    except UnpicklingError as error:
        raise WeightsError(f"{path} is not a checkpoint of ours; it was not loaded.") from error
    except (OSError, RuntimeError, ValueError, EOFError) as error:
        raise WeightsError(f"{path} cannot be read as a checkpoint: {error}") from error
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise WeightsError(f"{path} is not a checkpoint of this version ({FORMAT}).")
    del state["format"]
    state["recipe"] = typed(Recipe, json.loads(state["recipe"]), where="")
    state["centres"] = state["centres"].numpy()
    state["class_weights"] = state["class_weights"].numpy()
    return Checkpoint(**state)


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
