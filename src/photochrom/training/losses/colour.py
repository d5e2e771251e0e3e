"""Losses of a picture's colour as a whole: how colourful it is, whether it has any."""

from __future__ import annotations

from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from photochrom.errors import InputError
from photochrom.training.losses.pixels import true_chroma
from photochrom.training.sides import Painted, Truth


class Colourfulness(nn.Module):
    """1 − M³ / 100, the less the more colourful (Kang et al. 2023, DDColor).

    M³ is Hasler & Süsstrunk's (2003), of each painted picture; the truth has no say.
    """

    wants: ClassVar[frozenset[str]] = frozenset({"rgb"})  # for the true lightness

    def forward(self, painted: Painted, truth: Truth) -> Tensor:  # noqa: ARG002 - every loss's form
        return 1 - colourfulness(painted.rgb).mean() / 100


class HasColour(nn.Module):
    """Whether the generator's own branch says rightly that a picture has colour at all.

    Binary cross-entropy, the classification-guided module's (Huang et al. 2020, UNet 3+,
    section 2.3); a picture has colour where its true mean C* is at least `least_chroma`.
    """

    wants: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *, least_chroma: float = 5.0) -> None:
        super().__init__()
        self.least_chroma = least_chroma

    def forward(self, painted: Painted, truth: Truth) -> Tensor:
        if painted.has_colour is None:
            raise InputError(
                "The loss has_colour needs a generator that says whether a picture has colour, "
                "while it is trained: unet3_plus with options = { classification_guided = true }"
            )
        has_colour = true_chroma(truth).mean(dim=(1, 2, 3)) >= self.least_chroma
        said = painted.has_colour.float()
        return F.binary_cross_entropy_with_logits(said, has_colour.to(said.dtype))


def colourfulness(rgb: Tensor) -> Tensor:
    """M³ (B,) of rgb (B, 3, H, W) 0…1, in its units: 0 grey … 109 extremely colourful.

    `photochrom.color.difference.colourfulness` on tensors, with a gradient everywhere: a grey
    picture's is zero.
    """
    red, green, blue = (rgb.float() * 255).unbind(1)
    opponents = torch.stack([red - green, (red + green) / 2 - blue], dim=1)
    means = opponents.mean(dim=(2, 3), keepdim=True)
    places = opponents.shape[2] * opponents.shape[3]
    spread: Tensor = torch.linalg.vector_norm(opponents - means, dim=(1, 2, 3)) / places**0.5
    cast: Tensor = torch.linalg.vector_norm(means, dim=(1, 2, 3))
    return spread + 0.3 * cast
