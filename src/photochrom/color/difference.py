"""How different two colours look (ΔE2000), and how colourful a picture is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def delta_e_2000(lab1: NDArray[np.floating], lab2: NDArray[np.floating]) -> NDArray[np.float64]:
    """CIEDE2000 of two arrays (…, 3) of L*a*b*, shape (…).

    Sharma, Wu, Dalal: The CIEDE2000 color-difference formula (2005), equations 2–22, with
    k_L = k_C = k_H = 1. About 1 is just noticeable.
    """
    lightness1, a1, b1 = np.moveaxis(np.asarray(lab1, np.float64), -1, 0)
    lightness2, a2, b2 = np.moveaxis(np.asarray(lab2, np.float64), -1, 0)
    chroma7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(chroma7 / (chroma7 + 25.0**7))  # 1 + G, eq. 4
    chroma1, hue1 = np.hypot(a1 * stretch, b1), _hue(a1 * stretch, b1)
    chroma2, hue2 = np.hypot(a2 * stretch, b2), _hue(a2 * stretch, b2)

    grey = chroma1 * chroma2 == 0
    turn = hue2 - hue1
    turn = np.where(grey, 0, turn - 360 * (turn > 180) + 360 * (turn < -180))  # eq. 10
    d_hue = 2 * np.sqrt(chroma1 * chroma2) * np.sin(np.radians(turn) / 2)
    mean_hue = np.where(grey, hue1 + hue2, _mean_hue(hue1, hue2))
    mean_chroma = (chroma1 + chroma2) / 2
    mean_lightness = (lightness1 + lightness2) / 2

    weight = _hue_weight(mean_hue)
    s_lightness = 1 + 0.015 * (mean_lightness - 50) ** 2 / np.sqrt(20 + (mean_lightness - 50) ** 2)
    s_chroma = 1 + 0.045 * mean_chroma
    s_hue = 1 + 0.015 * mean_chroma * weight
    term_l = (lightness2 - lightness1) / s_lightness
    term_c = (chroma2 - chroma1) / s_chroma
    term_h = d_hue / s_hue
    squared = term_l**2 + term_c**2 + term_h**2 + _rotation(mean_hue, mean_chroma) * term_c * term_h
    return np.asarray(np.sqrt(np.maximum(squared, 0)))


def colourfulness(rgb: NDArray[np.uint8]) -> float:
    """Colourfulness M³ (Hasler & Süsstrunk 2003): 0 grey, 15 slight, 45 average, 109 extreme.

    `rgb` (H, W, 3) uint8.
    """
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3:
        raise ValueError(f"rgb (H, W, 3) uint8 is needed, not {rgb.shape} {rgb.dtype}")
    red, green, blue = np.moveaxis(rgb.astype(np.float64), -1, 0)
    red_green = red - green
    yellow_blue = (red + green) / 2 - blue
    spread = np.hypot(red_green.std(), yellow_blue.std())
    cast = np.hypot(red_green.mean(), yellow_blue.mean())
    return float(spread + 0.3 * cast)


def _hue(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hue angle in degrees, 0…360."""
    return np.asarray(np.degrees(np.arctan2(b, a)) % 360)


def _mean_hue(hue1: NDArray[np.float64], hue2: NDArray[np.float64]) -> NDArray[np.float64]:
    """Equation 14."""
    total = hue1 + hue2
    apart = np.abs(hue1 - hue2) > 180
    return np.where(apart, np.where(total < 360, total + 360, total - 360), total) / 2


def _hue_weight(hue: NDArray[np.float64]) -> NDArray[np.float64]:
    """T of equation 15."""
    return np.asarray(
        1
        - 0.17 * np.cos(np.radians(hue - 30))
        + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6))
        - 0.20 * np.cos(np.radians(4 * hue - 63))
    )


def _rotation(hue: NDArray[np.float64], chroma: NDArray[np.float64]) -> NDArray[np.float64]:
    """R_T of equations 16, 17 and 21: blues turn."""
    angle = 30 * np.exp(-(((hue - 275) / 25) ** 2))
    strength = 2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    return np.asarray(-np.sin(np.radians(2 * angle)) * strength)
