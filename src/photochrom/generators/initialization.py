"""How a network's weights are drawn before training: the recipe's `generator.init`."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping

from torch import nn

from photochrom.errors import InputError

PIX2PIX_STD = 0.02


def leave(module: nn.Module) -> None:
    """PyTorch's own: every layer drew its weights when it was made."""


def draw_normal(module: nn.Module) -> None:
    """N(0, 0.02), norms' scales N(1, 0.02), biases 0 (Isola et al. 2017, section 6.2)."""
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, 0.0, PIX2PIX_STD)
    elif isinstance(module, (nn.BatchNorm2d, nn.GroupNorm, nn.InstanceNorm2d)):
        nn.init.normal_(module.weight, 1.0, PIX2PIX_STD)
    else:
        return
    if module.bias is not None:
        nn.init.zeros_(module.bias)


INITS: Mapping[str, Callable[[nn.Module], None]] = {"default": leave, "normal": draw_normal}


def init_weights(network: nn.Module, name: str) -> None:
    """Draw the weights of every layer anew, in place.

    Raises `InputError` for an unknown name.
    """
    if name not in INITS:
        near = difflib.get_close_matches(name, INITS) or sorted(INITS)
        raise InputError(f"There is no initialization {name!r}. Did you mean: {', '.join(near)}?")
    network.apply(INITS[name])
