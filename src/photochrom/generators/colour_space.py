"""sRGB ↔ CIELAB on tensors: differentiable, and exportable to ONNX.

The same definition as `photochrom.color`, which works on arrays and is the one that pictures go
through; a test holds the two together.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from photochrom.color.tristimulus import KNEE, KNEE_SLOPE, RGB_FROM_XYZ, XYZ_FROM_RGB

LEAST_CODED = 0.04045  # sRGB is a straight line below (IEC 61966-2-1)
LEAST_LINEAR = 0.0031308


def rgb_to_lab(rgb: Tensor) -> tuple[Tensor, Tensor]:
    """L* (B, 1, H, W) 0…100 and a*, b* (B, 2, H, W) of sRGB (B, 3, H, W) 0…1."""
    fx, fy, fz = torch.split(_fold(_mixed(_linear(rgb), XYZ_FROM_RGB)), 1, dim=1)
    return fy * 116 - 16, torch.cat([(fx - fy) * 500, (fy - fz) * 200], dim=1)


def folded_exposure(rgb: Tensor, response: Tensor) -> Tensor:
    """f(Y), of which L* is 116 f − 16, (B, 1, H, W), where Y is what film with that response to
    linear R, G, B, (B, 3, 1, 1), is exposed to of sRGB (B, 3, H, W) 0…1.
    """
    return _fold((_linear(rgb) * response).sum(dim=1, keepdim=True))


def lab_to_rgb(lightness: Tensor, ab: Tensor) -> Tensor:
    """The sRGB (B, 3, H, W) 0…1 of L* (B, 1, H, W) and a*, b* (B, 2, H, W).

    Colours outside sRGB are clamped channel by channel, with a gradient of zero there.
    """
    fy = (lightness + 16) / 116
    a, b = torch.split(ab, 1, dim=1)
    linear = _mixed(_unfold(torch.cat([fy + a / 500, fy, fy - b / 200], dim=1)), RGB_FROM_XYZ)
    linear = linear.clamp(0, 1)
    bright = 1.055 * linear.clamp(min=LEAST_LINEAR) ** (1 / 2.4) - 0.055
    return torch.where(linear > LEAST_LINEAR, bright, linear * 12.92)


def _linear(rgb: Tensor) -> Tensor:
    """Linear light of coded sRGB 0…1."""
    bright = ((rgb.clamp(min=LEAST_CODED) + 0.055) / 1.055) ** 2.4
    return torch.where(rgb > LEAST_CODED, bright, rgb / 12.92)


def _mixed(planes: Tensor, matrix: np.ndarray) -> Tensor:
    """Each pixel's three values times the matrix (3, 3)."""
    kernel = torch.from_numpy(matrix).to(planes)[:, :, None, None]
    return F.conv2d(planes, kernel)


def _fold(value: Tensor) -> Tensor:
    """f(t) of CIE 15:2018, 8.2.1: a cube root, and a straight line near black."""
    root = value.clamp(min=KNEE**3) ** (1 / 3)
    return torch.where(value > KNEE**3, root, (value - KNEE**3) / KNEE_SLOPE + KNEE)


def _unfold(fold: Tensor) -> Tensor:
    """The t of f(t)."""
    return torch.where(fold > KNEE, fold**3, KNEE_SLOPE * (fold - KNEE) + KNEE**3)
