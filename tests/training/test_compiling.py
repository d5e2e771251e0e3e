"""Compiled networks learn what plain ones do, under the same names."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import nn

from photochrom.errors import SetupError
from photochrom.training import compiling
from photochrom.training.checkpoint import Checkpoint, load_checkpoint
from photochrom.training.compiling import (
    compile_networks,
    leave_plain,
    require_compiler,
    try_compiling,
)
from photochrom.training.loop import train
from photochrom.training.recipe_file import read_recipe
from photochrom.training.run import new_learner

CPU = torch.device("cpu")
pytestmark = [
    pytest.mark.filterwarnings(complaint)
    for complaint in (  # torch's own: of its compiler's parts, and those that it hides itself
        "ignore:.*torch.jit.script_method:DeprecationWarning",
        "ignore:The .grad attribute of a Tensor that is not a leaf:UserWarning",
    )
]


def is_compiled(network: nn.Module) -> bool:
    return network._compiled_call_impl is not None


@pytest.fixture(autouse=True)
def limits() -> Iterator[None]:
    """How often may be compiled anew stays as it was."""
    torch.compiler.reset()
    with torch._dynamo.config.patch(recompile_limit=8):
        yield


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks are traced and differentiated as for compiling, and nothing is compiled."""
    monkeypatch.setattr(compiling, "BACKEND", "aot_eager")


@pytest.mark.usefixtures("traced")
def test_a_compiled_run_is_saved_by_the_same_names_and_goes_on(
    photos: Path, tmp_path: Path
) -> None:
    def trained(folder: str, *settings: str) -> Checkpoint:
        small = (
            f"data.paths={json.dumps([str(photos)])}",
            "generator.options={depth=3, width=8}",
            "discriminator.options={receptive_field=16, width=8}",
            "run.stages=[{until=0.5, px=32}, {until=1.0, px=40}]",
            "run.accumulate=2",
            "optimizer.decay='none'",
            *settings,
        )
        recipe = read_recipe("smoke", small)
        path = train(recipe, tmp_path / folder, cache_folder=tmp_path / "cache", quiet=True)
        return load_checkpoint(path)

    plain = trained("plain", "run.steps=4")
    compiled = trained("compiled", "run.steps=4", "run.compile='on'")
    assert compiled.compiles and not plain.compiles
    for states in ("generator", "ema", "discriminator"):
        ours, expected = getattr(compiled, states), getattr(plain, states)
        assert list(ours) == list(expected)
        for name, tensor in expected.items():
            torch.testing.assert_close(ours[name], tensor, rtol=1e-3, atol=1e-4)
    settings = ("run.stages=[{until=0.25, px=32}, {until=1.0, px=40}]", "run.compile='on'")
    whole = trained("whole", "run.steps=8", *settings)
    torch.compiler.reset()
    goes_on = trained("compiled", "run.steps=8", *settings)
    for name, tensor in whole.ema.items():
        assert torch.equal(goes_on.ema[name], tensor), name


def test_compiling_in_place_changes_no_name_and_no_copy() -> None:
    network = nn.Sequential(nn.Conv2d(1, 2, 1))
    names = list(network.state_dict())
    compile_networks([network], stages=1)
    assert is_compiled(network)
    assert list(network.state_dict()) == names
    assert not is_compiled(copy.deepcopy(network))
    leave_plain([network])
    assert not is_compiled(network)


def test_a_discriminator_under_r1_stays_plain() -> None:
    learner = new_learner(read_recipe("smoke", ("discriminator.r1=1.0",)), None, None)
    assert learner.compilable == [learner.generator]
    assert len(new_learner(read_recipe("smoke"), None, None).compilable) == 2


def test_a_machine_without_a_compiler_is_told_so() -> None:
    with (
        torch._inductor.config.patch({"cpp.cxx": ("no-such-compiler",)}),
        pytest.raises(SetupError, match=r"needs .*a C\+\+ compiler.*run\.compile=off"),
    ):
        require_compiler(CPU)


@pytest.mark.parametrize(
    ("compiled_s", "left_s", "stages", "pays", "words"),
    [
        (0.25, 3600.0, 2, True, "compiled: a step took 250 ms for 500 ms, after 90 s of compiling"),
        (0.55, 3600.0, 2, False, "not compiled: a step took 550 ms for 500 ms"),
        (0.25, 3600.0, 20, False, "not compiled: a step took 250 ms"),  # 1800 s < 20 · 90 s
        (0.25, 120.0, 1, False, "not compiled: 2 minutes are too few"),
    ],
)
def test_compiling_is_kept_where_it_pays(
    monkeypatch: pytest.MonkeyPatch,
    compiled_s: float,
    left_s: float,
    stages: int,
    pays: bool,
    words: str,
) -> None:
    network = nn.Linear(1, 1)
    now = 0.0
    steps_compiled = 0

    def step() -> None:
        nonlocal now, steps_compiled
        steps_compiled += is_compiled(network)
        now += (90.0 if steps_compiled == 1 else compiled_s) if is_compiled(network) else 0.5

    monkeypatch.setattr(compiling.time, "perf_counter", lambda: now)
    told = try_compiling(step, [network], lambda step_s: left_s, stages)
    assert told[0] is pays
    assert told[1].startswith(words)
    assert not is_compiled(network), "what is decided is done later, alike on every process"
