"""Hints for a whole batch at once: `augment.hints` on planes."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from photochrom.training.augment.hints import (
    LONGEST_SHARE,
    MOST_SIDE_PX,
    MOST_SPREAD,
    STROKE_WIDTH_PX,
)
from photochrom.training.recipe import HintRecipe
from photochrom.training.resident.chance import Chance

STEP_PX = 0.7  # along a stroke


def hint_planes(ab: Tensor, recipe: HintRecipe, chance: Chance) -> Tensor:
    """Points and strokes of the true colours ab (B, 2, px, px) as planes (B, 3, px, px).

    As many pictures have them, and as many each, as `augment.hints.random_places` draws; all pixels
    of a place are told their mean colour, or the first pixel alone where they differ much.
    """
    px = ab.shape[-1]
    count = torch.exp(chance.uniform(0.0, math.log(recipe.most + 1), ())).long()
    count = count * chance.happens(recipe.share, ())
    pixels, is_part = places(px, recipe, chance)  # (B, most, N, 2), (B, most, N)
    is_told = torch.arange(recipe.most, device=ab.device) < count[:, None]
    picture = torch.arange(len(ab), device=ab.device)[:, None, None]
    colours = ab[picture, :, pixels[..., 0], pixels[..., 1]]  # (B, most, N, 2)
    parts = is_part[..., None].float()
    share = parts / parts.sum(dim=2, keepdim=True)
    mean = (colours * share).sum(dim=2, keepdim=True)
    spread = ((colours - mean) ** 2 * share).sum(dim=2).sqrt().amax(dim=-1)
    is_even = (spread < MOST_SPREAD)[..., None]
    told = torch.where(is_even[..., None], mean, colours[:, :, :1]).expand_as(colours)
    first = torch.zeros_like(is_part)
    first[..., 0] = True
    where = (is_part & (is_even | first)) & is_told[..., None]
    planes = ab.new_zeros(len(ab), 3, px, px)
    picture, row, column = picture.expand_as(where)[where], *pixels[where].unbind(1)
    planes[picture, :2, row, column] = told[where]
    planes[picture, 2, row, column] = 1.0
    return planes


def places(px: int, recipe: HintRecipe, chance: Chance) -> tuple[Tensor, Tensor]:
    """The pixels of `most` places a picture, (B, most, N, 2), and which of the N are part of it.

    The first is always part of it.
    """
    points, strokes = squares(px, recipe.most, chance), lines(px, recipe.most, chance)
    longest = max(points[1].shape[2], strokes[1].shape[2])
    (point, in_point), (stroke, in_stroke) = (padded(*kind, longest) for kind in (points, strokes))
    is_stroke = chance.happens(recipe.strokes, (recipe.most, 1))
    pixels = torch.where(is_stroke[..., None], stroke, point)
    return pixels, torch.where(is_stroke, in_stroke, in_point)


def padded(pixels: Tensor, is_part: Tensor, length: int) -> tuple[Tensor, Tensor]:
    """Both with N = `length`; what is added is part of nothing."""
    more = length - is_part.shape[2]
    pixels = torch.nn.functional.pad(pixels, (0, 0, 0, more))
    return pixels, torch.nn.functional.pad(is_part, (0, more))


def squares(px: int, most: int, chance: Chance) -> tuple[Tensor, Tensor]:
    """Squares of 1 to `MOST_SIDE_PX` pixels a side, anywhere."""
    side = chance.whole(1, MOST_SIDE_PX, (most, 1, 1))
    corner = (chance.uniform(shape=(most, 1, 2)) * (px - side + 1)).long()
    cells = torch.cartesian_prod(*[torch.arange(MOST_SIDE_PX, device=chance.device)] * 2)
    is_part = (cells < side).all(dim=-1)
    return (corner + cells).clamp(max=px - 1), is_part


def lines(px: int, most: int, chance: Chance) -> tuple[Tensor, Tensor]:
    """Straight lines of `STROKE_WIDTH_PX`, anywhere, in any direction."""
    longest = max(LONGEST_SHARE * px, MOST_SIDE_PX + 1.0)
    length = chance.uniform(MOST_SIDE_PX, longest, (most, 1))
    angle = chance.uniform(0.0, 2 * math.pi, (most, 1, 1))
    start = chance.uniform(0.0, px, (most, 1, 2))
    along = torch.arange(0.0, longest, STEP_PX, device=chance.device)
    path = start + along[:, None] * torch.cat([angle.sin(), angle.cos()], dim=-1)
    brush = torch.cartesian_prod(*[torch.arange(STROKE_WIDTH_PX, device=chance.device)] * 2)
    pixels = (path.long()[..., None, :] + brush).clamp(0, px - 1)
    is_part = (along < length)[..., None].expand(-1, -1, -1, len(brush))
    return pixels.flatten(2, 3), is_part.flatten(2)
