"""LPIPS against numbers that the original code gave, run once in float64 on the same pictures."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from photochrom.errors import InputError
from photochrom.perception.lpips import LPIPS

# (network, height, width): the original's distance to the noisy and to the grey picture
ORIGINAL = {
    ("alex", 64, 64): (0.3175095016450541, 0.6282350388159015),
    ("alex", 48, 80): (0.2784284990479432, 0.6619070403718821),
    ("alex", 97, 61): (0.33328586268286053, 0.6430261912703942),
    ("squeeze", 64, 64): (0.492406324630389, 0.6220734433302905),
    ("squeeze", 48, 80): (0.38610827451540475, 0.6634631368612984),
    ("squeeze", 97, 61): (0.5285687361382844, 0.5967757277341319),
}


def pictures(height: int, width: int) -> tuple[Tensor, Tensor, Tensor]:
    """Coloured waves, the same with noise, and the same in grey: (1, 3, H, W) each."""
    rng = np.random.default_rng(1)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    waves = [np.sin(x / 9) * 0.5 + 0.5, np.cos(y / 13) * 0.5 + 0.5, (x + y) / (height + width)]
    rgb = np.stack(waves).astype(np.float32)
    noisy = np.clip(rgb + rng.normal(0, 0.1, rgb.shape), 0, 1).astype(np.float32)
    grey = np.repeat(rgb.mean(0, keepdims=True), 3, 0)
    return torch.from_numpy(rgb)[None], torch.from_numpy(noisy)[None], torch.from_numpy(grey)[None]


@pytest.fixture(scope="module", params=["alex", "squeeze"])
def lpips(request: pytest.FixtureRequest) -> LPIPS:
    return LPIPS(request.param)


@pytest.mark.parametrize(("network", "height", "width"), ORIGINAL)
def test_the_distances_are_the_originals(network: str, height: int, width: int) -> None:
    rgb, noisy, grey = pictures(height, width)
    distances = LPIPS(network)(rgb, torch.cat([noisy, grey]))
    assert distances.tolist() == pytest.approx(ORIGINAL[network, height, width], rel=2e-5)


def test_a_picture_has_no_distance_to_itself(lpips: LPIPS) -> None:
    rgb = pictures(40, 40)[0]
    assert lpips(rgb, rgb).item() == 0


def test_a_references_features_serve_many_pictures(lpips: LPIPS) -> None:
    rgb, noisy, grey = pictures(40, 56)
    reference = lpips.features(rgb)
    both = lpips.distance(lpips.features(torch.cat([noisy, grey])), reference)
    alone = [lpips(noisy, rgb).item(), lpips(grey, rgb).item()]
    assert both.shape == (2,)
    assert both.tolist() == pytest.approx(alone, rel=1e-5)


def test_gradients_reach_the_picture_and_no_weight(lpips: LPIPS) -> None:
    rgb, noisy, _ = pictures(40, 40)
    noisy.requires_grad_()
    lpips(noisy, rgb).sum().backward()
    assert noisy.grad is not None
    assert noisy.grad.isfinite().all()
    assert noisy.grad.abs().sum() > 0
    assert all(not parameter.requires_grad for parameter in lpips.parameters())


def test_a_black_picture_has_a_finite_gradient(lpips: LPIPS) -> None:
    black = torch.zeros(1, 3, 40, 40, requires_grad=True)
    lpips(black, torch.zeros(1, 3, 40, 40)).sum().backward()
    assert black.grad is not None
    assert black.grad.isfinite().all()


def test_distances_under_autocast_stay_close_and_in_float32(lpips: LPIPS) -> None:
    rgb, noisy, _ = pictures(40, 40)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rounded = lpips(noisy, rgb)
    assert rounded.dtype == torch.float32
    assert rounded.item() == pytest.approx(lpips(noisy, rgb).item(), rel=0.05)


def test_too_small_a_picture_is_refused_with_the_least_size(lpips: LPIPS) -> None:
    least = lpips.network.smallest_px
    smallest = torch.rand(1, 3, least, least)
    assert lpips(smallest, smallest).item() == 0
    with pytest.raises(InputError, match=f"{least - 1}×{least} px .* at least {least} px"):
        lpips.features(torch.rand(1, 3, least, least - 1))


def test_what_is_no_rgb_is_refused(lpips: LPIPS) -> None:
    with pytest.raises(ValueError, match=r"\(1, 1, 40, 40\)"):
        lpips.features(torch.rand(1, 1, 40, 40))


def test_an_unknown_network_is_named() -> None:
    with pytest.raises(InputError, match=r"'vgg'.*alex, squeeze"):
        LPIPS("vgg")  # type: ignore[arg-type]
