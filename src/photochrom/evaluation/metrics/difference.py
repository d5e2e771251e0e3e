"""ΔE2000 of whole pictures, many times as fast as the exact `color.difference` and as good."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from photochrom.evaluation.planes import Planes

POWER_25 = 25.0**7
PIECE = 1 << 15  # pixels at a time
# T of equation 15: factor and offset [°] of the cosine of the hue, twice, three, four times it
HUE_TERMS = ((-0.17, -30.0), (0.24, 0.0), (0.32, 6.0), (-0.20, -63.0))


def delta_e(painted: Planes, truth: Planes) -> Tensor:
    """Mean ΔE2000 (M,) over pixels; about 1 is just noticeable."""
    [reference] = truth.lab
    return torch.stack([_mean(lab, reference) for lab in painted.lab])


def colour_delta_e(painted: Planes, truth: Planes) -> Tensor:
    """Mean ΔE2000 (M,) of a* and b* alone, with the true L* on both sides."""
    [reference] = truth.lab
    relit = (torch.cat([reference[:1], lab[1:]]) for lab in painted.lab)
    return torch.stack([_mean(lab, reference) for lab in relit])


def _mean(lab: Tensor, reference: Tensor) -> Tensor:
    """Mean ΔE2000 of (3, H, W) and (3, H, W), in pieces that stay in a core's own cache."""
    lab, reference = lab.flatten(1), reference.flatten(1)
    total = torch.zeros((), dtype=torch.float64)
    for first in range(0, lab.shape[1], PIECE):
        piece = slice(first, first + PIECE)
        total += delta_e_2000(lab[:, piece], reference[:, piece]).sum(dtype=torch.float64)
    return (total / lab.shape[1]).float()


def delta_e_2000(lab1: Tensor, lab2: Tensor) -> Tensor:
    """CIEDE2000 (…) of L*a*b* (3, …) and (3, …), k_L = k_C = k_H = 1.

    Sharma, Wu & Dalal 2005, equations 2–22, in the tensors' own precision. Cosines of multiple
    angles come from one cosine and sine.
    """
    lightness1, a1, b1 = lab1
    lightness2, a2, b2 = lab2
    mean_power = _seventh(_length(a1, b1).add_(_length(a2, b2)).div_(2))
    stretch = 1.5 - 0.5 * (mean_power / (mean_power + POWER_25)).sqrt_()  # 1 + G, eq. 4
    a1, a2 = a1 * stretch, a2 * stretch
    chroma1, chroma2 = _length(a1, b1), _length(a2, b2)
    chroma_product = chroma1 * chroma2
    hue1, hue2 = _hue(a1, b1), _hue(a2, b2)
    half_turn, mean_hue = _turn(hue1, hue2)
    if not chroma_product.all():  # a grey has no hue: the other colour's is the mean
        mean_hue = torch.where(chroma1 == 0, hue2, torch.where(chroma2 == 0, hue1, mean_hue))

    mean_chroma = (chroma1 + chroma2).div_(2)
    d_hue = chroma_product.sqrt_().mul_(2).mul_(half_turn.sin_())  # eq. 11
    from_middle = (lightness1 + lightness2).div_(2).sub_(50).square_()
    s_lightness = from_middle.mul(0.015).div_(from_middle.add_(20).sqrt_()).add_(1)
    term_l = (lightness2 - lightness1).div_(s_lightness)
    term_c = (chroma2 - chroma1).div_((0.045 * mean_chroma).add_(1))
    term_h = d_hue.div_(_hue_weight(mean_hue).mul_(mean_chroma).mul_(0.015).add_(1))
    rotated = _rotation(mean_hue, mean_chroma).mul_(term_c).mul_(term_h)
    squared = rotated.add_(term_l.square_()).add_(term_c.square_()).add_(term_h.square_())
    difference: Tensor = squared.clamp_(min=0).sqrt_()
    return difference


def _length(a: Tensor, b: Tensor) -> Tensor:
    length: Tensor = a.square().addcmul_(b, b).sqrt_()
    return length


def _seventh(values: Tensor) -> Tensor:
    squared = values * values
    return squared.square().mul_(squared).mul_(values)


def _hue(a: Tensor, b: Tensor) -> Tensor:
    """Hue 0…2π; which way round a mean hue goes hangs on that, for opposite colours."""
    hue = torch.atan2(b, a)
    return hue.add_(hue < 0, alpha=2 * math.pi)


def _turn(hue1: Tensor, hue2: Tensor) -> tuple[Tensor, Tensor]:
    """Half of Δh′ (eq. 10) and the mean hue (eq. 14) [rad, any whole turn more]."""
    turn = hue2 - hue1
    turn -= (turn / (2 * math.pi)).round_().mul_(2 * math.pi)  # the shorter arc
    half = turn.div_(2)
    return half, half + hue1


def _hue_weight(hue: Tensor) -> Tensor:
    """T of equation 15."""
    cosine, sine = hue.cos(), hue.sin()
    weight = torch.ones_like(hue)
    multiple_cosine, multiple_sine = cosine, sine
    for factor, offset in HUE_TERMS:
        angle = math.radians(offset)
        weight.add_(multiple_cosine, alpha=factor * math.cos(angle))
        weight.sub_(multiple_sine, alpha=factor * math.sin(angle))
        multiple_cosine, multiple_sine = (
            (multiple_cosine * cosine).sub_(multiple_sine * sine),
            (multiple_sine * cosine).add_(multiple_cosine * sine),
        )
    return weight


def _rotation(hue: Tensor, chroma: Tensor) -> Tensor:
    """R_T of equations 16, 17 and 21: blues turn."""
    away = hue.rad2deg().sub_(275)
    away -= (away / 360).round_().mul_(360)  # at least a quarter turn the other way gives 0 anyway
    angle = away.div_(25).square_().neg_().exp_().mul_(2 * math.radians(30))
    power = _seventh(chroma)
    return (power / (power + POWER_25)).sqrt_().mul_(-2).mul_(angle.sin_())
