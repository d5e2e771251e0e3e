"""The files of a run's folder: its last state, and the last good one while something is amiss."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from lightning_fabric import Fabric

from photochrom.errors import PhotochromError
from photochrom.media.atomic import write_atomic
from photochrom.media.lock_file import hold
from photochrom.training.checkpoint import Checkpoint, save_checkpoint
from photochrom.training.data.examples import Refused

if TYPE_CHECKING:
    from photochrom.training.run import Run

LAST, GOOD = "last.safetensors", "good.safetensors"
REFUSED = "refused.json"
LOCK = ".lock"


def keep_last(run: Run, folder: Path, fabric: Fabric) -> None:
    """Write the run's state, by the first process; all of them call it at the same time.

    While the collapse alarm sees a symptom, the state before it began stays beside it. Raises
    `PhotochromError` for weights that are no numbers: what is on disk stays.
    """
    checkpoint = run.checkpoint()
    require_finite(checkpoint, folder)
    if fabric.is_global_zero:
        keep_good(folder, is_amiss=bool(run.alarm.since))
        remove_abandoned(folder)
        save_checkpoint(folder / LAST, checkpoint)
    fabric.barrier()


def require_finite(checkpoint: Checkpoint, folder: Path) -> None:
    """Raise where a weight is no number."""
    for name, tensor in checkpoint.generator.items():
        if tensor.is_floating_point() and not torch.isfinite(tensor).all():
            raise PhotochromError(
                f"At step {checkpoint.step} the weights are no numbers any more ({name}). "
                f"{where_to_go_on(folder)} with a smaller optimizer.decoder_rate."
            )


def keep_good(folder: Path, *, is_amiss: bool) -> None:
    """Put the last state aside before one with a symptom replaces it; drop it when all is well."""
    last, good = folder / LAST, folder / GOOD
    if not is_amiss:
        good.unlink(missing_ok=True)
    elif last.exists() and not good.exists():
        try:
            os.link(last, good)  # the name `last` will be given to another file
        except OSError:
            shutil.copy2(last, good)


def remove_abandoned(folder: Path) -> None:
    """Remove the halves of checkpoints that killed processes were writing."""
    for partial in folder.glob("*.safetensors.*.part"):
        partial.unlink(missing_ok=True)


def where_to_go_on(folder: Path) -> str:
    """Which file holds the last good state, in words."""
    if (folder / GOOD).exists():
        return f"The last good state is {folder / GOOD}: rename it to {LAST} and go on from there"
    if (folder / LAST).exists():
        return f"The last good state is {folder / LAST}: go on from there"
    return "There is no checkpoint yet: begin again"


def one_process_only(folder: Path) -> AbstractContextManager[None]:
    """Hold the run's folder; an `InputError` where another command trains in it."""
    folder.mkdir(parents=True, exist_ok=True)
    return hold(
        folder / LOCK,
        f"Another command trains in {folder}. Wait for it, stop it, or give another folder "
        "with --run.",
    )


def write_refused(refused: tuple[Refused, ...], folder: Path) -> None:
    """List the pictures that were left out, and why, in the run's folder."""
    listed = [{"file": one.file, "reason": one.reason} for one in refused]
    text = json.dumps(listed, indent=1, ensure_ascii=False)
    write_atomic(folder / REFUSED, (text + "\n").encode())
