"""From a recipe to its networks: generator with head, and discriminator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from photochrom.errors import InputError
from photochrom.generators.blocks import grey_planes
from photochrom.generators.encoders import load_pretrained
from photochrom.generators.heads import Head, make_head
from photochrom.generators.initialization import init_weights
from photochrom.generators.painter import Painter
from photochrom.generators.registry import GENERATORS, make_generator
from photochrom.training.discriminators import make_discriminator
from photochrom.training.recipe import Recipe

if TYPE_CHECKING:
    from photochrom.training.checkpoint import Checkpoint

RANDOM = "random"  # an encoder without pretrained weights


def head_of(
    recipe: Recipe,
    centres: NDArray[np.float32] | None,
    class_weights: NDArray[np.float32] | None,
) -> Head:
    """The recipe's head; one over bins takes their centres (K, 2) and class weights (K,)."""
    return make_head(
        recipe.generator.head,
        None if centres is None else torch.from_numpy(centres),
        None if class_weights is None else torch.from_numpy(class_weights),
    )


def generator_of(recipe: Recipe, head: Head) -> nn.Module:
    """The recipe's generator with random weights."""
    wanted = recipe.generator
    return make_generator(
        wanted.name, head.outputs, wanted.options, inputs=wanted.inputs, init=wanted.init
    )


def output_stride(recipe: Recipe) -> int:
    """How many times smaller than its input the recipe's generator paints."""
    return GENERATORS[recipe.generator.name].output_stride


def fill_encoder(generator: nn.Module, recipe: Recipe) -> None:
    """Load the recipe's pretrained weights into the encoder, if it names any."""
    if recipe.generator.encoder != RANDOM:
        load_pretrained(generator, Path(recipe.generator.encoder).expanduser())


def discriminator_of(recipe: Recipe, head: Head) -> nn.Module | None:
    """The recipe's discriminator with random weights; None without an adversarial loss.

    It sees the generator's input planes and, beside them, what the head gives: 3 + 3 channels for
    RGB, 1 + 2 for L + ab.
    """
    if not recipe.is_adversarial:
        return None
    wanted = recipe.discriminator
    pictures = 3 if head.name == "rgb" else 2
    discriminator = make_discriminator(
        wanted.name, recipe.generator.inputs, pictures, wanted.options
    )
    if wanted.init != "default":
        init_weights(discriminator, wanted.init)
    require_large_stages(recipe, discriminator.smallest_px)
    return discriminator


def require_large_stages(recipe: Recipe, smallest_px: int) -> None:
    """Raise an `InputError` where a stage's planes are below what the discriminator can judge.

    Told before the first step: the adversary may be left out until late in a run.
    """
    adversary, stride = recipe.discriminator, output_stride(recipe)
    for stage in recipe.run.stages:
        if adversary.starts_at < stage.until and stage.px // stride < smallest_px:
            raise InputError(
                f"Recipe {recipe.name}: the discriminator {adversary.name} needs planes of at "
                f"least {smallest_px} px a side, and at {stage.px} px {recipe.generator.name} "
                f"paints {stage.px // stride}. Raise px in run.stages, or choose a smaller "
                "receptive field in discriminator.options."
            )


def condition_planes(lightness: Tensor, inputs: int, planes: Tensor) -> Tensor:
    """What the discriminator is told of the input: (B, inputs, h, w), as large as the planes."""
    condition = grey_planes(lightness, inputs)
    if condition.shape[-2:] != planes.shape[-2:]:
        condition = F.interpolate(condition, size=planes.shape[-2:], mode="area")
    return condition


def painter_of(checkpoint: Checkpoint) -> Painter:
    """What the checkpoint's averaged weights paint, in evaluation mode."""
    recipe = checkpoint.recipe
    head = head_of(recipe, checkpoint.centres, checkpoint.class_weights)
    generator = generator_of(recipe, head)
    generator.load_state_dict(checkpoint.ema)
    return Painter(generator, head, paints=recipe.paints).eval()
