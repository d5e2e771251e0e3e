"""LPIPS with AlexNet and SqueezeNet, the reference's features computed once for all models."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from photochrom.evaluation.planes import Planes
from photochrom.perception.lpips import LPIPS, Network

FORWARD_PIXELS = 1 << 18  # of one pass through a network: bounds the memory of its activations


class Perceptual:
    """LPIPS of one kind; loaded once, used from several threads."""

    def __init__(self, network: Network) -> None:
        self._lpips = LPIPS(network).eval()

    def distance(self, painted: Planes, truth: Planes) -> Tensor:
        """LPIPS (M,), 0 the same; NaN for pictures that are too small for the network."""
        if min(painted.height, painted.width) < self._lpips.network.smallest_px:
            return torch.full((len(painted),), torch.nan)
        pictures = torch.cat([truth.levels, painted.levels]) / 255
        with torch.inference_mode():
            batches = self._features(pictures)
            first = next(batches)
            reference = [layer[:1] for layer in first]
            distances = [self._lpips.distance([layer[1:] for layer in first], reference)]
            distances += [self._lpips.distance(batch, reference) for batch in batches]
        return torch.cat(distances)

    def _features(self, pictures: Tensor) -> Iterator[list[Tensor]]:
        """The layers of the pictures, as many at a time as memory allows."""
        count = max(1, FORWARD_PIXELS // pictures[0, 0].numel())
        for first in range(0, len(pictures), count):
            yield self._lpips.features(pictures[first : first + count])
