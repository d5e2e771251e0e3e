"""Which bins of the ab plane a run learns to choose among, counted from its own pictures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photochrom.color.lab import rgb_to_lab
from photochrom.color.quantized_ab import count_bins, rarity_weights
from photochrom.training.augment.crop import centre_crop
from photochrom.training.data.examples import Examples
from photochrom.training.recipe import BinsRecipe

COUNTED_PX = 64  # pictures are shrunk to this before their colours are counted
LEAST_COUNT = 20  # pixels that a bin must hold to be one


def counted_bins(
    examples: Examples, recipe: BinsRecipe, seed: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The bins' centres (K, 2) and the class weights (K,) that balance them by rarity."""
    count = min(recipe.sampled_photos, len(examples))
    pictures = (examples.training(seed, 0, place).rgb for place in range(count))
    colours = [rgb_to_lab(centre_crop(rgb, COUNTED_PX))[1].reshape(-1, 2) for rgb in pictures]
    centres, shares = count_bins(np.concatenate(colours), least=LEAST_COUNT)
    weights = rarity_weights(shares, power=recipe.rarity_power, limit=recipe.rarity_limit)
    return centres, weights
