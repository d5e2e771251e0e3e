"""Places of one surface agree on a colour: an edge-aware mean of what was found about them."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

STEPS = (1, 3)  # pixels between the 3 × 3 places that are averaged, one round after the other


class Agreement(nn.Module):
    """The mean of the features (B, C, h, w) over near places whose lightness is alike.

    Joint bilateral filtering (Eisemann & Durand 2004, Petschnigg et al. 2004) in à-trous steps, as
    in Dammertz et al. 2010: 4 places reach in each direction. Before a linear head it averages the
    logits of a distribution over colours, that is, multiplies probabilities: where half of a coat
    might be red, and nothing else speaks for it, the coat stays as the other half. Nothing is
    learned here.
    """

    def __init__(self, likeness: float) -> None:
        """`likeness` is the standard deviation in L* within which places count as alike, above 0.

        Raises `ValueError` for another.
        """
        super().__init__()
        if not likeness > 0:
            raise ValueError(f"likeness is above 0 L*, not {likeness}")
        self.sharpness = -0.5 / likeness**2

    def forward(self, features: Tensor, lightness: Tensor) -> Tensor:
        """`lightness` (B, 1, n · h, n · w), L* 0…100, is n times as large."""
        small = F.adaptive_avg_pool2d(lightness, (features.shape[2], features.shape[3]))
        for step in STEPS:
            features = self.averaged(features, small, step)
        return features

    def averaged(self, features: Tensor, lightness: Tensor, step: int) -> Tensor:
        """One round over 3 × 3 places, `step` apart."""
        height, width = lightness.shape[-2:]
        around = [F.pad(plane, (step,) * 4, mode="replicate") for plane in (features, lightness)]
        total = torch.zeros_like(features)
        weight = torch.zeros_like(lightness)
        for top in range(0, 2 * step + 1, step):
            for left in range(0, 2 * step + 1, step):
                near, light = (
                    plane[..., top : top + height, left : left + width] for plane in around
                )
                alike = torch.exp(self.sharpness * (light - lightness).square())
                total = total + alike * near
                weight = weight + alike
        return total / weight
