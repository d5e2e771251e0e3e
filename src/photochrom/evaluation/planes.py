"""Pictures as the metrics see them: levels, CIELAB and what follows from it, made once each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from photochrom.color.lab import rgb_to_lab

Rgb = NDArray[np.uint8]


class Planes:
    """Pictures (M, H, W, 3) of one size as tensors; what is asked for is kept."""

    def __init__(self, pictures: Sequence[Rgb]) -> None:
        self.rgb = np.stack(pictures)

    def __len__(self) -> int:
        return len(self.rgb)

    @property
    def height(self) -> int:
        """Rows [px]."""
        return int(self.rgb.shape[1])

    @property
    def width(self) -> int:
        """Columns [px]."""
        return int(self.rgb.shape[2])

    @cached_property
    def levels(self) -> Tensor:
        """Levels of sRGB (M, 3, H, W) float32, 0…255."""
        return torch.from_numpy(self.rgb).permute(0, 3, 1, 2).to(torch.float32, copy=True)

    @cached_property
    def lab(self) -> Tensor:
        """L*, a* and b* (M, 3, H, W) float32."""
        count, height, width, _ = self.rgb.shape
        lightness, ab = rgb_to_lab(self.rgb.reshape(count * height, width, 3))
        lab = np.empty((count, 3, height, width), np.float32)
        lab[:, 0] = lightness.reshape(count, height, width)
        lab[:, 1:] = np.moveaxis(ab.reshape(count, height, width, 2), -1, 1)
        return torch.from_numpy(lab)

    @property
    def lightness(self) -> Tensor:
        """L* (M, H, W), 0…100."""
        return self.lab[:, 0]

    @property
    def ab(self) -> Tensor:
        """a* and b* (M, 2, H, W)."""
        return self.lab[:, 1:]

    @cached_property
    def chroma(self) -> Tensor:
        """C*ab (M, H, W)."""
        a, b = self.ab.unbind(1)
        return torch.hypot(a, b)

    @cached_property
    def lightness_slope(self) -> Tensor:
        """How steep L* is, (M, H, W) [L* a pixel]."""
        return slope(self.lab[:, :1])

    @cached_property
    def colour_slope(self) -> Tensor:
        """How steep a* and b* are together, (M, H, W) [CIELAB units a pixel]."""
        return slope(self.ab)


def slope(planes: Tensor) -> Tensor:
    """The length of the Sobel gradient of (M, C, H, W) over all channels, (M, H, W), a pixel.

    Edges are repeated. Sobel's weights over 8, so that a ramp of 1 a pixel has slope 1.
    """
    padded = F.pad(planes, (1, 1, 1, 1), mode="replicate")
    smooth = padded[..., :-2, :] + padded[..., 2:, :]
    smooth.add_(padded[..., 1:-1, :], alpha=2)
    squared = (smooth[..., 2:] - smooth[..., :-2]).square_()
    smooth = padded[..., :-2] + padded[..., 2:]
    smooth.add_(padded[..., 1:-1], alpha=2)
    squared += (smooth[..., 2:, :] - smooth[..., :-2, :]).square_()
    steepness: Tensor = squared.sum(dim=1).sqrt_().div_(8)
    return steepness
