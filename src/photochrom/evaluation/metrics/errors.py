"""The colour errors that people see: too far off, too pale or too loud, another hue, left grey."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from photochrom.evaluation.planes import Planes

FAR_OFF = 20.0  # distance in a*b* that nobody overlooks
PALEST_PHOTO = 2.0  # mean chroma below which a photo has no saturation to keep
CLEARLY_COLOURED, CLEARLY_GREY = 15.0, 5.0  # chroma
HUES = 36  # bins of 10°
FULL_CHROMA = 20.0  # at which a pixel's hue counts in full; a grey's has no meaning


def far_off_share(painted: Planes, truth: Planes) -> Tensor:
    """The share (M,) 0…1 of the picture whose a*b* lies more than 20 from the true ones."""
    a, b = (painted.ab - truth.ab).unbind(1)
    return _share(torch.hypot(a, b) > FAR_OFF)


def saturation_ratio(painted: Planes, truth: Planes) -> Tensor:
    """Mean chroma over the photo's mean chroma (M,); NaN where the photo's is below 2."""
    real = truth.chroma.mean(dim=(1, 2))
    ratio = painted.chroma.mean(dim=(1, 2)) / real
    return torch.where(real < PALEST_PHOTO, torch.nan, ratio)


def grey_left_share(painted: Planes, truth: Planes) -> Tensor:
    """The share (M,) 0…1 of the picture that has chroma above 15 and was left below 5."""
    return _share((truth.chroma > CLEARLY_COLOURED) & (painted.chroma < CLEARLY_GREY))


def hue_distance(painted: Planes, truth: Planes) -> Tensor:
    """How much of the hue histograms has nothing in common, (M,) 0…1: half their L1 distance.

    36 hues and one bin for grey. A pixel counts to its two nearest hues as far as it is coloured,
    in full from chroma 20 on, and to grey with the rest.
    """
    histograms = hue_histograms(painted)
    return (histograms - hue_histograms(truth)).abs().sum(dim=1) / 2


def hue_histograms(pictures: Planes) -> Tensor:
    """Shares (M, 37) of hues 0°, 10° … 350° and of grey."""
    a, b = pictures.ab.unbind(1)
    place = torch.atan2(b, a).mul_(HUES / (2 * math.pi)).add_(HUES)  # beyond 0, so that % is right
    lower = place.floor()
    upper_share = place - lower
    coloured = (pictures.chroma / FULL_CHROMA).clamp_(max=1)
    bins = lower.to(torch.int64).remainder_(HUES)
    bins += torch.arange(len(pictures)).view(-1, 1, 1) * HUES
    upper = coloured * upper_share
    flat, size = bins.flatten(), len(pictures) * HUES
    low_sums = torch.bincount(flat, (coloured - upper).flatten(), size).view(-1, HUES)
    high_sums = torch.bincount(flat, upper.flatten(), size).view(-1, HUES)
    hues = (low_sums + high_sums.roll(1, dims=1)) / coloured[0].numel()
    return torch.cat([hues, 1 - hues.sum(dim=1, keepdim=True)], dim=1)


def _share(where: Tensor) -> Tensor:
    return where.sum(dim=(1, 2)) / where[0].numel()
