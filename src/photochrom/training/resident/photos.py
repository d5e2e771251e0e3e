"""All photographs of a run in one uint8 tensor, and crops cut from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from photochrom.training.data.cache import DIGEST
from photochrom.training.data.cached import CachedExamples
from photochrom.training.recipe import CropRecipe
from photochrom.training.resident.chance import Chance

PIECE_BYTES = 1 << 26
POINTS = 2  # sampled along each side of a pixel of the crop, so that shrinking does not alias


@dataclass(frozen=True)
class ResidentPhotos:
    """`pixels` (N,) uint8, photo after photo, rows of RGB; `places` (photos, 3): offset, H, W."""

    pixels: Tensor
    places: Tensor

    @classmethod
    def of(cls, examples: CachedExamples, device: torch.device) -> ResidentPhotos:
        """The pictures of a cache, brought to the device once."""
        stored = examples.cache.pixels
        pixels = torch.empty(len(stored), dtype=torch.uint8, device=device)
        for start in range(0, len(stored), PIECE_BYTES):  # the file is mapped, not read at once
            piece = np.array(stored[start : start + PIECE_BYTES])
            pixels[start : start + len(piece)] = torch.from_numpy(piece)
        places = torch.from_numpy(examples.cache.index[:, :DIGEST].copy())
        return cls(pixels, places.to(device))

    def crops(self, which: Tensor, recipe: CropRecipe, px: int, chance: Chance) -> Tensor:
        """A random part of each photo of `which` (B,), sRGB (B, 3, px, px) 0…1.

        The same places, sizes, stretches and flips as `augment.crop.random_crop` draws.
        """
        offset, height, width = self.places[which].unbind(1)
        area = chance.uniform(recipe.least_area, recipe.most_area, ())
        stretch = recipe.aspect ** chance.uniform(-0.5, 0.5, ())
        side = torch.minimum(height, width) * area.sqrt()
        tall, wide = torch.minimum(side / stretch, height), torch.minimum(side * stretch, width)
        top, left = (chance.uniform(shape=()) * room for room in (height - tall, width - wide))
        rows = sampled(top, tall, px, chance.happens(0.5 * recipe.vertical_flip, ()))
        columns = sampled(left, wide, px, chance.happens(0.5 * recipe.flip, ()))
        dense = self.at(offset, (height, width), rows, columns)
        return F.avg_pool2d(dense, POINTS)

    def at(
        self, offset: Tensor, size: tuple[Tensor, Tensor], rows: Tensor, columns: Tensor
    ) -> Tensor:
        """Bilinear samples (B, 3, n, m) at `rows` (B, n) and `columns` (B, m) [px]."""
        (above, below, down), (before, after, right) = (
            neighbours(along, most) for along, most in zip((rows, columns), size, strict=True)
        )
        wide = size[1][:, None, None]
        channel = torch.arange(3, device=offset.device)[None, :, None, None]

        def read(row: Tensor, column: Tensor) -> Tensor:
            cell = offset[:, None, None] + 3 * (row[:, :, None] * wide + column[:, None, :])
            return self.pixels[cell[:, None] + channel].float()

        right, down = right[:, None, None, :], down[:, None, :, None]
        upper = torch.lerp(read(above, before), read(above, after), right)
        lower = torch.lerp(read(below, before), read(below, after), right)
        return torch.lerp(upper, lower, down) / 255


def sampled(start: Tensor, length: Tensor, px: int, is_turned: Tensor) -> Tensor:
    """Where to sample along one side, (B, px · POINTS) [px], from the other end where turned."""
    count = px * POINTS
    shares = (torch.arange(count, device=start.device) + 0.5) / count
    shares = torch.where(is_turned[:, None], 1 - shares, shares)
    return start[:, None] + shares * length[:, None] - 0.5


def neighbours(places: Tensor, size: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The pixels before and after each place (B, n), and how far it lies between them, 0…1."""
    most = (size - 1)[:, None]
    within = torch.minimum(places.clamp(min=0), most)
    before = within.floor().long()
    return before, torch.minimum(before + 1, most), within - before
