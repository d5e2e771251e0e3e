"""Two sides made by hand: planes that are painted exactly, and a truth of the same size."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from photochrom.color.quantized_ab import table_index
from photochrom.generators.colour_space import rgb_to_lab
from photochrom.generators.heads import MOST_AB, AbHead, BinsHead, Head, RgbHead
from photochrom.training.sides import Painted, Truth

CENTRES = np.array([[0, 0], [10, 0], [0, 10], [-10, 0], [0, -10], [40, 40]], np.float32)
CLASS_WEIGHTS = np.array([0.5, 1, 1, 1, 1, 4], np.float32)


def a_head(name: str) -> Head:
    bins = BinsHead(torch.from_numpy(CENTRES), torch.from_numpy(CLASS_WEIGHTS))
    return {"bins": bins, "ab": AbHead(), "rgb": RgbHead()}[name]


def painted_ab(ab: Tensor, lightness: float = 50.0) -> Painted:
    """What an ab head painted, exactly `ab` (B, 2, h, w)."""
    count, _, height, width = ab.shape
    grey = torch.full((count, 1, height, width), lightness)
    return Painted(AbHead(), grey, (ab / MOST_AB).atanh())


def painted_rgb(rgb: Tensor) -> Painted:
    """What an rgb head painted, exactly `rgb` (B, 3, H, W) strictly inside 0…1."""
    return Painted(RgbHead(), rgb_to_lab(rgb)[0], (rgb * 2 - 1).atanh())


def truth_of(rgb: Tensor, stride: int = 1) -> Truth:
    """Every form of the truth of rgb (B, 3, H, W), ab and index at 1 / stride of the size."""
    ab = torch.nn.functional.avg_pool2d(rgb_to_lab(rgb)[1], stride)
    index = torch.from_numpy(table_index(np.moveaxis(ab.numpy(), 1, -1)))
    return Truth(rgb=rgb, ab=ab, index=index)


def random_sides(head_name: str, count: int = 2, px: int = 48) -> tuple[Painted, Truth]:
    """Sides with nothing in common; what was painted takes gradients."""
    generator = torch.Generator().manual_seed(5)
    rgb = torch.rand(count, 3, px, px, generator=generator)
    stride = 4 if head_name == "bins" else 1
    head = a_head(head_name)
    raw = torch.randn(count, head.outputs, px // stride, px // stride, generator=generator)
    says = torch.randn(count, generator=generator)
    raw.requires_grad_()
    says.requires_grad_()
    return Painted(head, rgb_to_lab(rgb)[0], raw, says), truth_of(rgb, stride)
