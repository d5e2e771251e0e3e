"""One training step: which precision, which losses, which update."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

from photochrom.errors import InputError
from photochrom.training.losses import QuantizedCrossEntropy
from photochrom.training.recipe import OptimizerRecipe

TIMED_ROUNDS = 4


def weighted_losses(
    losses: Mapping[str, nn.Module], weights: Mapping[str, float], logits: Tensor, index: Tensor
) -> dict[str, Tensor]:
    """Each loss by name, times its weight; their sum is what the step descends."""
    return {name: weights[name] * losses[name](logits, index) for name in weights}


def make_losses(
    weights: Mapping[str, float], cross_entropy: QuantizedCrossEntropy
) -> dict[str, nn.Module]:
    """The recipe's losses by name; an unknown one is an `InputError`."""
    known: dict[str, nn.Module] = {"quantized_cross_entropy": cross_entropy}
    unknown = sorted(set(weights) - set(known))
    if unknown or not weights:
        raise InputError(f"Unknown losses {unknown} in the recipe; known: {', '.join(known)}")
    return {name: known[name] for name in weights}


def make_optimizer(generator: nn.Module, recipe: OptimizerRecipe) -> torch.optim.AdamW:
    """AdamW with one rate for the encoder and one for the rest; biases and norms do not decay."""
    groups: dict[tuple[bool, bool], list[Tensor]] = {}
    for name, parameter in generator.named_parameters():
        key = (name.startswith("encoder."), parameter.ndim > 1)
        groups.setdefault(key, []).append(parameter)
    return torch.optim.AdamW(
        [
            {
                "params": parameters,
                "base_rate": recipe.encoder_rate if in_encoder else recipe.decoder_rate,
                "weight_decay": recipe.weight_decay if decays else 0.0,
            }
            for (in_encoder, decays), parameters in sorted(groups.items(), key=lambda g: g[0])
        ],
        lr=recipe.decoder_rate,
    )


def set_rates(optimizer: torch.optim.Optimizer, factor: float) -> None:
    """Put every group's learning rate to its base rate times `factor`."""
    for group in optimizer.param_groups:
        group["lr"] = group["base_rate"] * factor


class Average:
    """The exponential moving average of a network's parameters and buffers, kept in float32."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.decay = decay
        self.state = {k: v.detach().clone().float() for k, v in network.state_dict().items()}

    def update(self, network: nn.Module, step: int) -> None:
        """Move towards the network; the first steps move faster, so the start is forgotten."""
        decay = min(self.decay, (1 + step) / (10 + step))
        for name, tensor in network.state_dict().items():
            self.state[name].lerp_(tensor.detach().float(), 1 - decay)


def faster_precision(timed: Callable[[str], None], precisions: tuple[str, ...]) -> str:
    """The precision in which `timed` runs fastest, by the best of several rounds."""
    seconds = dict.fromkeys(precisions, math.inf)
    for _ in range(TIMED_ROUNDS):  # in turns, and the best of each: other programs disturb both
        for precision in precisions:
            started = time.perf_counter()
            timed(precision)
            seconds[precision] = min(seconds[precision], time.perf_counter() - started)
    return min(seconds, key=seconds.__getitem__)


def cpu_precision(
    generator: nn.Module, losses: Mapping[str, nn.Module], lightness: Tensor, index: Tensor
) -> str:
    """`bf16-mixed` or `32-true`, whichever runs a forward and backward pass faster here."""

    def one_step(precision: str) -> None:
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bf16-mixed"):
            logits = generator(lightness)
            total = torch.stack([loss(logits, index) for loss in losses.values()]).sum()
            total.backward()  # type: ignore[no-untyped-call]

    state = {name: tensor.clone() for name, tensor in generator.state_dict().items()}
    faster = faster_precision(one_step, ("32-true", "bf16-mixed"))
    generator.load_state_dict(state)  # BatchNorm's running means moved
    generator.zero_grad(set_to_none=True)
    return faster
