"""Grey as old film saw it: its emulsion, lens, grain, and what the years did to the print."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photochrom.color.gaussian import blurred
from photochrom.color.srgb import Floats, linear_table
from photochrom.color.tristimulus import folded
from photochrom.training.augment.damage import add_dust, uneven_light
from photochrom.training.recipe import FilmRecipe

LUMINANCE = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)  # Rec. 709, linear light
# Relative response to linear R, G, B; after the emulsions' spectral curves, normalized in use
EMULSIONS = np.array(
    [
        [0.00, 0.05, 1.00],  # wet plate, early dry plate: blue and ultraviolet only
        [0.00, 0.55, 0.60],  # orthochromatic: no red
        [0.35, 0.35, 0.45],  # panchromatic, unfiltered: bluer than the eye
        [0.45, 0.55, 0.08],  # panchromatic through a yellow filter
        [0.90, 0.15, 0.02],  # panchromatic through a red filter
    ],
    dtype=np.float32,
)
CLUMP_PX = 0.7  # standard deviation of clumped grain
CLUMP_GAIN = 2.2  # blurring to clumps takes that much of the deviation away


def old_film(rgb: NDArray[np.uint8], recipe: FilmRecipe, rng: np.random.Generator) -> Floats:
    """L* (H, W) of rgb (H, W, 3) as a random old emulsion, lens, print and age would give it."""
    tone = folded(exposure(rgb, spectral_response(recipe.spectral, rng)))
    tone *= np.float32(1.16)
    tone -= np.float32(0.16)  # L*: perceptual, 0…1
    np.maximum(tone, 0, out=tone)  # black rounds to just below, which has no fractional power
    np.power(tone, np.float32(2.0 ** rng.uniform(-recipe.gamma, recipe.gamma)), out=tone)
    if rng.random() < 0.5:
        tone = blurred(tone, rng.uniform(0.2, recipe.blur_px) if recipe.blur_px > 0.2 else 0.0)
    if rng.random() < 0.5 and recipe.uneven:
        tone *= uneven_light(tone.shape, recipe.uneven, rng)
    if rng.random() < 0.6 and recipe.grain:
        tone += grain(tone.shape, recipe.grain, rng)
    if rng.random() < recipe.dust:
        add_dust(tone, rng)
    black, white = rng.uniform(0, recipe.fade), 1.0 - rng.uniform(0, recipe.fade)
    if rng.random() < 0.5:  # faded: veiled blacks, dull whites
        tone *= np.float32(white - black)
        tone += np.float32(black)
    tone *= np.float32(100)
    np.clip(tone, 0, 100, out=tone)
    return tone


def exposure(rgb: NDArray[np.uint8], response: Floats) -> Floats:
    """What an emulsion of that response to R, G, B is exposed to, (H, W), of rgb (H, W, 3)."""
    table = linear_table(rgb.dtype)
    light: Floats = (table * response[0]).take(rgb[..., 0])
    for channel in (1, 2):
        light += (table * response[channel]).take(rgb[..., channel])
    return light


def spectral_response(amount: float, rng: np.random.Generator) -> Floats:
    """What the emulsion takes of linear R, G, B, summing to 1: one film, or a mix of all."""
    if rng.random() < 0.5:
        mix = EMULSIONS[rng.integers(len(EMULSIONS))]
    else:
        mix = rng.dirichlet(np.ones(3)).astype(np.float32)
    response: Floats = np.float32(1 - amount) * LUMINANCE
    response += np.float32(amount) * mix / mix.sum()
    return response


def grain(shape: tuple[int, ...], most: float, rng: np.random.Generator) -> Floats:
    """Film grain: Gaussian, in clumps of one or two pixels, of a random strength up to `most`."""
    noise = rng.standard_normal(shape, dtype=np.float32)
    strength = rng.uniform(0, most)
    if rng.random() < 0.5:
        noise = blurred(noise, CLUMP_PX)
        strength *= CLUMP_GAIN
    noise *= np.float32(strength)
    return noise
