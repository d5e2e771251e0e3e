"""A checkpoint holds everything, whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from photochrom.errors import SetupError, WeightsError
from photochrom.training import checkpoint as checkpoint_module
from photochrom.training.checkpoint import KEY, Checkpoint, load_checkpoint, save_checkpoint
from photochrom.training.recipe import Recipe
from photochrom.training.run import restore

MakeRecipe = Callable[..., Recipe]


def some_checkpoint(recipe: Recipe) -> tuple[Checkpoint, torch.optim.Optimizer]:
    network = nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2))
    group = {"params": list(network.parameters()), "base_rate": 0.1, "in_encoder": False}
    optimizer = torch.optim.Adam([group])
    network(torch.rand(2, 1, 4, 4)).sum().backward()
    optimizer.step()
    state = dict(network.state_dict())
    return (
        Checkpoint(
            recipe=recipe,
            ema=state,
            generator=state,
            discriminator=state,
            optimizers={"generator": optimizer.state_dict()},
            centres=np.array([[0, 0], [10, -20]], np.float32),
            class_weights=np.array([0.5, 2.0], np.float32),
            step=7,
            samples=56,
            seconds=1.5,
            best=0.25,
            looks_since_best=2,
            precision="bf16-mixed",
            symptoms={"grey": 5},
            facts={"commit": "abc"},
        ),
        optimizer,
    )


def test_everything_comes_back(tiny_recipe: MakeRecipe, tmp_path: Path) -> None:
    path = tmp_path / "last.safetensors"
    saved, optimizer = some_checkpoint(tiny_recipe())
    save_checkpoint(path, saved)
    loaded = load_checkpoint(path)
    for name in ("recipe", "step", "samples", "seconds", "best", "looks_since_best"):
        assert getattr(loaded, name) == getattr(saved, name), name
    assert (loaded.precision, loaded.symptoms, loaded.facts) == (
        saved.precision,
        saved.symptoms,
        saved.facts,
    )
    for name in ("ema", "generator", "discriminator"):
        for key, tensor in getattr(saved, name).items():
            assert torch.equal(getattr(loaded, name)[key], tensor)
            assert getattr(loaded, name)[key].dtype == tensor.dtype
    assert loaded.centres is not None
    np.testing.assert_array_equal(loaded.centres, saved.centres)
    before = optimizer.state_dict()["state"]
    restore(optimizer, loaded.optimizers["generator"])
    after = optimizer.state_dict()["state"]
    for number, moments in before.items():
        for moment, tensor in moments.items():
            assert torch.equal(after[number][moment], tensor)


def test_a_full_disk_loses_no_checkpoint(
    tiny_recipe: MakeRecipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "last.safetensors"
    saved, _ = some_checkpoint(tiny_recipe())
    save_checkpoint(path, saved)
    before = path.read_bytes()

    def full(tensors: object, target: Path, metadata: object) -> None:
        target.write_bytes(b"half of it")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(checkpoint_module, "save_file", full)
    with pytest.raises(SetupError, match=r"could not be written.*No space left.*make room"):
        save_checkpoint(path, saved)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "last.safetensors"
    with pytest.raises(WeightsError, match="no checkpoint"):
        load_checkpoint(path)
    path.write_bytes(b"garbage")
    with pytest.raises(WeightsError, match=r"last\.safetensors cannot be read.*run's folder"):
        load_checkpoint(path)
    save_file({"weight": torch.zeros(1)}, path)
    with pytest.raises(WeightsError, match="not a checkpoint of ours"):
        load_checkpoint(path)
    save_file({"weight": torch.zeros(1)}, path, metadata={KEY: '{"format": 99}'})
    with pytest.raises(WeightsError, match="format 99, not of this version"):
        load_checkpoint(path)
