"""From photos to a training batch: one crop for input and target, then grey as old film saw it.

The crop is cut once and everything else is computed from it, so input and target cannot come apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.color.lab import rgb_to_lab
from photochrom.color.srgb import linear_table
from photochrom.color.tristimulus import folded
from photochrom.training.recipe import CropRecipe, FilmRecipe

QUARTER = 4  # colour is learned at a quarter of the crop's size
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


@dataclass(frozen=True)
class Batch:
    """`lightness` (B, 1, px, px) float32 L* 0…100; `ab` (B, px/4, px/4, 2) float32, the truth."""

    lightness: NDArray[np.float32]
    ab: NDArray[np.float32]


def random_crop(
    photo: NDArray[np.uint8], px: int, recipe: CropRecipe, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """A random part of the photo at px × px, (px, px, 3), sometimes mirrored."""
    height, width = photo.shape[:2]
    area = rng.uniform(recipe.least_area, 1.0) * min(height, width) ** 2
    stretch = recipe.aspect ** rng.uniform(-0.5, 0.5)
    crop_width = min(width, area**0.5 * stretch)
    crop_height = min(height, area**0.5 / stretch)
    left = rng.uniform(0, width - crop_width)
    top = rng.uniform(0, height - crop_height)
    box = (left, top, left + crop_width, top + crop_height)
    crop = np.asarray(
        Image.fromarray(photo).resize((px, px), Image.Resampling.BILINEAR, box=box), dtype=np.uint8
    )
    return crop[:, ::-1] if recipe.flip and rng.random() < 0.5 else crop


def centre_crop(photo: NDArray[np.uint8], px: int) -> NDArray[np.uint8]:
    """The largest central square of the photo at px × px, for validation."""
    height, width = photo.shape[:2]
    side = min(height, width)
    left, top = (width - side) / 2, (height - side) / 2
    box = (left, top, left + side, top + side)
    shrunk = Image.fromarray(photo).resize((px, px), Image.Resampling.BILINEAR, box=box)
    return np.asarray(shrunk, dtype=np.uint8)


def make_batch(crops: NDArray[np.uint8], film: FilmRecipe, rng: np.random.Generator) -> Batch:
    """Input and target from crops (B, px, px, 3): the first `film.share` of them as old film."""
    count, px = crops.shape[:2]
    quarter = px // QUARTER
    lightness = rgb_to_lab(crops.reshape(count * px, px, 3))[0].reshape(count, px, px)
    shrunk = quarter_size(crops).reshape(count * quarter, quarter, 3)
    ab = rgb_to_lab(shrunk)[1].reshape(count, quarter, quarter, 2)
    filmed = round(film.share * count)
    for i in range(filmed):
        lightness[i] = old_film(crops[i], film, rng)
    return Batch(lightness[:, None], ab)


def quarter_size(crops: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The means of 4 × 4 pixels, (B, H, W, 3) → (B, H/4, W/4, 3); slices beat `mean` 8 times."""
    count, height, width, _ = crops.shape
    rows = np.zeros((count, height // QUARTER, width, 3), np.uint16)
    sums = np.full((count, height // QUARTER, width // QUARTER, 3), QUARTER**2 // 2, np.uint16)
    for k in range(QUARTER):
        rows += crops[:, k::QUARTER]
    for k in range(QUARTER):
        sums += rows[:, :, k::QUARTER]
    return (sums // QUARTER**2).astype(np.uint8)


def old_film(
    rgb: NDArray[np.uint8], recipe: FilmRecipe, rng: np.random.Generator
) -> NDArray[np.float32]:
    """L* (px, px) of a colour picture as a random old emulsion, lens and print would give it."""
    response = spectral_response(recipe.spectral, rng)
    exposure = linear_table(rgb.dtype)[rgb] @ response
    tone = (folded(exposure) * 116 - 16) / np.float32(100)  # L*: perceptual, 0…1
    np.maximum(tone, 0, out=tone)  # black rounds to just below, which has no fractional power
    tone = tone ** np.float32(2.0 ** rng.uniform(-recipe.gamma, recipe.gamma))
    if rng.random() < 0.5:
        tone = blur(tone, rng.uniform(0.2, recipe.blur_px) if recipe.blur_px > 0.2 else 0.0)
    if rng.random() < 0.6:
        tone = tone + grain(tone.shape, recipe.grain, rng)
    black, white = rng.uniform(0, recipe.fade), 1.0 - rng.uniform(0, recipe.fade)
    if rng.random() < 0.5:
        tone = black + (white - black) * tone  # faded: veiled blacks, dull whites
    lightness: NDArray[np.float32] = (tone * 100.0).clip(0.0, 100.0).astype(np.float32)
    return lightness


def spectral_response(amount: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """What the emulsion takes of linear R, G, B, summing to 1: one film, or a mix of all."""
    if rng.random() < 0.5:
        mix = EMULSIONS[rng.integers(len(EMULSIONS))]
    else:
        mix = rng.dirichlet(np.ones(3)).astype(np.float32)
    response: NDArray[np.float32] = np.float32(1 - amount) * LUMINANCE
    response += np.float32(amount) * mix / mix.sum()
    return response


def grain(shape: tuple[int, ...], most: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Film grain: Gaussian, in clumps of one or two pixels, of a random strength up to `most`."""
    noise = rng.standard_normal(shape, dtype=np.float32)
    if rng.random() < 0.5:
        noise = blur(noise, 0.7) * 2.2  # blurring to clumps takes that much of the deviation away
    return noise * np.float32(rng.uniform(0, most))


def blur(plane: NDArray[np.float32], sigma_px: float) -> NDArray[np.float32]:
    """The plane (H, W) through a Gaussian of that width, edges repeated."""
    if sigma_px <= 0:
        return plane
    radius = max(1, round(2.5 * sigma_px))
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma_px) ** 2)
    kernel = (kernel / kernel.sum()).astype(np.float32)
    for axis in (0, 1):
        widths = [(radius, radius) if i == axis else (0, 0) for i in range(2)]
        padded = np.pad(plane, widths, mode="edge")
        size = plane.shape[axis]
        plane = np.add.reduce(
            [weight * padded.take(range(k, k + size), axis=axis) for k, weight in enumerate(kernel)]
        )
    return plane
