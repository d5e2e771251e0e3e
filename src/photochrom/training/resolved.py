"""What a run was told, resolved, beside its checkpoints."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from photochrom.media.atomic import write_atomic
from photochrom.training.checkpoint import run_facts
from photochrom.training.precision import AUTO
from photochrom.training.run import Run


def settled_before(resolved: Path) -> str:
    """The precision that `auto` came to when this run was begun; `auto` where nothing tells."""
    try:
        told = json.loads(resolved.read_text(encoding="utf-8"))
        was_auto = told["recipe"]["run"]["precision"] == AUTO
        return str(told["precision"]) if was_auto else AUTO
    except (OSError, ValueError, KeyError):
        return AUTO


def write_resolved(run: Run, path: Path) -> None:
    """What this run was told, whole, beside its checkpoint."""
    resolved = {
        "recipe": dataclasses.asdict(run.recipe),
        "precision": run.precision,
        **run_facts(),
    }
    write_atomic(path, (json.dumps(resolved, indent=2) + "\n").encode())
