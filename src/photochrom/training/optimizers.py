"""Optimizers as the recipe wants them, and the moving average of what they move."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from photochrom.training.recipe import DiscriminatorRecipe, OptimizerRecipe
from photochrom.training.sharding import part_here, placed_like, whole

ENCODER = "encoder."  # a parameter's name begins so where it lies in a pretrained encoder


def generator_optimizer(generator: nn.Module, recipe: OptimizerRecipe) -> torch.optim.Optimizer:
    """One rate for the encoder and one for the rest; biases and norms do not decay."""
    groups: dict[tuple[bool, bool], list[Tensor]] = {}
    for name, parameter in generator.named_parameters():
        if parameter.requires_grad:
            key = (name.startswith(ENCODER), parameter.ndim > 1)
            groups.setdefault(key, []).append(parameter)
    return make_optimizer(
        [
            {
                "params": parameters,
                "base_rate": recipe.encoder_rate if in_encoder else recipe.decoder_rate,
                "weight_decay": recipe.weight_decay if decays else 0.0,
                "in_encoder": in_encoder,
            }
            for (in_encoder, decays), parameters in sorted(groups.items(), key=lambda g: g[0])
        ],
        recipe,
    )


def discriminator_optimizer(
    discriminator: nn.Module, recipe: DiscriminatorRecipe, like: OptimizerRecipe
) -> torch.optim.Optimizer:
    """The generator's kind of optimizer at the discriminator's own rate, without weight decay."""
    group = {
        "params": list(discriminator.parameters()),
        "base_rate": recipe.rate,
        "weight_decay": 0.0,
        "in_encoder": False,
    }
    return make_optimizer([group], like)


def make_optimizer(
    groups: Iterable[dict[str, object]], recipe: OptimizerRecipe
) -> torch.optim.Optimizer:
    """Adam (Kingma & Ba 2015) or AdamW (Loshchilov & Hutter 2019) over the groups."""
    kind = torch.optim.AdamW if recipe.name == "adamw" else torch.optim.Adam
    first, second = recipe.betas
    return kind(list(groups), lr=recipe.decoder_rate, betas=(first, second), fused=True)


def set_rates(optimizer: torch.optim.Optimizer, factor: float) -> None:
    """Put every group's learning rate to its base rate times `factor`."""
    for group in optimizer.param_groups:
        group["lr"] = group["base_rate"] * factor


class Average:
    """The exponential moving average of a network's parameters and buffers, kept in float32.

    A `decay` of 0 keeps the last step's weights, without a copy of their own.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.network = network
        self.decay = decay
        self.kept = {k: v.detach().clone().float() for k, v in self.now().items()} if decay else {}

    def now(self) -> dict[str, Tensor]:
        """The network's own state at this moment."""
        return dict(self.network.state_dict())

    @property
    def state(self) -> dict[str, Tensor]:
        """The averaged state dict, float32, whole: all processes ask for it at the same time."""
        if self.decay:
            return whole(self.kept)
        return whole({k: v.detach().float() for k, v in self.now().items()})

    def settle(self) -> None:
        """Lie where the network lies, once that is on its device or cut over the processes."""
        now = self.now()
        self.kept = {name: placed_like(tensor, now[name]) for name, tensor in self.kept.items()}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Go on from an earlier sitting's average."""
        for name, tensor in self.kept.items():
            tensor.copy_(state[name])

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Move towards the network; the first steps move faster, so the start is forgotten."""
        if self.decay:
            decay = min(self.decay, (1 + step) / (10 + step))
            kept = [part_here(tensor) for tensor in self.kept.values()]
            latest = [part_here(tensor).float() for tensor in self.now().values()]
            torch._foreach_lerp_(kept, latest, 1 - decay)
