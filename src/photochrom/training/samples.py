"""From an example to a sample: one crop for target and input, and the input made from it.

Everything is cut or drawn from one crop, so input and target cannot come apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photochrom.color.lab import grey_to_lightness
from photochrom.color.outline import REFERENCE_PX, draw_outline
from photochrom.color.srgb import Floats
from photochrom.training.augment.crop import Crop, central_crop, random_crop
from photochrom.training.augment.film import old_film
from photochrom.training.augment.hints import Place, random_places
from photochrom.training.augment.jitter import jittered
from photochrom.training.data.examples import Example
from photochrom.training.recipe import Recipe


@dataclass(frozen=True)
class Sample:
    """The target, `rgb` (px, px, 3) uint8, and the input, `lightness` (px, px) L* 0…100.

    `lightness` None is the target's own; whoever makes a batch has it for all of them at once.
    `hints` are places of the target whose colour is told.
    """

    rgb: NDArray[np.uint8]
    lightness: Floats | None = None
    hints: tuple[Place, ...] = ()


def random_sample(example: Example, px: int, recipe: Recipe, rng: np.random.Generator) -> Sample:
    """A random sample of the example, px × px, with all that the recipe lets befall it."""
    height, width, _ = example.rgb.shape
    crop = random_crop(height, width, recipe.crop, rng)
    rgb = crop.cut(example.rgb, px)
    if recipe.crop.jitter:
        rgb = jittered(rgb, recipe.crop.jitter, rng)
    if recipe.data.input == "grey":
        filmed = rng.random() < recipe.film.share
        lightness = old_film(rgb, recipe.film, rng) if filmed else None
        return Sample(rgb, lightness, random_places(px, recipe.hints, rng))
    if recipe.data.input == "given":
        given = cut_given(example, crop, px)
    else:
        given = draw_outline(rgb, sigma_px=random_line(recipe, px, rng))
    if rng.random() < recipe.outline.invert_share:
        given = 255 - given
    return Sample(rgb, grey_to_lightness(given))


def held_out_sample(example: Example, px: int, recipe: Recipe) -> Sample:
    """The middle of the example, px × px, its input made without any chance: always the same."""
    height, width, _ = example.rgb.shape
    crop = central_crop(height, width)
    rgb = crop.cut(example.rgb, px)
    if recipe.data.input == "grey":
        return Sample(rgb)
    if recipe.data.input == "given":
        return Sample(rgb, grey_to_lightness(cut_given(example, crop, px)))
    middle = (recipe.outline.least_sigma_px + recipe.outline.most_sigma_px) / 2
    outline = draw_outline(rgb, sigma_px=middle * px / REFERENCE_PX)
    return Sample(rgb, grey_to_lightness(outline))


def cut_given(example: Example, crop: Crop, px: int) -> NDArray[np.uint8]:
    """The crop of the input that came with the example."""
    if example.given is None:
        raise ValueError("the recipe takes the input of pairs, but an example has none")
    return crop.cut(example.given, px)


def random_line(recipe: Recipe, px: int, rng: np.random.Generator) -> float:
    """A line's width for an outline of px × px [px]."""
    least, most = recipe.outline.least_sigma_px, recipe.outline.most_sigma_px
    return float(rng.uniform(least, most)) * px / REFERENCE_PX
