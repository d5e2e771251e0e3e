"""Crops cut on the device are those that are cut on the CPU."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from photochrom.training.augment.crop import Crop
from photochrom.training.recipe import CropRecipe
from photochrom.training.resident.chance import Chance
from photochrom.training.resident.photos import ResidentPhotos, sampled

CPU = torch.device("cpu")
WHOLE = CropRecipe(least_area=1.0, most_area=1.0, aspect=1.0, flip=False)


def smooth(height: int, width: int, seed: int) -> np.ndarray:
    """A picture without fine detail, which every way of resizing treats alike."""
    coarse = torch.rand(1, 3, 5, 6, generator=torch.Generator().manual_seed(seed))
    planes = F.interpolate(coarse, size=(height, width), mode="bicubic").clamp(0, 1)
    return (planes[0].permute(1, 2, 0).numpy() * 255).astype(np.uint8)


PICTURES = [smooth(60, 60, 1), smooth(45, 80, 2), smooth(90, 50, 3)]


def resident() -> ResidentPhotos:
    sizes = [picture.size for picture in PICTURES]
    places = [(sum(sizes[:i]), *picture.shape[:2]) for i, picture in enumerate(PICTURES)]
    pixels = np.concatenate([picture.ravel() for picture in PICTURES])
    return ResidentPhotos(torch.from_numpy(pixels), torch.tensor(places))


def test_a_whole_square_comes_out_as_pillow_makes_it() -> None:
    crops = resident().crops(torch.tensor([0]), WHOLE, 24, Chance(3, 1, CPU))
    expected = Crop((0.0, 0.0, 1.0, 1.0)).cut(PICTURES[0], 24)
    ours = crops[0].permute(1, 2, 0).numpy() * 255
    assert np.abs(ours - expected).max() < 4
    assert np.abs(ours - expected).mean() < 1


def test_every_picture_is_read_at_its_own_place() -> None:
    which = torch.tensor([2, 0, 1, 2])
    crops = resident().crops(which, WHOLE, 16, Chance(5, 4, CPU))
    assert crops.shape == (4, 3, 16, 16)
    for crop, number in zip(crops, which, strict=True):
        picture = PICTURES[int(number)].astype(np.float32) / 255
        assert picture.min() - 0.01 <= float(crop.min())
        assert float(crop.max()) <= picture.max() + 0.01


def test_flips_are_as_frequent_as_the_recipe_says() -> None:
    recipe = CropRecipe(least_area=1.0, most_area=1.0, aspect=1.0, flip=True)
    crops = resident().crops(torch.zeros(200, dtype=torch.long), recipe, 12, Chance(7, 200, CPU))
    plain = resident().crops(torch.tensor([0]), WHOLE, 12, Chance(7, 1, CPU))
    is_plain = (crops - plain).abs().amax(dim=(1, 2, 3)) < 1e-3
    is_flipped = (crops - plain.flip(-1)).abs().amax(dim=(1, 2, 3)) < 1e-3
    assert (is_plain ^ is_flipped).all()
    assert float(is_flipped.float().mean()) == pytest.approx(0.5, abs=0.12)


def test_samples_lie_evenly_along_a_side_and_turned_ones_the_other_way() -> None:
    places = sampled(
        torch.tensor([10.0, 10.0]), torch.tensor([8.0, 8.0]), 2, torch.tensor([False, True])
    )
    assert places[0].tolist() == [10.5, 12.5, 14.5, 16.5]
    assert places[1].tolist() == [16.5, 14.5, 12.5, 10.5]
