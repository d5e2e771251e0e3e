"""The two sides of adversarial training, in three kinds, and the R1 penalty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor

from photochrom.errors import InputError
from photochrom.training.options import near

Logits: TypeAlias = Tensor | Sequence[Tensor]  # one map, or one a scale

# What a logit costs that should say "real" with probability `target`
Cost: TypeAlias = Callable[[Tensor, float], Tensor]


def cross_entropy(logits: Tensor, target: float) -> Tensor:
    """Binary cross-entropy with logits (Goodfellow et al. 2014, eq. 1)."""
    return (F.softplus(logits) - target * logits).mean()


def least_squares(logits: Tensor, target: float) -> Tensor:
    """Squared distance to the label, 1 or 0 (Mao et al. 2017, eq. 2 without its halves)."""
    return (logits - target).square().mean()


def hinge(logits: Tensor, target: float) -> Tensor:
    """What is missing to a margin of 1 on the right side (Lim & Ye 2017, Geometric GAN)."""
    return F.relu(1 - logits if target else 1 + logits).mean()


COSTS: dict[str, Cost] = {"bce": cross_entropy, "hinge": hinge, "least_squares": least_squares}


class AdversarialLoss:
    """What the discriminator and the generator descend; several scales' mean.

    With `label_smoothing` s the discriminator should say 1 − s of real pictures, and 0 of painted
    ones (one-sided: Salimans et al. 2016, section 3.4). The generator's side never is: with bce it
    is the non-saturating one (Goodfellow et al. 2014, section 3), with hinge minus the logit.
    """

    def __init__(self, kind: str = "bce", label_smoothing: float = 0.0) -> None:
        if kind not in COSTS:
            raise InputError(f"There is no adversarial loss {kind!r}. {near(kind, COSTS)}")
        if not 0 <= label_smoothing < 0.5:
            raise InputError(f"Label smoothing lies in 0 … 0.5, not at {label_smoothing}")
        if label_smoothing and kind == "hinge":
            raise InputError("The hinge loss has no labels to smooth: set label_smoothing = 0")
        self.kind = kind
        self.real_target = 1 - label_smoothing

    def of_discriminator(self, real_logits: Logits, fake_logits: Logits) -> Tensor:
        """The sum of its two sides; halving it, as pix2pix does, is the recipe's matter."""
        cost = COSTS[self.kind]
        real = [cost(logits, self.real_target) for logits in scales(real_logits)]
        fake = [cost(logits, 0.0) for logits in scales(fake_logits)]
        return torch.stack(real).mean() + torch.stack(fake).mean()

    def of_generator(self, fake_logits: Logits) -> Tensor:
        """How far the painted pictures are from being taken for real."""
        if self.kind == "hinge":
            return -torch.stack([logits.mean() for logits in scales(fake_logits)]).mean()
        cost = COSTS[self.kind]
        return torch.stack([cost(logits, 1.0) for logits in scales(fake_logits)]).mean()


def r1_penalty(real_logits: Logits, real_planes: Tensor) -> Tensor:
    """Mean |∂D/∂picture|² at real pictures (Mescheder et al. 2018, eq. 9, without γ/2).

    D of a picture is the mean of its logits, over places and scales, so that the penalty does not
    grow with their number. `real_planes` (B, C, H, W) must have required gradients before.
    """
    verdicts = torch.stack([logits.mean() for logits in scales(real_logits)]).mean()
    pictures = len(real_planes)
    # A sum over pictures: each one's gradient is then its own
    (gradient,) = torch.autograd.grad(verdicts * pictures, real_planes, create_graph=True)
    return gradient.float().square().sum() / pictures


def scales(logits: Logits) -> Sequence[Tensor]:
    """The logits as a sequence, in float32: autocast gives half as many bits."""
    return [each.float() for each in ([logits] if isinstance(logits, Tensor) else logits)]
