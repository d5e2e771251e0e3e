"""Rates, groups and the moving average."""

from __future__ import annotations

import torch
from torch import nn

from photochrom.training.optimizers import Average, generator_optimizer, set_rates
from photochrom.training.recipe import OptimizerRecipe


def rates_of(optimizer: torch.optim.Optimizer) -> dict[int, tuple[float, float]]:
    return {
        id(parameter): (group["lr"], group["weight_decay"])
        for group in optimizer.param_groups
        for parameter in group["params"]
    }


def test_the_encoder_has_its_own_rate_and_biases_do_not_decay() -> None:
    network = nn.ModuleDict({"encoder": nn.Linear(2, 2), "head": nn.Linear(2, 2)})
    recipe = OptimizerRecipe(decoder_rate=1.0, encoder_rate=0.1, weight_decay=0.5)
    optimizer = generator_optimizer(network, recipe)
    set_rates(optimizer, 0.5)
    rates = rates_of(optimizer)
    assert rates[id(network["encoder"].weight)] == (0.05, 0.5)
    assert rates[id(network["encoder"].bias)] == (0.05, 0.0)
    assert rates[id(network["head"].weight)] == (0.5, 0.5)


def test_adam_takes_the_betas_of_the_recipe() -> None:
    optimizer = generator_optimizer(nn.Linear(2, 2), OptimizerRecipe(name="adam", betas=(0.5, 0.9)))
    assert type(optimizer) is torch.optim.Adam
    assert all(group["betas"] == (0.5, 0.9) for group in optimizer.param_groups)


def test_the_average_follows_and_forgets_the_start() -> None:
    network = nn.Linear(1, 1, bias=False)
    average = Average(network, 0.9)
    with torch.no_grad():
        network.weight.fill_(10.0)
    for step in range(200):
        average.update(step)
    assert torch.allclose(average.state["weight"], torch.tensor([[10.0]]), atol=1e-3)


def test_without_a_decay_the_average_is_the_network_itself() -> None:
    network = nn.Linear(1, 1, bias=False)
    average = Average(network, 0.0)
    with torch.no_grad():
        network.weight.fill_(10.0)
    average.update(3)
    assert average.state["weight"].item() == 10.0
