"""Classification over bins against values computed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from photochrom.color.quantized_ab import SIGMA, soft_table, table_index
from photochrom.generators.heads import AbHead, BinsHead
from photochrom.training.losses.quantized import QuantizedCrossEntropy, SoftCrossEntropy
from photochrom.training.sides import Painted, Truth

CENTRES = np.array([[0, 0], [10, 0], [0, 10], [-10, 0], [0, -10], [40, 40]], np.float32)


def truth_index(ab: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(table_index(ab))


def test_the_loss_of_even_logits_is_the_logarithm_of_the_bins() -> None:
    loss = QuantizedCrossEntropy(CENTRES, np.ones(6, np.float32))
    index = truth_index(np.zeros((1, 2, 2, 2), np.float32))
    assert math.isclose(
        loss.of_logits(torch.zeros(1, 6, 2, 2), index).item(), math.log(6), rel_tol=1e-6
    )


def test_the_loss_equals_a_value_computed_by_hand() -> None:
    # A colour on the centre (0, 0): shares 1 and four times exp(-100 / 50), normalized
    around = math.exp(-100 / (2 * SIGMA**2))
    shares = np.array([1, around, around, around, around]) / (1 + 4 * around)
    logits = np.array([2.0, 1.0, 0.0, -1.0, 0.5, 3.0])
    log_probability = logits - math.log(np.exp(logits).sum())
    expected = -(shares * log_probability[:5]).sum()
    loss = QuantizedCrossEntropy(CENTRES, np.ones(6, np.float32))
    given = torch.tensor(logits, dtype=torch.float32).view(1, 6, 1, 1)
    assert math.isclose(
        loss.of_logits(given, truth_index(np.zeros((1, 1, 1, 2), np.float32))).item(),
        expected,
        rel_tol=1e-5,
    )


def test_a_rare_colour_weighs_more() -> None:
    weights = np.array([1, 1, 1, 1, 1, 5], np.float32)
    loss = QuantizedCrossEntropy(CENTRES, weights)
    logits = torch.zeros(1, 6, 1, 1)
    common = loss.of_logits(logits, truth_index(np.zeros((1, 1, 1, 2), np.float32)))
    rare = loss.of_logits(logits, truth_index(np.full((1, 1, 1, 2), 40, np.float32)))
    assert math.isclose((rare / common).item(), 5.0, rel_tol=1e-3)


def test_the_fused_gradient_is_autograds_own() -> None:
    torch.manual_seed(3)
    logits = torch.randn(7, 6, dtype=torch.float64, requires_grad=True)
    bins = torch.stack([torch.randperm(6)[:5] for _ in range(7)])
    shares = torch.softmax(torch.randn(7, 5, dtype=torch.float64), dim=1)
    weights = torch.rand(7, dtype=torch.float64)
    SoftCrossEntropy.apply(logits, bins, shares, weights).backward()
    fused, logits.grad = logits.grad, None
    near = torch.gather(F.log_softmax(logits, dim=1), 1, bins)
    (-(near * shares).sum(dim=1) * weights).mean().backward()
    assert torch.allclose(fused, logits.grad)


def test_the_soft_table_spreads_a_colour_over_its_nearest_bins() -> None:
    bins, shares = soft_table(CENTRES)
    entry = table_index(np.array([38.0, 42.0], np.float32))
    assert bins[entry, 0] == 5
    assert shares[entry, 0] > 0.99
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-6)


def test_the_loss_compares_logits_with_the_table_entries_of_the_truth() -> None:
    loss = QuantizedCrossEntropy(CENTRES, np.ones(6, np.float32))
    head = BinsHead(torch.from_numpy(CENTRES), torch.ones(6))
    logits = torch.randn(1, 6, 2, 3, generator=torch.Generator().manual_seed(1))
    index = truth_index(np.full((1, 2, 3, 2), 9, np.float32))
    painted = Painted(head, torch.zeros(1, 1, 8, 12), logits)
    assert loss(painted, Truth(index=index)) == loss.of_logits(logits, index)


def test_what_does_not_fit_is_refused() -> None:
    loss = QuantizedCrossEntropy(CENTRES, np.ones(6, np.float32))
    with pytest.raises(ValueError, match=r"\(1, 6, 2, 2\), but truth \(1, 2, 3\)"):
        loss.of_logits(torch.zeros(1, 6, 2, 2), torch.zeros(1, 2, 3, dtype=torch.int64))
    with pytest.raises(ValueError, match="'ab' has no logits"):
        loss(Painted(AbHead(), torch.zeros(1, 1, 8, 8), torch.zeros(1, 2, 2, 2)), Truth())
