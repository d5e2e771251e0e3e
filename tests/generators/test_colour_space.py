"""Colour on tensors is the colour on arrays."""

from __future__ import annotations

import numpy as np
import torch

from photochrom.color import lab
from photochrom.generators.colour_space import lab_to_rgb, rgb_to_lab


def as_planes(rgb: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(rgb.astype(np.float32) / 255).permute(2, 0, 1)[None]


def test_tensors_and_arrays_give_the_same_lab(rng: np.random.Generator) -> None:
    rgb = rng.integers(0, 256, (64, 64, 3), dtype=np.uint8)
    rgb[0, :8] = np.arange(8)[:, None]  # the straight line near black
    lightness, ab = rgb_to_lab(as_planes(rgb))
    expected_lightness, expected_ab = lab.rgb_to_lab(rgb)
    np.testing.assert_allclose(lightness[0, 0], expected_lightness, atol=2e-3)
    np.testing.assert_allclose(ab[0].permute(1, 2, 0), expected_ab, atol=5e-3)


def test_lab_and_back_is_the_same_picture(rng: np.random.Generator) -> None:
    rgb = as_planes(rng.integers(0, 256, (64, 64, 3), dtype=np.uint8))
    torch.testing.assert_close(lab_to_rgb(*rgb_to_lab(rgb)), rgb, atol=2e-4, rtol=0)


def test_gradients_are_finite_at_black_white_and_outside_the_gamut() -> None:
    rgb = torch.tensor([0.0, 1.0, 0.5]).repeat(3, 1)[None, :, None].requires_grad_()
    lightness, ab = rgb_to_lab(rgb)
    lab_to_rgb(lightness, ab * 3).sum().backward()
    assert rgb.grad is not None
    assert torch.isfinite(rgb.grad).all()
