"""ΔE2000 of whole pictures, many times as fast as the exact `color.difference` and as good."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from photochrom.evaluation.planes import Planes

POWER_25 = 25.0**7
# T of equation 15 as cosines of multiples of the mean hue: factor, multiple, offset in degrees
HUE_TERMS = ((-0.17, 1, -30.0), (0.24, 2, 0.0), (0.32, 3, 6.0), (-0.20, 4, -63.0))


def delta_e(painted: Planes, truth: Planes) -> Tensor:
    """Mean ΔE2000 (M,) over pixels; about 1 is just noticeable."""
    [reference] = truth.lab
    means = [delta_e_2000(lab, reference).mean(dtype=torch.float64) for lab in painted.lab]
    return torch.stack(means).float()


def colour_delta_e(painted: Planes, truth: Planes) -> Tensor:
    """Mean ΔE2000 (M,) of a* and b* alone, with the true L* on both sides."""
    [reference] = truth.lab
    means = []
    for lab in painted.lab:
        relit = torch.cat([reference[:1], lab[1:]])
        means.append(delta_e_2000(relit, reference).mean(dtype=torch.float64))
    return torch.stack(means).float()


def delta_e_2000(lab1: Tensor, lab2: Tensor) -> Tensor:
    """CIEDE2000 (…) of L*a*b* (3, …) and (3, …), k_L = k_C = k_H = 1.

    Sharma, Wu & Dalal 2005, equations 2–22, in float32, one picture at a time: its planes stay in
    the processor's cache. Cosines of multiple angles come from one cosine and sine.
    """
    lightness1, a1, b1 = lab1
    lightness2, a2, b2 = lab2
    mean_power = ((torch.hypot(a1, b1) + torch.hypot(a2, b2)) / 2).pow_(7)
    stretch = 1.5 - 0.5 * (mean_power / (mean_power + POWER_25)).sqrt_()  # 1 + G, eq. 4
    a1, a2 = a1 * stretch, a2 * stretch
    chroma1, chroma2 = torch.hypot(a1, b1), torch.hypot(a2, b2)
    hue1, hue2 = torch.atan2(b1, a1), torch.atan2(b2, a2)
    half_turn, mean_hue = _hues(hue1, hue2)
    # A grey has no hue: the other colour's is the mean.
    mean_hue = torch.where(chroma1 == 0, hue2, torch.where(chroma2 == 0, hue1, mean_hue))

    mean_chroma = (chroma1 + chroma2) / 2
    d_hue = (chroma1 * chroma2).sqrt_().mul_(2).mul_(half_turn.sin_())  # eq. 11
    from_middle = ((lightness1 + lightness2) / 2 - 50).square_()
    s_lightness = from_middle.mul(0.015).div_((from_middle + 20).sqrt_()).add_(1)
    term_l = (lightness2 - lightness1) / s_lightness
    term_c = (chroma2 - chroma1) / (0.045 * mean_chroma + 1)
    term_h = d_hue / (0.015 * mean_chroma * _hue_weight(mean_hue) + 1)
    rotated = _rotation(mean_hue, mean_chroma) * term_c * term_h
    squared = term_l.square_() + term_c.square_() + term_h.square_() + rotated
    difference: Tensor = squared.clamp_(min=0).sqrt_()
    return difference


def _hues(hue1: Tensor, hue2: Tensor) -> tuple[Tensor, Tensor]:
    """Half of Δh′ (eq. 10) and the mean hue (eq. 14) [rad, any whole turn more]."""
    turn = hue2 - hue1
    # Both hues lie in −π…π, so an arc beyond half a turn goes the other way round.
    turn -= 2 * math.pi * torch.round(turn / (2 * math.pi))
    half = turn.div_(2)
    return half, hue1 + half


def _hue_weight(hue: Tensor) -> Tensor:
    """T of equation 15."""
    cosine, sine = hue.cos(), hue.sin()
    weight = torch.ones_like(hue)
    multiple_cosine, multiple_sine = cosine, sine
    for factor, _, offset in HUE_TERMS:
        angle = math.radians(offset)
        weight.add_(multiple_cosine, alpha=factor * math.cos(angle))
        weight.sub_(multiple_sine, alpha=factor * math.sin(angle))
        multiple_cosine, multiple_sine = (
            multiple_cosine * cosine - multiple_sine * sine,
            multiple_sine * cosine + multiple_cosine * sine,
        )
    return weight


def _rotation(hue: Tensor, chroma: Tensor) -> Tensor:
    """R_T of equations 16, 17 and 21: blues turn."""
    degrees = torch.remainder(hue.rad2deg(), 360.0)
    angle = ((degrees - 275) / 25).square_().neg_().exp_().mul_(2 * math.radians(30))
    power = chroma.pow(7)
    return (power / (power + POWER_25)).sqrt_().mul_(-2).mul_(angle.sin_())
