"""Networks cut over two processes learn what whole ones do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch import nn

from photochrom.errors import InputError
from photochrom.generators.supervised import Supervised
from photochrom.training.checkpoint import load_checkpoint
from photochrom.training.recipe_file import read_recipe
from photochrom.training.sharding import follow, own
from torchrun import losses_of, told_by, train_with

SHARDED = "run.strategy='fsdp'"
STEADY = "optimizer.decay='none'"  # rates do not depend on how long the run will be


@pytest.fixture(scope="module")
def whole_run(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A run of four steps by one process: its folder, the cache, and where the photos are."""
    root = tmp_path_factory.mktemp("whole")
    data = f"data.paths={json.dumps([str(photos)])}"
    train_with(1, root / "run", root / "cache", data, "run.steps=4", STEADY)
    return root / "run", root / "cache", data


def test_sharded_processes_learn_what_one_does_and_one_goes_on(
    whole_run: tuple[Path, Path, str], tmp_path: Path
) -> None:
    whole, cache, data = whole_run
    folder = tmp_path / "run"
    train_with(2, folder, cache, data, "run.steps=3", STEADY, SHARDED)
    first, second = (told_by(folder, rank) for rank in (0, 1))
    assert first["weights"] == second["weights"]
    train_with(1, folder, cache, data, "run.steps=4", STEADY)
    assert 0.4 < first["kept"] / told_by(folder, 0)["kept"] < 0.6, "each keeps its half"
    assert_same_losses(losses_of(folder), losses_of(whole))
    assert_same_checkpoints(folder, whole)


def test_two_sharded_processes_go_on_where_one_left(
    whole_run: tuple[Path, Path, str], tmp_path: Path
) -> None:
    whole, cache, data = whole_run
    folder = tmp_path / "run"
    train_with(1, folder, cache, data, "run.steps=2", STEADY)
    train_with(2, folder, cache, data, "run.steps=4", STEADY, SHARDED, "run.accumulate=2")
    assert_same_losses(losses_of(folder), losses_of(whole))
    assert_same_checkpoints(folder, whole)


def assert_same_losses(ours: list[dict[str, float]], expected: list[dict[str, float]]) -> None:
    assert len(ours) == len(expected)
    for after, before in zip(ours, expected, strict=True):
        assert after == pytest.approx(before, rel=1e-4)


def assert_same_checkpoints(folder: Path, expected: Path) -> None:
    ours, whole = (load_checkpoint(path / "last.safetensors") for path in (folder, expected))
    assert ours.step == whole.step
    for states in ("generator", "ema", "discriminator"):
        found = getattr(ours, states)
        for name, tensor in getattr(whole, states).items():
            torch.testing.assert_close(found[name], tensor, rtol=1e-3, atol=1e-4)
    for name, state in whole.optimizers.items():
        for number, moments in state["state"].items():
            found = ours.optimizers[name]["state"][number]
            assert found["exp_avg"].shape == moments["exp_avg"].shape
            assert found["step"] == moments["step"]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (("discriminator.r1=1.0",), "r1 differentiates twice"),
        (("run.compile='on'",), "compile does not go with"),
    ],
)
def test_what_sharded_networks_cannot_is_refused(settings: tuple[str, ...], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read_recipe("smoke", (SHARDED, *settings))


def test_an_optimizer_follows_weights_to_where_they_go() -> None:
    network = nn.Linear(2, 2)
    optimizer = torch.optim.Adam(network.parameters())
    network(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    before = list(network.parameters())
    network.to("meta")  # which makes new weights, as cutting them does
    follow(optimizer, before, list(network.parameters()))
    [group] = optimizer.param_groups
    assert all(a is b for a, b in zip(group["params"], network.parameters(), strict=True))
    moments = [moment for weight in group["params"] for moment in optimizer.state[weight].values()]
    assert len(moments) == 6
    assert all(moment.is_meta for moment in moments)


def test_views_that_a_network_gives_are_copied() -> None:
    planes = torch.rand(1, 2, 4, 4)
    given = Supervised((planes[..., :3, :3], planes), None)
    got = own(given)
    assert isinstance(got, Supervised) and got.has_colour is None
    assert torch.equal(got.planes[0], given.planes[0])
    assert got.planes[0].data_ptr() != planes.data_ptr()
    assert own([planes])[0] is planes
