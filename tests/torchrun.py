"""Small runs in processes of their own, as torchrun starts them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

SCRIPT = """
import hashlib, json, os, sys
from pathlib import Path
from photochrom.training import loop, sharding
from photochrom.training.recipe_file import read_recipe
from torch.distributed.algorithms.ddp_comm_hooks import default_hooks
from torch.nn.parallel import DistributedDataParallel

folder, cache, settings = Path(sys.argv[1]), Path(sys.argv[2]), tuple(json.loads(sys.argv[3]))
descend = loop.Sitting.descend
sharding.LARGE = 500  # weights: most of these small networks' layers are gathered on their own

def count_exchanges(wrapped, counts):
    def exchange(_, bucket):
        counts.append(bucket.is_last())
        return default_hooks.allreduce_hook(None, bucket)
    if isinstance(wrapped, DistributedDataParallel):
        wrapped.register_comm_hook(None, exchange)

def told(self, asked_to_stop):
    sides = self.learner, self.learner.adversary
    counts = [], []
    for side, count in zip(sides, counts):
        count_exchanges(side.wrapped._forward_module, count)
    descend(self, asked_to_stop)
    digest, kept = hashlib.sha256(), 0
    for network in self.learner.networks:
        for tensor in network.parameters():
            here = sharding.part_here(tensor.detach())
            kept += here.numel()
            digest.update(sharding.gathered(tensor.detach()).numpy().tobytes())
    rank = os.environ.get("RANK", "0")
    told = {"weights": digest.hexdigest(), "kept": kept, "exchanges": [sum(c) for c in counts]}
    (folder / f"process-{rank}.json").write_text(json.dumps(told))

loop.Sitting.descend = told
loop.train(read_recipe("smoke", settings), folder, cache_folder=cache, quiet=True)
"""


def train_with(processes: int, folder: Path, cache: Path, *settings: str) -> None:
    """A run of the smoke recipe by so many processes, as torchrun starts them."""
    folder.mkdir(exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = json.dumps([
        "generator.options={depth=3, width=8, norm='group', dropout=0.0}",
        "discriminator.options={receptive_field=16, width=8, norm='group'}",
        "run.log_steps=1", "run.sample_steps=100", "run.batch=8",
        "run.stages=[{until=1.0, px=32}]",
        *settings,
    ])  # fmt: skip
    command = [sys.executable, "-c", SCRIPT, str(folder), str(cache), told]
    source = str(Path(__file__).resolve().parents[1] / "src")
    running = [
        subprocess.Popen(
            command,
            env=os.environ
            | ({} if processes == 1 else torchrun_variables(rank, processes, port))
            | {"PYTHONPATH": source, "OMP_NUM_THREADS": "1"},
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(processes)
    ]
    for process in running:
        _, complaint = process.communicate(timeout=240)
        assert process.returncode == 0, complaint


def torchrun_variables(rank: int, world: int, port: int) -> dict[str, str]:
    """The environment that torchrun gives each of its processes."""
    return {
        "RANK": str(rank),
        "LOCAL_RANK": str(rank),
        "WORLD_SIZE": str(world),
        "LOCAL_WORLD_SIZE": str(world),
        "GROUP_RANK": "0",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
        "TORCHELASTIC_RUN_ID": "test",
        "USE_LIBUV": "0",
    }


def losses_of(folder: Path) -> list[dict[str, float]]:
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    names = ("l1", "adversarial", "discriminator")
    return [{name: line[name] for name in names} for line in lines if "samples_per_s" in line]


def told_by(folder: Path, rank: int) -> dict[str, Any]:
    """What a process said at its end: its weights, how many it kept, how often it exchanged."""
    told: dict[str, Any] = json.loads((folder / f"process-{rank}.json").read_text())
    return told
