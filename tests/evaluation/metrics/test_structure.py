"""SSIM and MS-SSIM agree with the libraries that everybody uses."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from skimage.metrics import structural_similarity
from torchmetrics.functional.image import multiscale_structural_similarity_index_measure

from photochrom.evaluation.metrics.structure import ssim, ssim_and_ms_ssim
from photochrom.evaluation.planes import Planes


def two_pictures(rng, height, width):
    """A smooth picture and one that is off in colour and noisy."""
    coarse = rng.uniform(0, 255, (7, 9, 3))
    rgb = coarse.repeat(-(-height // 7), 0).repeat(-(-width // 9), 1)[:height, :width]
    other = rgb * rng.uniform(0.6, 1, 3) + rng.normal(0, 12, rgb.shape)
    return rgb.astype(np.uint8), np.clip(other, 0, 255).astype(np.uint8)


def skimage_ssim(rgb, other):
    return structural_similarity(
        rgb,
        other,
        channel_axis=2,
        data_range=255,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
    )


def torchmetrics_ms_ssim(rgb, other):
    planes = [torch.from_numpy(p.transpose(2, 0, 1)[None].astype(np.float32)) for p in (rgb, other)]
    return float(
        multiscale_structural_similarity_index_measure(*planes, data_range=255.0, normalize="relu")
    )


@pytest.mark.parametrize("size", [(11, 11), (33, 47), (180, 200), (256, 341)])
def test_ssim_agrees_with_scikit_image(rng, size):
    rgb, other = two_pictures(rng, *size)
    found = ssim(Planes([other, rgb]), Planes([rgb]))
    assert found[0].item() == pytest.approx(skimage_ssim(rgb, other), rel=1e-5)
    assert found[1].item() == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("size", [(176, 176), (256, 341), (301, 240)])
def test_ms_ssim_agrees_with_torchmetrics(rng, size):
    rgb, other = two_pictures(rng, *size)
    found, multi_scale = ssim_and_ms_ssim(Planes([other, rgb]), Planes([rgb]))
    assert multi_scale[0].item() == pytest.approx(torchmetrics_ms_ssim(rgb, other), rel=1e-5)
    assert multi_scale[1].item() == pytest.approx(1, abs=1e-6)
    assert found[0].item() == pytest.approx(skimage_ssim(rgb, other), rel=1e-5)


def test_ms_ssim_is_not_available_below_161_px(rng):
    for size, there in (((160, 300), False), ((161, 300), True)):
        rgb, other = two_pictures(rng, *size)
        found, multi_scale = ssim_and_ms_ssim(Planes([other]), Planes([rgb]))
        assert torch.isfinite(found).all()
        assert torch.isfinite(multi_scale).all().item() is there


def test_ssim_is_not_available_where_the_window_does_not_fit(rng):
    rgb, other = two_pictures(rng, 10, 40)
    assert torch.isnan(ssim(Planes([other]), Planes([rgb]))).all()


def test_pictures_together_score_as_they_do_alone(rng):
    rgb, other = two_pictures(rng, 170, 190)
    _, third = two_pictures(rng, 170, 190)
    together = ssim_and_ms_ssim(Planes([other, third, rgb]), Planes([rgb]))
    for place, picture in enumerate((other, third, rgb)):
        alone = ssim_and_ms_ssim(Planes([picture]), Planes([rgb]))
        for some, one in zip(together, alone, strict=True):
            assert some[place].item() == pytest.approx(one[0].item(), rel=1e-5)
