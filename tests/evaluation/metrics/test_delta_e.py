"""The fast ΔE2000 has every published difference, and agrees with the exact one."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from skimage.color import deltaE_ciede2000, rgb2lab

from color.test_difference import SHARMA
from photochrom.color.difference import delta_e_2000 as exact
from photochrom.evaluation.metrics.difference import colour_delta_e, delta_e, delta_e_2000
from photochrom.evaluation.planes import Planes


@pytest.mark.parametrize("pair", SHARMA, ids=lambda pair: f"ΔE {pair[6]}")
def test_every_published_pair_has_its_difference(pair):
    first, second = torch.tensor(pair[:3]), torch.tensor(pair[3:6])
    assert delta_e_2000(first, second).item() == pytest.approx(pair[6], abs=5e-5)
    assert delta_e_2000(second, first).item() == pytest.approx(pair[6], abs=5e-5)


def test_single_precision_has_the_published_differences_too():
    # But where hues are exactly opposite: there rounding says which way round the mean hue lies.
    pairs = np.array([pair for pair in SHARMA if pair[1:3].tolist() != (-pair[4:6]).tolist()])
    assert len(pairs) == 32
    first, second = (
        torch.from_numpy(each.T.copy()).float() for each in (pairs[:, :3], pairs[:, 3:6])
    )
    np.testing.assert_allclose(delta_e_2000(first, second), pairs[:, 6], atol=1e-4)


def test_random_colours_agree_with_the_exact_formula(rng):
    lab = rng.uniform([0, -90, -90], [100, 90, 90], (2, 20_000, 3)).astype(np.float32)
    lab[0, :2000, 1:] = 0  # greys
    lab[1, 1000:3000, 1:] = 0
    lab[1, 3000:6000] = lab[0, 3000:6000] + rng.normal(0, 1, (3000, 3))  # and near ones
    found = delta_e_2000(*(torch.from_numpy(each.T.copy()) for each in lab)).numpy()
    np.testing.assert_allclose(found, exact(*lab), rtol=2e-4, atol=2e-4)


def test_pictures_agree_with_scikit_image(rng):
    rgb, other = rng.integers(0, 256, (2, 200, 190, 3), dtype=np.uint8)
    found = delta_e(Planes([other, rgb]), Planes([rgb]))
    expected = deltaE_ciede2000(rgb2lab(other), rgb2lab(rgb)).mean()
    assert found[0].item() == pytest.approx(expected, rel=1e-4)
    assert found[1].item() == 0


def test_colours_are_compared_under_the_true_lightness(rng):
    rgb = rng.integers(60, 200, (20, 30, 3), dtype=np.uint8)
    darker = (rgb * 0.8).astype(np.uint8)
    painted, truth = Planes([darker]), Planes([rgb])
    relit = np.moveaxis(painted.lab[0].numpy(), 0, -1).copy()
    own = np.moveaxis(truth.lab[0].numpy(), 0, -1)
    relit[..., 0] = own[..., 0]
    assert colour_delta_e(painted, truth).item() == pytest.approx(
        exact(relit, own).mean(), rel=1e-4
    )
    assert colour_delta_e(painted, truth).item() < delta_e(painted, truth).item() / 2
