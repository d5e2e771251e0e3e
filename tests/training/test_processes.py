"""Two processes learn what one does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from photochrom.errors import InputError
from photochrom.training.checkpoint import load_checkpoint
from photochrom.training.processes import share_of
from torchrun import losses_of, told_by, train_with


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
    train_with(2, tmp_path / "run", cache, data, "run.steps=6", "run.accumulate=2")
    first, second = (told_by(tmp_path / "run", rank) for rank in (0, 1))
    assert first["weights"] == second["weights"]
    assert first["exchanges"] == [6, 6], "gradients are exchanged once a step, not once a piece"
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
