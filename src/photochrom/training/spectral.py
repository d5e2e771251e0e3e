"""Spectral normalization: a convolution whose largest singular value is 1 (Miyato et al. 2018)."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class SpectralConv2d(nn.Conv2d):
    """A convolution with its weight divided by its spectral norm (Miyato et al. 2018, eq. 8).

    The norm comes from one power iteration a training step (algorithm 1). Unlike with torch's
    parametrization the weight stays an ordinary parameter, which initializations reach, and a
    second forward pass leaves alone what the backward pass of the first one needs.
    """

    left: Tensor

    def __init__(self, channels_in: int, channels: int, kernel: int, **options: Any) -> None:
        super().__init__(channels_in, channels, kernel, **options)
        self.register_buffer("left", F.normalize(torch.randn(channels), dim=0))

    def forward(self, input: Tensor) -> Tensor:
        with torch.autocast(input.device.type, enabled=False):
            normalized = self.weight / self.spectral_norm()
        convolved: Tensor = self._conv_forward(input, normalized, self.bias)
        return convolved

    def spectral_norm(self) -> Tensor:
        """The estimated largest singular value of the weight as a matrix (channels, the rest)."""
        matrix = self.weight.flatten(1)
        with torch.no_grad():
            left = self.left
            right = F.normalize(left @ matrix, dim=0)
            if self.training:
                left = F.normalize(matrix @ right, dim=0)
                self.left.copy_(left)
        norm: Tensor = left @ matrix @ right
        return norm
