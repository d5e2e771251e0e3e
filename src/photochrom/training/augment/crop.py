"""The crop: one random square for target and input alike, so that they cannot come apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.training.recipe import CropRecipe


@dataclass(frozen=True)
class Crop:
    """A rectangle of a picture, in shares of its width and height, and how it is turned."""

    box: tuple[float, float, float, float]  # left, top, right, bottom, 0…1
    is_mirrored: bool = False
    is_upside_down: bool = False

    def cut(self, picture: NDArray[np.uint8], px: int) -> NDArray[np.uint8]:
        """That part of `picture`, (H, W, 3) or (H, W), at px × px.

        Two pictures of one scene give the same part of it, whatever their sizes.
        """
        height, width = picture.shape[:2]
        left, top, right, bottom = self.box
        box = (left * width, top * height, right * width, bottom * height)
        resized = Image.fromarray(picture).resize((px, px), Image.Resampling.BILINEAR, box=box)
        part: NDArray[np.uint8] = np.asarray(resized)
        rows = slice(None, None, -1 if self.is_upside_down else 1)
        return part[rows, ::-1] if self.is_mirrored else part[rows]


def random_crop(height: int, width: int, recipe: CropRecipe, rng: np.random.Generator) -> Crop:
    """A random part of a picture of `height` × `width`: place, size, stretch and flips."""
    area, stretch, across, down, mirror, turn = rng.random(6)
    side = min(height, width) * (
        (recipe.least_area + area * (recipe.most_area - recipe.least_area)) ** 0.5
    )
    stretched = recipe.aspect ** (stretch - 0.5)
    crop_width = min(1.0, side * stretched / width)
    crop_height = min(1.0, side / stretched / height)
    left, top = across * (1 - crop_width), down * (1 - crop_height)
    return Crop(
        (left, top, min(1.0, left + crop_width), min(1.0, top + crop_height)),
        is_mirrored=bool(recipe.flip and mirror < 0.5),
        is_upside_down=bool(recipe.vertical_flip and turn < 0.5),
    )


def central_crop(height: int, width: int) -> Crop:
    """The largest central square, as validation sees it."""
    side = min(height, width)
    left, top = (width - side) / 2 / width, (height - side) / 2 / height
    return Crop((left, top, 1 - left, 1 - top))


def centre_crop(picture: NDArray[np.uint8], px: int) -> NDArray[np.uint8]:
    """The largest central square of a picture (H, W, 3) or (H, W) at px × px."""
    return central_crop(*picture.shape[:2]).cut(picture, px)
