"""Two processes learn what one does."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from photochrom.errors import InputError, SetupError
from photochrom.training.checkpoint import load_checkpoint
from photochrom.training.processes import make_strategy, share_of

SCRIPT = """
import hashlib, json, os, sys
from pathlib import Path
from photochrom.training import loop
from photochrom.training.recipe_file import read_recipe

folder, cache, settings = Path(sys.argv[1]), Path(sys.argv[2]), tuple(json.loads(sys.argv[3]))
descend = loop.Sitting.descend

def told(self, asked_to_stop):
    descend(self, asked_to_stop)
    digest = hashlib.sha256()
    for networks in (self.learner.generator, self.learner.adversary.network):
        for tensor in networks.parameters():
            digest.update(tensor.detach().numpy().tobytes())
    rank = os.environ.get("RANK", "0")
    (folder / f"weights-{rank}.txt").write_text(digest.hexdigest())

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
    source = str(Path(__file__).resolve().parents[2] / "src")
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


@pytest.fixture(scope="module")
def alone(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A run of six steps by one process: its folder, the cache, and where the photos are."""
    root = tmp_path_factory.mktemp("alone")
    data = f"data.paths={json.dumps([str(photos)])}"
    train_with(1, root / "run", root / "cache", data, "run.steps=6")
    return root / "run", root / "cache", data


def test_two_processes_learn_what_one_does_and_agree(
    alone: tuple[Path, Path, str], tmp_path: Path
) -> None:
    run, cache, data = alone
    train_with(2, tmp_path / "run", cache, data, "run.steps=6")
    weights = [(tmp_path / "run" / f"weights-{rank}.txt").read_text() for rank in (0, 1)]
    assert weights[0] == weights[1]
    one, two = losses_of(run), losses_of(tmp_path / "run")
    assert len(one) == len(two) == 6
    for before, after in zip(one, two, strict=True):
        assert after == pytest.approx(before, rel=1e-4)


def test_a_run_goes_on_with_another_number_of_processes(
    alone: tuple[Path, Path, str], tmp_path: Path
) -> None:
    run, cache, data = alone
    whole = load_checkpoint(run / "last.safetensors")
    # A run of three steps that was to have six: its learning rates are those of six.
    six = "run.steps=6"
    train_with(2, tmp_path / "run", cache, data, "run.steps=3", "optimizer.decay='none'")
    train_with(1, tmp_path / "run", cache, data, six, "optimizer.decay='none'")
    train_with(1, tmp_path / "whole", cache, data, six, "optimizer.decay='none'")
    resumed = load_checkpoint(tmp_path / "run" / "last.safetensors")
    expected = load_checkpoint(tmp_path / "whole" / "last.safetensors")
    assert resumed.step == expected.step == whole.step == 6
    assert resumed.samples == expected.samples
    for name, tensor in expected.generator.items():
        torch.testing.assert_close(resumed.generator[name], tensor, rtol=1e-3, atol=1e-4)


def test_a_batch_that_cannot_be_shared_is_refused() -> None:
    assert share_of(8, 2) == 4
    with pytest.raises(
        InputError, match=r"A batch of 9 cannot be shared by 2 processes.*multiple of 2"
    ):
        share_of(9, 2)


def test_sharded_weights_need_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(SetupError, match="needs GPUs; use 'ddp'"):
        make_strategy("fsdp")
