"""Grey as old film saw it, for a batch at once: `augment.film` and `augment.damage` on planes.

The same emulsions, ranges and odds; a picture that a step does not befall goes through unchanged.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from photochrom.generators.colour_space import folded_exposure
from photochrom.training.augment.damage import (
    SCRATCHES,
    SPECK_AREA,
    SPECK_RADIUS_PX,
    SPECKS,
    UNEVEN_GRID,
)
from photochrom.training.augment.film import CLUMP_GAIN, CLUMP_PX, EMULSIONS, LUMINANCE
from photochrom.training.recipe import FilmRecipe
from photochrom.training.resident.chance import Chance

RADIUS = 4  # pixels: of the widest Gaussian


def old_film(rgb: Tensor, recipe: FilmRecipe, chance: Chance) -> Tensor:
    """L* (B, 1, H, W) of sRGB (B, 3, H, W) 0…1 as random emulsions, prints and years give it."""
    size = (rgb.shape[2], rgb.shape[3])
    tone = folded_exposure(rgb, spectral_response(recipe.spectral, chance)) * 1.16 - 0.16
    tone = tone.clamp(min=0) ** (2.0 ** chance.uniform(-recipe.gamma, recipe.gamma))
    if recipe.blur_px > 0.2:
        sigma = chance.uniform(0.2, recipe.blur_px)
        tone = torch.where(chance.happens(0.5), blurred(tone, sigma), tone)
    if recipe.uneven:
        tone = torch.where(
            chance.happens(0.5), tone * uneven_light(size, recipe.uneven, chance), tone
        )
    if recipe.grain:
        tone = tone + grain(size, recipe.grain, chance) * chance.happens(0.6)
    if recipe.dust:
        tone = torch.where(chance.happens(recipe.dust), dusty(tone, chance), tone)
    black, white = chance.uniform(0, recipe.fade), 1 - chance.uniform(0, recipe.fade)
    faded = tone * (white - black) + black
    return (torch.where(chance.happens(0.5), faded, tone) * 100).clamp(0, 100)


def spectral_response(amount: float, chance: Chance) -> Tensor:
    """What emulsions take of linear R, G, B, summing to 1, (B, 3, 1, 1): one film, or a mix."""
    films = torch.from_numpy(EMULSIONS).to(chance.device)
    film = films[chance.whole(0, len(EMULSIONS) - 1, ())][:, :, None, None]
    mixed = -chance.uniform(1e-6, 1.0, (3, 1, 1)).log()  # normalized, Dirichlet's (1, 1, 1)
    mix = torch.where(chance.happens(0.5), film, mixed)
    luminance = torch.from_numpy(LUMINANCE).to(chance.device)[None, :, None, None]
    return (1 - amount) * luminance + amount * mix / mix.sum(dim=1, keepdim=True)


def blurred(planes: Tensor, sigma_px: Tensor) -> Tensor:
    """Planes (B, 1, H, W) through Gaussians of width (B, 1, 1, 1), edges repeated."""
    count, _, height, width = planes.shape
    distance = torch.arange(-RADIUS, RADIUS + 1, device=planes.device)
    kernel = torch.exp(-0.5 * (distance / sigma_px.view(-1, 1)) ** 2)
    kernel = kernel / kernel.sum(dim=1, keepdim=True)
    padded = F.pad(planes, (RADIUS,) * 4, mode="replicate").view(1, count, -1, width + 2 * RADIUS)
    across = F.conv2d(padded, kernel[:, None, None, :], groups=count)
    return F.conv2d(across, kernel[:, None, :, None], groups=count).view(count, 1, height, width)


def uneven_light(size: tuple[int, int], most: float, chance: Chance) -> Tensor:
    """Factors (B, 1, H, W) between 1 − most and 1 + most that drift slowly."""
    places = chance.uniform(-1.0, 1.0, (1, UNEVEN_GRID, UNEVEN_GRID)) * chance.uniform(0, most)
    return 1 + F.interpolate(places, size=size, mode="bilinear", align_corners=False)


def grain(size: tuple[int, int], most: float, chance: Chance) -> Tensor:
    """Film grain (B, 1, H, W): Gaussian, in half of the pictures in clumps."""
    noise = chance.normal((1, *size))
    clumps = blurred(noise, torch.full_like(noise[:, :, :1, :1], CLUMP_PX)) * CLUMP_GAIN
    return torch.where(chance.happens(0.5), clumps, noise) * chance.uniform(0, most)


def dusty(tone: Tensor, chance: Chance) -> Tensor:
    """Tone (B, 1, H, W) with specks, soft ellipses, and thin scratches, dark or light."""
    height, width = tone.shape[-2:]
    rows = torch.arange(height, device=tone.device)[:, None]
    columns = torch.arange(width, device=tone.device)
    most = max(1, round(SPECKS * height * width / SPECK_AREA))
    specks, scratches = chance.whole(1, most), chance.whole(0, SCRATCHES)
    for number in range(most):
        radius = chance.uniform(0.5, SPECK_RADIUS_PX)
        down = (rows - chance.uniform(0, height)) / (radius * chance.uniform(0.6, 1.6))
        across = (columns - chance.uniform(0, width)) / radius
        cover = torch.exp(-(down**2 + across**2)) * (number < specks)
        tone = torch.lerp(tone, chance.happens(0.5).float(), cover)
    for number in range(SCRATCHES):
        cover = torch.where(
            chance.happens(0.7), scratch(rows, columns, chance), scratch(columns, rows, chance)
        )
        cover = cover * chance.uniform(0.2, 1.0) * (number < scratches)
        tone = torch.lerp(tone, chance.happens(0.6).float(), cover)
    return tone


def scratch(along: Tensor, across: Tensor, chance: Chance) -> Tensor:
    """1 on a thin line, nearly straight, 0 elsewhere, (B, 1, H, W)."""
    length, width = along.numel(), across.numel()
    middle = chance.uniform(0, width) + chance.uniform(-0.1, 0.1) * along
    start = chance.uniform(0, 0.7) * length
    end = start + 2 + chance.uniform(0, length)
    is_on = ((across - middle).abs() < 0.5) & (along >= start) & (along < end)
    return is_on.float()
