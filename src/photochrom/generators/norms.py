"""Normalization by name: what a recipe's option `norm` may be."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MOST_GROUPS = 32  # Wu & He 2018, section 4.1


class FrozenBatchNorm2d(nn.Module):
    """BatchNorm whose statistics and scales stay as they were loaded.

    It has no batch statistics, so that a step over several processes is that of one with the whole
    batch. The names are BatchNorm's, less `num_batches_tracked`.
    """

    weight: Tensor
    bias: Tensor
    running_mean: Tensor
    running_var: Tensor

    def __init__(self, channels: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        self.register_buffer("weight", torch.ones(channels))
        self.register_buffer("bias", torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, features: Tensor) -> Tensor:
        return F.batch_norm(
            features, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps
        )


def group_norm(channels: int) -> nn.GroupNorm:
    """GroupNorm with as many groups, 32 at most, as divide the channels (Wu & He 2018)."""
    return nn.GroupNorm(math.gcd(MOST_GROUPS, channels), channels)


NORMS: Mapping[str, Callable[[int], nn.Module]] = {
    "batch": nn.BatchNorm2d,
    "frozen": FrozenBatchNorm2d,
    "group": group_norm,
    "instance": lambda channels: nn.InstanceNorm2d(channels, affine=True),
    "none": nn.Identity,
}
LEARNED_NORMS = ("batch", "group", "instance", "none")  # those of a network without weights yet


def make_norm(name: str, channels: int, allowed: tuple[str, ...] = LEARNED_NORMS) -> nn.Module:
    """The normalization called `name`; a `ValueError` says which there are."""
    if name not in allowed:
        raise ValueError(f"norm is one of {', '.join(allowed)}, not {name!r}")
    return NORMS[name](channels)
