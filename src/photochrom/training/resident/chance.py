"""Random numbers for a batch, one a picture, shaped to lie beside planes (B, C, H, W)."""

from __future__ import annotations

import torch
from torch import Tensor


class Chance:
    """Everything random of one batch of `count` pictures, from one seed, on one device."""

    def __init__(self, seed: int, count: int, device: torch.device) -> None:
        self.count, self.device = count, device
        self.source = torch.Generator(device).manual_seed(seed)

    def uniform(
        self, low: float = 0.0, high: float = 1.0, shape: tuple[int, ...] = (1, 1, 1)
    ) -> Tensor:
        """Numbers from `low` to `high`, (B, *shape)."""
        drawn = torch.rand(self.count, *shape, generator=self.source, device=self.device)
        return drawn * (high - low) + low

    def normal(self, shape: tuple[int, ...]) -> Tensor:
        """Normal numbers, (B, *shape)."""
        return torch.randn(self.count, *shape, generator=self.source, device=self.device)

    def happens(self, share: float, shape: tuple[int, ...] = (1, 1, 1)) -> Tensor:
        """True for about `share` of the pictures, (B, *shape)."""
        return self.uniform(shape=shape) < share

    def whole(self, low: int, high: int, shape: tuple[int, ...] = (1, 1, 1)) -> Tensor:
        """Whole numbers from `low` to `high`, both included, (B, *shape)."""
        return torch.randint(
            low, high + 1, (self.count, *shape), generator=self.source, device=self.device
        )
