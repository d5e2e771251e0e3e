"""The distribution outside a model file is the one inside."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from photochrom.color.distribution import Bins, log_shares, mean_colour, normalized, uncertainty
from photochrom.generators.annealed_mean import AnnealedMean


@pytest.fixture
def bins(rng: np.random.Generator) -> Bins:
    centres = rng.normal(0, 30, (40, 2)).astype(np.float32)
    return Bins(centres, rng.normal(0, 1, 40).astype(np.float32))


@pytest.mark.parametrize(("alpha", "temperature"), [(0.0, 1.0), (0.2, 0.5), (1.0, 0.3)])
def test_the_mean_is_the_networks_own(rng, bins, alpha, temperature) -> None:
    logits = rng.normal(0, 3, (40, 6, 7)).astype(np.float32)
    inside = AnnealedMean(
        torch.from_numpy(bins.centres), torch.from_numpy(np.exp(bins.log_weights))
    )
    expected = inside(
        torch.from_numpy(logits)[None], torch.tensor([temperature]), torch.tensor([alpha])
    )[0]
    ab = mean_colour(log_shares(logits, bins, alpha=alpha, temperature=temperature), bins)
    assert ab.shape == (6, 7, 2)
    assert ab.dtype == np.float32
    assert np.allclose(ab, np.moveaxis(expected.numpy(), 0, -1), atol=1e-3)


def test_shares_add_up_to_one(rng) -> None:
    shares = normalized(rng.normal(0, 300, (40, 3, 3)).astype(np.float32))
    assert np.allclose(np.exp(shares).sum(axis=0), 1, atol=1e-5)


def test_all_alike_is_unsure_and_one_alone_is_sure(bins) -> None:
    logits = np.zeros((40, 1, 2), np.float32)
    logits[7, 0, 1] = 100
    flat = Bins(bins.centres, np.zeros(40, np.float32))
    unsure, sure = uncertainty(log_shares(logits, flat))[0]
    assert unsure == pytest.approx(1, abs=1e-5)
    assert sure == pytest.approx(0, abs=1e-5)


def test_a_model_of_one_bin_is_sure() -> None:
    bins = Bins(np.zeros((1, 2), np.float32), np.zeros(1, np.float32))
    assert not uncertainty(log_shares(np.ones((1, 4, 4), np.float32), bins)).any()
