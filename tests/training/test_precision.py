"""The precision is the one that is fastest here."""

from __future__ import annotations

import math
import time

import torch
from torch import nn

from photochrom.training.precision import candidates, choose_precision, in_words, race


def test_the_faster_precision_wins() -> None:
    seconds = {"slow": 0.02, "fast": 0.001}
    measured = race(lambda name: time.sleep(seconds[name]), ("slow", "fast"))
    assert measured["fast"] < measured["slow"]


def test_half_precision_is_tried_on_gpus_only() -> None:
    assert "16-mixed" not in candidates(torch.device("cpu"))
    assert "16-mixed" in candidates(torch.device("cuda"))


def test_timing_leaves_the_network_as_it_was() -> None:
    network = nn.Sequential(nn.Conv2d(1, 3, 1), nn.BatchNorm2d(3))
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    seen = set()

    def step() -> None:
        seen.add(torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else None)
        network(torch.rand(2, 1, 8, 8)).square().sum().backward()

    chosen, seconds = choose_precision(step, [network], torch.device("cpu"))
    assert chosen == min(seconds, key=lambda name: seconds[name])
    assert all(math.isfinite(value) for value in seconds.values())
    assert seen == {None, torch.bfloat16}
    assert all(torch.equal(before[n], t) for n, t in network.state_dict().items())
    assert all(p.grad is None for p in network.parameters())


def test_the_choice_says_why() -> None:
    words = in_words("bf16-mixed", {"32-true": 1.5, "bf16-mixed": 0.5})
    assert words == "precision bf16-mixed: a step took 32-true 1500 ms, bf16-mixed 500 ms"
