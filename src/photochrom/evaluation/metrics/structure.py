"""SSIM (Wang et al. 2004) and MS-SSIM (Wang, Simoncelli & Bovik 2003) of sRGB levels.

Both share their first scale. An 11 × 11 Gaussian of σ 1.5, K₁ 0.01, K₂ 0.03, peak 255; means over
channels and over the places where the window lies inside the picture: scikit-image's
`structural_similarity(gaussian_weights=True, use_sample_covariance=False)`. MS-SSIM follows
torchmetrics, whose last scale alone lets the window reach over mirrored borders.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from photochrom.evaluation.planes import Planes

RADIUS_PX = 5
SIGMA_PX = 1.5
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
SCALE_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)  # Wang et al. 2003, section 3.2
LEAST_MS_SSIM_PX = 2 ** (len(SCALE_WEIGHTS) - 1) * 2 * RADIUS_PX + 1  # 161
LEAST_SSIM_PX = 2 * RADIUS_PX + 1
CACHED_VALUES = 1 << 18  # of float32 that a core's own cache holds, 1 MB

_EXPONENTS = [-0.5 * (k / SIGMA_PX) ** 2 for k in range(-RADIUS_PX, RADIUS_PX + 1)]
_TOTAL = sum(math.exp(exponent) for exponent in _EXPONENTS)
WINDOW = [math.exp(exponent) / _TOTAL for exponent in _EXPONENTS]


def ssim(painted: Planes, truth: Planes) -> Tensor:
    """SSIM (M,); NaN for pictures below 11 px."""
    if min(painted.height, painted.width) < LEAST_SSIM_PX:
        return torch.full((len(painted),), torch.nan)
    return _similarity(painted.levels, truth.levels)[0]


def ssim_and_ms_ssim(painted: Planes, truth: Planes) -> tuple[Tensor, Tensor]:
    """SSIM and MS-SSIM (M,) each; MS-SSIM is NaN for pictures below 161 px."""
    if min(painted.height, painted.width) < LEAST_MS_SSIM_PX:
        return ssim(painted, truth), torch.full((len(painted),), torch.nan)
    levels, reference = painted.levels, truth.levels
    first, contrast = _similarity(levels, reference)
    product = contrast.relu() ** SCALE_WEIGHTS[0]
    for weight in SCALE_WEIGHTS[1:-1]:
        levels, reference = F.avg_pool2d(levels, 2), F.avg_pool2d(reference, 2)
        product *= _similarity(levels, reference)[1].relu() ** weight
    mirrored = (RADIUS_PX,) * 4
    levels = F.pad(F.avg_pool2d(levels, 2), mirrored, mode="reflect")
    reference = F.pad(F.avg_pool2d(reference, 2), mirrored, mode="reflect")
    return first, product * _similarity(levels, reference)[0].relu() ** SCALE_WEIGHTS[-1]


def _similarity(levels: Tensor, reference: Tensor) -> tuple[Tensor, Tensor]:
    """Mean SSIM and mean contrast–structure term, (M,) each, of (M, 3, H, W) and (1, 3, H, W)."""
    count = len(levels)
    planes = levels.transpose(0, 1).flatten(0, 1)  # each channel of all pictures, then the next
    of_channel = torch.arange(3).repeat_interleave(count)
    reference_squares, reference_means = reference[0].square(), window_means(reference[0])
    terms = torch.empty(2, len(planes), dtype=torch.float64)
    step = max(1, CACHED_VALUES // (3 * planes[0].numel()))
    for first in range(0, len(planes), step):
        some, channels = planes[first : first + step], of_channel[first : first + step]
        other = reference[0, channels]
        moments = [some, some.square().add_(reference_squares[channels]), some * other]
        mean, square_sum, product = window_means(torch.stack(moments))
        index, contrast = _terms(mean, reference_means[channels], square_sum, product)
        terms[0, first : first + step] = index
        terms[1, first : first + step] = contrast
    ssim_mean, contrast_mean = terms.view(2, 3, count).mean(dim=1).float()
    return ssim_mean, contrast_mean


def _terms(
    mean: Tensor, reference_mean: Tensor, square_sum: Tensor, product: Tensor
) -> tuple[Tensor, Tensor]:
    """Means over places (m,) of SSIM (equation 13) and of its second factor.

    SSIM takes the two variances only as their sum, so E[x² + y²] is all that is blurred.
    """
    means = mean * reference_mean
    mean_squares = mean.square().add_(reference_mean.square())
    contrast = product.sub_(means).mul_(2).add_(C2)
    contrast /= square_sum.sub_(mean_squares).add_(C2)
    luminance = means.mul_(2).add_(C1).div_(mean_squares.add_(C1))
    contrast_mean = contrast.mean(dim=(1, 2))
    return luminance.mul_(contrast).mean(dim=(1, 2)), contrast_mean


def window_means(planes: Tensor) -> Tensor:
    """The Gaussian's weighted means of (…, H, W) at the places where it fits, (…, H−10, W−10).

    Sums of shifted planes: 3 times as fast as the convolution of a single channel.
    """
    height, width = planes.shape[-2] - 2 * RADIUS_PX, planes.shape[-1] - 2 * RADIUS_PX
    rows = planes[..., :width] * WINDOW[0]
    for k, weight in enumerate(WINDOW[1:], 1):
        rows.add_(planes[..., k : k + width], alpha=weight)
    means = rows[..., :height, :] * WINDOW[0]
    for k, weight in enumerate(WINDOW[1:], 1):
        means.add_(rows[..., k : k + height, :], alpha=weight)
    return means
