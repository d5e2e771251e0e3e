"""Which number format trains fastest on this machine: timed, not guessed.

Older CPUs and GPUs have no native bfloat16 and lose time with it; newer ones gain threefold.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import nn

AUTO = "auto"
TIMED_ROUNDS = 3
ENOUGH_S = 20.0  # slow networks are timed once: their differences are plain
DTYPES = {
    "32-true": torch.float32,
    "bf16-mixed": torch.bfloat16,
    "16-mixed": torch.float16,  # its gradients are scaled, else they vanish
}


def candidates(device: torch.device) -> tuple[str, ...]:
    """The precisions worth a trial: float16 only where there is a GPU."""
    return tuple(DTYPES) if device.type == "cuda" else ("32-true", "bf16-mixed")


def choose_precision(
    one_step: Callable[[], None], networks: list[nn.Module], device: torch.device
) -> tuple[str, dict[str, float]]:
    """The fastest precision for `one_step` (forward and backward), and each one's seconds.

    The networks come out as they went in, their BatchNorm's running means included.
    """

    def timed(precision: str) -> None:
        at_precision(one_step, precision, device)

    with as_they_were(networks):
        seconds = race(timed, candidates(device))
    return min(seconds, key=seconds.__getitem__), seconds


def at_precision(one_step: Callable[[], None], precision: str, device: torch.device) -> None:
    """Take the step in that precision, and wait until it is taken."""
    dtype = DTYPES[precision]
    with torch.autocast(device.type, dtype=dtype, enabled=dtype != torch.float32):
        one_step()
    if device.type == "cuda":
        torch.cuda.synchronize(device)


@contextmanager
def as_they_were(networks: list[nn.Module]) -> Iterator[None]:
    """The networks come out as they went in, their BatchNorm's running means included."""
    states = [{k: t.clone() for k, t in network.state_dict().items()} for network in networks]
    try:
        yield
    finally:
        for network, state in zip(networks, states, strict=True):
            network.load_state_dict(state)
            network.zero_grad(set_to_none=True)


def race(timed: Callable[[str], None], precisions: tuple[str, ...]) -> dict[str, float]:
    """Seconds of `timed` in each precision, the best of several rounds.

    In turns, and the best of each: other programs disturb all of them. The first round, in which
    kernels are chosen and memory is got, counts only where it has taken long enough.
    """
    seconds = dict.fromkeys(precisions, math.inf)
    begun = time.perf_counter()
    for number in range(1 + TIMED_ROUNDS):
        for precision in precisions:
            started = time.perf_counter()
            timed(precision)
            took = time.perf_counter() - started
            seconds[precision] = took if number <= 1 else min(seconds[precision], took)
        if time.perf_counter() - begun > ENOUGH_S:
            break
    return seconds


def in_words(chosen: str, seconds: dict[str, float]) -> str:
    """Which precision and why."""
    times = ", ".join(f"{name} {1000 * s:.0f} ms" for name, s in seconds.items())
    return f"precision {chosen}: a step took {times}"
