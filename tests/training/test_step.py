"""Precision by timing, rates, and the moving average."""

from __future__ import annotations

import time

import torch
from torch import nn

from photochrom.training.recipe import OptimizerRecipe, RunRecipe, Stage
from photochrom.training.schedule import FINAL_RATE, Budget, crop_px, rate_factor
from photochrom.training.step import (
    Average,
    cpu_precision,
    faster_precision,
    make_optimizer,
    set_rates,
)


def test_the_faster_precision_wins() -> None:
    seconds = {"slow": 0.02, "fast": 0.001}
    assert faster_precision(lambda name: time.sleep(seconds[name]), ("slow", "fast")) == "fast"


def test_timing_leaves_the_network_as_it_was() -> None:
    network = nn.Sequential(nn.Conv2d(1, 3, 1), nn.BatchNorm2d(3))
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}

    class Square(nn.Module):
        def forward(self, logits: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
            return logits.float().square().sum() + index.sum() * 0

    chosen = cpu_precision(network, {"square": Square()}, torch.rand(2, 1, 8, 8), torch.ones(2))
    assert chosen in ("32-true", "bf16-mixed")
    assert all(torch.equal(before[n], t) for n, t in network.state_dict().items())
    assert all(p.grad is None for p in network.parameters())


def test_the_encoder_has_its_own_rate_and_biases_do_not_decay() -> None:
    network = nn.ModuleDict({"encoder": nn.Linear(2, 2), "head": nn.Linear(2, 2)})
    recipe = OptimizerRecipe(decoder_rate=1.0, encoder_rate=0.1, weight_decay=0.5)
    optimizer = make_optimizer(network, recipe)
    set_rates(optimizer, 0.5)
    rates = {
        id(p): (group["lr"], group["weight_decay"])
        for group in optimizer.param_groups
        for p in group["params"]
    }
    assert rates[id(network["encoder"].weight)] == (0.05, 0.5)
    assert rates[id(network["encoder"].bias)] == (0.05, 0.0)
    assert rates[id(network["head"].weight)] == (0.5, 0.5)


def test_the_average_follows_and_forgets_the_start() -> None:
    network = nn.Linear(1, 1, bias=False)
    average = Average(network, 0.9)
    with torch.no_grad():
        network.weight.fill_(10.0)
    for step in range(200):
        average.update(network, step)
    assert torch.allclose(average.state["weight"], torch.tensor([[10.0]]), atol=1e-3)


def test_the_rate_warms_up_and_ends_low() -> None:
    assert rate_factor(0, 0.0, 100) == 0.01
    assert rate_factor(99, 0.0, 100) == 1.0
    assert abs(rate_factor(5000, 1.0, 100) - FINAL_RATE) < 1e-9


def test_crops_grow_with_the_stages() -> None:
    run = RunRecipe(stages=(Stage(0.5, 96), Stage(1.0, 128)))
    assert [crop_px(run, spent) for spent in (0.0, 0.49, 0.5, 1.0)] == [96, 96, 128, 128]


def test_the_budget_is_steps_or_epochs_or_minutes() -> None:
    assert Budget.of(RunRecipe(steps=10), 100).spent(5, 1e9) == 0.5
    assert Budget.of(RunRecipe(epochs=2, batch=10), 100).steps == 20
    assert Budget.of(RunRecipe(minutes=2), 100).spent(7, 60) == 0.5
    assert Budget.of(RunRecipe(minutes=1), 100).spent(7, 600) == 1.0
