"""PSNR: of the whole picture, and of its chroma alone."""

from __future__ import annotations

import math

from torch import Tensor

from photochrom.evaluation.planes import Planes

PEAK = 255.0  # of 8-bit levels; and of a* and b*, which 8-bit CIELAB keeps as −128…127
IDENTICAL_DB = 100.0  # in place of infinity, so that a mean over pictures exists


def psnr(painted: Planes, truth: Planes) -> Tensor:
    """PSNR (M,) [dB] of sRGB levels, over pixels and channels; identical pictures have 100."""
    return decibels((painted.levels - truth.levels).square().mean(dim=(1, 2, 3)))


def chroma_psnr(painted: Planes, truth: Planes) -> Tensor:
    """PSNR (M,) [dB] of a* and b* alone, with the peak 255; identical colours have 100."""
    return decibels((painted.ab - truth.ab).square().mean(dim=(1, 2, 3)))


def decibels(squared_error: Tensor) -> Tensor:
    """10 · log10(peak² / mean squared error), at most `IDENTICAL_DB`."""
    least = PEAK**2 / 10 ** (IDENTICAL_DB / 10)
    return (10 / math.log(10)) * (PEAK**2 / squared_error.clamp(min=least)).log()
