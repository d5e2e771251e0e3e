"""The table of losses. To add one: write its class in this package, add one line here.

Each is a module called with a `Painted` and a `Truth` that gives a scalar; its `wants` says which
forms of the truth it needs beside the head's own planes. The adversarial loss is no entry: it needs
a discriminator, and stands in a recipe's `[loss]` all the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from photochrom.errors import InputError
from photochrom.training.losses.colour import Colourfulness, HasColour
from photochrom.training.losses.perceptual import LearnedDistance, Perceptual
from photochrom.training.losses.pixels import L1, ColourWeightedL1, Huber, TotalVariation
from photochrom.training.losses.quantized import QuantizedCrossEntropy
from photochrom.training.options import make_named, near

ADVERSARIAL = "adversarial"
QUANTIZED = "quantized_cross_entropy"

LOSSES: dict[str, Callable[..., nn.Module]] = {
    "colour_weighted_l1": ColourWeightedL1,
    "colourfulness": Colourfulness,
    "has_colour": HasColour,
    "huber": Huber,
    "l1": L1,
    "lpips": LearnedDistance,
    "perceptual": Perceptual,
    QUANTIZED: QuantizedCrossEntropy,
    "total_variation": TotalVariation,
}


def make_losses(
    weights: Mapping[str, float],
    options: Mapping[str, Mapping[str, Any]],
    *,
    centres: NDArray[np.float32] | None,
    class_weights: NDArray[np.float32] | None,
) -> dict[str, nn.Module]:
    """The losses of a recipe's `[loss]` by name, without `adversarial` and those of weight 0.

    `options` are its `[loss_options]`; `centres` (K, 2) and `class_weights` (K,) are the bins of
    `quantized_cross_entropy`. Raises `InputError` for an unknown name or option, with the near
    ones, and for a weight that is none.
    """
    for name in (*weights, *options):
        if name not in (*LOSSES, ADVERSARIAL):
            raise InputError(f"There is no loss {name!r}. {near(name, (*LOSSES, ADVERSARIAL))}")
    for name, weight in weights.items():
        if not (isinstance(weight, (int, float)) and math.isfinite(weight) and weight >= 0):
            raise InputError(f"The loss {name} weighs {weight!r}; a weight is 0 or more")
    return {
        name: make_loss(name, options.get(name, {}), centres, class_weights)
        for name, weight in weights.items()
        if weight > 0 and name != ADVERSARIAL
    }


def make_loss(
    name: str,
    options: Mapping[str, Any],
    centres: NDArray[np.float32] | None,
    class_weights: NDArray[np.float32] | None,
) -> nn.Module:
    """One loss of the table with its options."""
    bins: tuple[NDArray[np.float32], ...] = ()
    if name == QUANTIZED:
        if centres is None or class_weights is None:
            raise InputError(
                f"The loss {QUANTIZED} compares distributions over bins, which only a generator "
                'with head = "bins" paints'
            )
        bins = (centres, class_weights)
    return make_named("loss", name, LOSSES, bins, options)
