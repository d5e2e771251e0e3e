"""Colourfulness M³ (Hasler & Süsstrunk 2003)."""

from __future__ import annotations

import torch
from torch import Tensor

from photochrom.evaluation.planes import Planes


def colourfulness(pictures: Planes) -> Tensor:
    """Colourfulness (M,): 0 grey, 15 slight, 45 average, 109 extreme.

    As `color.difference.colourfulness`, for several pictures at once.
    """
    red, green, blue = pictures.levels.unbind(1)
    opponents = torch.stack([red - green, (red + green) / 2 - blue], dim=1)
    deviation, mean = torch.std_mean(opponents, dim=(2, 3), correction=0)
    return torch.hypot(*deviation.unbind(1)) + 0.3 * torch.hypot(*mean.unbind(1))
