"""LPIPS 0.1, the learned perceptual distance of two pictures (Zhang et al. 2018, eq. 1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import torch
from torch import Tensor, nn

from photochrom.errors import InputError
from photochrom.perception.features import alexnet, squeezenet
from photochrom.perception.weights_file import read_shipped

Network = Literal["alex", "squeeze"]
EPSILON = 1e-10  # the original's, against a division by zero
FILES = {"alex": "alexnet", "squeeze": "squeezenet1_1"}


class LPIPS(nn.Module):
    """The distance that agrees with people, by the published AlexNet or SqueezeNet heads.

    Equation 1 sums wₗ · (ŷ − ŷ₀)² over channels and averages over places; here √(wₗ / places) is
    folded into the unit-length features ŷ, so that a distance is a plain sum of squares, and the
    `features` of a reference, computed once, serve any number of pictures. Pictures have at least
    31 px a side (AlexNet) or 17 px (SqueezeNet).
    """

    def __init__(self, network: Network = "alex") -> None:
        super().__init__()
        if network not in get_args(Network):
            raise InputError(f"There is no LPIPS of {network!r}; known: alex, squeeze.")
        self.network = alexnet() if network == "alex" else squeezenet()
        tensors = read_shipped(FILES[network])
        for layer in range(len(self.network.taps)):
            root = tensors[f"heads.{layer}.weight"].sqrt()[:, None, None]
            self.register_buffer(f"root{layer}", root, persistent=False)

    def features(self, rgb: Tensor) -> list[Tensor]:
        """What `distance` compares, one (B, C, h, w) a layer, of rgb (B, 3, H, W) 0…1."""
        return [self._weighted(seen, layer) for layer, seen in enumerate(self.network(rgb))]

    def distance(self, features: Sequence[Tensor], others: Sequence[Tensor]) -> Tensor:
        """The distances (B,) of what `features` gave; one picture's compare with a batch's."""
        distances = [
            torch.linalg.vector_norm(one - other, dim=(1, 2, 3)).square()
            for one, other in zip(features, others, strict=True)
        ]
        return torch.stack(distances).sum(dim=0)

    def forward(self, rgb: Tensor, other: Tensor) -> Tensor:
        """The distances (B,) of two batches of sRGB (B, 3, H, W) 0…1."""
        return self.distance(self.features(rgb), self.features(other))

    def _weighted(self, seen: Tensor, layer: int) -> Tensor:
        """The features as float32 vectors of unit length, times √(weights / places)."""
        if seen.dtype in (torch.float16, torch.bfloat16):  # of autocast
            seen = seen.float()
        places = seen.shape[2] * seen.shape[3]
        length = torch.linalg.vector_norm(seen, dim=1, keepdim=True) + EPSILON
        weighted: Tensor = (seen / length) * (self.get_buffer(f"root{layer}") / places**0.5)
        return weighted
