"""Bleeding: colour that changes where the picture does not."""

from __future__ import annotations

from torch import Tensor

from photochrom.evaluation.planes import Planes

FLAT = 1.0  # slope of L* [a pixel] below which no edge can be seen


def bleeding(painted: Planes, truth: Planes) -> Tensor:
    """Slope of a*b* beyond the photo's own where L* is flat, (M,) [CIELAB units a pixel].

    The mean over those places; the photo's own slope is taken off, so that true colours have 0
    and a picture is not blamed for borders that are there. NaN where nothing is flat.
    """
    excess = (painted.colour_slope - truth.colour_slope).clamp_(min=0)
    flat = truth.lightness_slope < FLAT
    return (excess * flat).sum(dim=(1, 2)) / flat.sum(dim=(1, 2))
