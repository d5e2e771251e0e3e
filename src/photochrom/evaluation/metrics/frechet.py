"""Fréchet distance of two sets of features, taken as Gaussians (Heusel et al. 2017, eq. 6)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats64 = NDArray[np.float64]
BATCH = 64  # vectors that are multiplied at a time


class FeatureSums:
    """Mean and covariance of vectors (D,) as they come by; memory does not grow with their number.

    Sums are taken around the first vector, so that no digits are lost.
    """

    def __init__(self, dimensions: int) -> None:
        self.count = 0
        self._waiting: list[Floats64] = []
        self._origin: Floats64 | None = None
        self._sum = np.zeros(dimensions)
        self._products = np.zeros((dimensions, dimensions))

    def add(self, vector: NDArray[np.float32]) -> None:
        """Count one picture's features."""
        if self._origin is None:
            self._origin = vector.astype(np.float64)
        self._waiting.append(vector - self._origin)
        self.count += 1
        if len(self._waiting) >= BATCH:
            self._take_in()

    def moments(self) -> tuple[Floats64, Floats64]:
        """Mean (D,) and unbiased covariance (D, D); of at least two vectors."""
        if self._origin is None or self.count < 2:
            raise ValueError("the covariance of fewer than two vectors does not exist")
        self._take_in()
        mean = self._sum / self.count
        covariance = self._products - self.count * np.outer(mean, mean)
        return self._origin + mean, covariance / (self.count - 1)

    def _take_in(self) -> None:
        if self._waiting:
            vectors = np.stack(self._waiting)
            self._sum += vectors.sum(axis=0)
            self._products += vectors.T @ vectors
            self._waiting.clear()


def frechet_distance(
    mean1: Floats64, covariance1: Floats64, mean2: Floats64, covariance2: Floats64
) -> float:
    """|μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½).

    The trace of (Σ₁ Σ₂)^½ is that of (Σ₁^½ Σ₂ Σ₁^½)^½, which is symmetric: no complex roots.
    """
    root = _root(covariance1)
    product = root @ covariance2 @ root
    eigenvalues = np.linalg.eigvalsh((product + product.T) / 2)
    shared = np.sqrt(np.maximum(eigenvalues, 0)).sum()
    apart = np.square(mean1 - mean2).sum()
    return float(apart + np.trace(covariance1) + np.trace(covariance2) - 2 * shared)


def _root(covariance: Floats64) -> Floats64:
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T)
