"""From a distribution over ab bins to one colour a pixel, inside the network file."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class AnnealedMean(nn.Module):
    """The mean of softmax((logits − alpha · log weights) / temperature) (Zhang et al. 2016, eq. 5).

    `alpha` takes part of the training's class weights back: 0 leaves the vivid colours of a
    rebalanced distribution, 1 gives the cautious ones of the photographs' own. A low temperature
    keeps the mean from spreading colour over what should stay neutral.
    """

    moments: Tensor
    log_weights: Tensor

    def __init__(self, centres: Tensor, class_weights: Tensor) -> None:
        super().__init__()
        moments = torch.cat([centres.float(), torch.ones(len(centres), 1)], dim=1)
        self.register_buffer("moments", moments.t()[:, :, None, None], persistent=False)
        self.register_buffer("log_weights", class_weights.float().log(), persistent=False)

    def forward(self, logits: Tensor, temperature: Tensor, alpha: Tensor) -> Tensor:
        """Logits (B, K, h, w), temperature (1) and alpha (1) → ab (B, 2, h, w).

        Sums of exponentials rather than a softmax over channels, which ONNX Runtime runs an order
        of magnitude slower.
        """
        scores = (logits - alpha * self.log_weights[:, None, None]) / temperature
        shares = torch.exp(scores - scores.amax(dim=1, keepdim=True))
        sums = torch.nn.functional.conv2d(shares, self.moments)  # Σ share · (a, b, 1)
        return sums[:, :2] / sums[:, 2:]
