"""Networks compiled by `torch.compile`: where the recipe wants it, or where it pays.

They are compiled in place: names of weights, optimizers, averages and copies stay what they are,
and copies (those that held-out pictures are looked at with) are not compiled. Every size of a stage
is compiled for itself, so that a run that goes on computes as one that was never stopped.

A GPU's run is timed. On a CPU `auto` is off, for what one core (AVX-512) needed for forward and
backward passes of four pictures, plain and compiled, and for compiling:

    unet, smoke's, 64 px     float32 15 ms, 16 ms, 27 s    bfloat16 12 ms, 14 ms, 23 s
    mobile_unet, 96 px       float32 63 ms, 72 ms, 73 s    bfloat16 54 ms, 65 ms, 87 s

oneDNN's convolutions, where the time goes, are the same either way.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn

from photochrom.errors import SetupError

BACKEND = "inductor"
TIMED_STEPS = 5
WORTH_A_TRY_S = 600.0  # runs that will last no longer are not tried with
GRAPHS = 16  # that the networks have at one size: with and without gradients, frozen, judging


def compile_networks(networks: Iterable[nn.Module], stages: int) -> None:
    """Compile them in place, when they are first called, for each of so many stages' sizes."""
    limit = torch._dynamo.config.recompile_limit
    torch._dynamo.config.recompile_limit = max(limit, GRAPHS * stages)
    for network in networks:
        network.compile(backend=BACKEND, dynamic=False)


def leave_plain(networks: Iterable[nn.Module]) -> None:
    """Undo it."""
    for network in networks:
        network._compiled_call_impl = None


def require_compiler(device: torch.device) -> None:
    """Raise a `SetupError` where nothing can be compiled for the device."""
    factor = random.random()

    def probe(numbers: Tensor) -> Tensor:
        return numbers * factor + 1

    try:
        torch.compile(probe, backend=BACKEND)(torch.ones(16, device=device))
    except RuntimeError as error:
        needed = "a C++ compiler (g++ or clang++)" if device.type == "cpu" else "Triton and gcc"
        raise SetupError(
            f"run.compile needs what torch.compile works with on a {device.type}: {needed}. It "
            f"failed with: {str(error).strip().splitlines()[0]}. Install that, or set "
            "run.compile=off."
        ) from error


def try_compiling(
    step: Callable[[], None],
    networks: list[nn.Module],
    left_s: Callable[[float], float],
    stages: int,
) -> tuple[bool, str]:
    """Whether compiling pays for the rest of a run, and why in words; they come out plain.

    `step` is forward and backward with them, until the device is done; `left_s` says how long the
    run will still last where a step takes so many seconds. Later `stages` are compiled for anew.
    """
    step()
    plain = fastest(step)
    left = left_s(plain)
    if left < WORTH_A_TRY_S:
        return False, f"not compiled: {left / 60:.0f} minutes are too few for it to pay"
    compile_networks(networks, stages)
    try:
        cost = seconds(step)
        compiled = fastest(step)
    finally:
        leave_plain(networks)
    gain = left * (1 - compiled / plain)
    pays = gain > cost * stages
    return pays, (
        f"{'' if pays else 'not '}compiled: a step took {1000 * compiled:.0f} ms for "
        f"{1000 * plain:.0f} ms, after {cost:.0f} s of compiling"
    )


def fastest(step: Callable[[], None]) -> float:
    """Seconds of the fastest of some steps: other programs disturb the others."""
    return min(seconds(step) for _ in range(TIMED_STEPS))


def seconds(step: Callable[[], None]) -> float:
    """Seconds that a step takes."""
    started = time.perf_counter()
    step()
    return time.perf_counter() - started
