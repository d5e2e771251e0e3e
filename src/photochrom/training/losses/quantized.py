"""Colour as a choice among bins: cross-entropy with soft targets and rare colours first."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from photochrom.color.quantized_ab import soft_table
from photochrom.training.sides import Painted, Truth, wanted


class SoftCrossEntropy(torch.autograd.Function):
    """Σ weightᵢ · cross-entropy(softmax(logitsᵢ), shares over a few bins) / rows, in one pass.

    One function instead of log-softmax, gather and multiply, each with a backward pass and a full
    (rows, K) tensor of its own.
    """

    @staticmethod
    def forward(ctx: Any, logits: Tensor, bins: Tensor, shares: Tensor, weights: Tensor) -> Tensor:
        """Logits (N, K); bins and shares (N, 5), shares sum to 1; weights (N,)."""
        log_total = torch.logsumexp(logits, dim=1)
        near = torch.gather(logits, 1, bins)
        ctx.save_for_backward(logits, log_total, bins, shares, weights)
        losses = log_total - (near * shares).sum(dim=1)
        return (losses * weights).sum() / len(logits)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        logits, log_total, bins, shares, weights = ctx.saved_tensors
        scale = weights * (gradients[0] / len(logits))
        towards = (logits - log_total[:, None]).exp_()
        towards *= scale[:, None]
        towards.scatter_add_(1, bins, -(shares * scale[:, None]).to(towards.dtype))
        return towards, None, None, None


class QuantizedCrossEntropy(nn.Module):
    """Classification over quantized ab, soft targets, rebalanced (Zhang et al. 2016, eq. 2).

    Each pixel weighs as much as its colour is rare: `weights` (K,) of the bins at `centres` (K, 2).
    """

    wants: ClassVar[frozenset[str]] = frozenset({"index"})
    bins: Tensor
    shares: Tensor
    pixel_weights: Tensor

    def __init__(self, centres: NDArray[np.float32], weights: NDArray[np.float32]) -> None:
        super().__init__()
        bins, shares = soft_table(centres)
        self.register_buffer("bins", torch.from_numpy(bins), persistent=False)
        self.register_buffer("shares", torch.from_numpy(shares), persistent=False)
        pixel_weights = torch.from_numpy((weights[bins] * shares).sum(axis=1))
        self.register_buffer("pixel_weights", pixel_weights, persistent=False)

    def forward(self, painted: Painted, truth: Truth) -> Tensor:
        return self.of_logits(painted.logits, wanted(truth.index, "index"))

    def of_logits(self, logits: Tensor, index: Tensor) -> Tensor:
        """Logits (B, K, h, w) and the truth's entries of the look-up table (B, h, w) → scalar."""
        if logits.shape[2:] != index.shape[1:]:
            raise ValueError(f"logits {tuple(logits.shape)}, but truth {tuple(index.shape)}")
        rows = logits.float().permute(0, 2, 3, 1).reshape(-1, logits.shape[1])
        flat = index.reshape(-1)
        loss: Tensor = SoftCrossEntropy.apply(  # type: ignore[no-untyped-call]
            rows, self.bins[flat], self.shares[flat], self.pixel_weights[flat]
        )
        return loss
