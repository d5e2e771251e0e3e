"""What the years do to a print: dust, hairs, scratches, light that is not even any more."""

from __future__ import annotations

import numpy as np

from photochrom.color.resize import enlarge
from photochrom.color.srgb import Floats

SPECKS = 12  # at most, in a picture of `SPECK_AREA`
SPECK_AREA = 128 * 128
SPECK_RADIUS_PX = 1.8  # at most
SCRATCHES = 3  # at most
UNEVEN_GRID = 3  # places along each side between which brightness drifts


def add_dust(tone: Floats, rng: np.random.Generator) -> None:
    """Put specks and scratches, dark on the print or light from the negative, on tone (H, W) 0…1.

    Both keep their size in pixels: what the scanner saw is what the network sees.
    """
    most = max(1, round(SPECKS * tone.size / SPECK_AREA))
    for _ in range(rng.integers(1, most + 1)):
        add_speck(tone, rng)
    for _ in range(rng.integers(0, SCRATCHES + 1)):
        add_scratch(tone, rng)


def add_speck(tone: Floats, rng: np.random.Generator) -> None:
    """One grain of dust: a soft ellipse."""
    height, width = tone.shape
    row, column, radius, stretch, level = rng.random(5)
    y, x = row * height, column * width
    radius = 0.5 + radius * (SPECK_RADIUS_PX - 0.5)
    reach = int(2 * radius) + 1
    rows = np.arange(max(0, int(y) - reach), min(height, int(y) + reach + 1))
    columns = np.arange(max(0, int(x) - reach), min(width, int(x) + reach + 1))
    down = (rows - y) / (radius * (0.6 + stretch))
    across = (columns - x) / radius
    cover = np.exp(-(down[:, None] ** 2 + across[None] ** 2)).astype(np.float32)
    part = tone[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    part += cover * (np.float32(level > 0.5) - part)


def add_scratch(tone: Floats, rng: np.random.Generator) -> None:
    """One scratch: a thin line that runs down the picture, or across it, nearly straight."""
    plane = tone if rng.random() < 0.7 else tone.T
    height, width = plane.shape
    place, slant, start, length, strength, level = rng.random(6)
    rows = np.arange(int(start * height * 0.7), height)[: 2 + int(length * height)]
    columns = (place * width + (slant - 0.5) * 0.2 * rows).astype(np.intp)
    inside = (columns >= 0) & (columns < width)
    rows, columns = rows[inside], columns[inside]
    line = plane[rows, columns]
    plane[rows, columns] = line + np.float32(0.2 + 0.8 * strength) * (
        np.float32(level > 0.4) - line
    )


def uneven_light(shape: tuple[int, ...], most: float, rng: np.random.Generator) -> Floats:
    """Factors (H, W) between 1 − most and 1 + most that drift slowly: stains, fading, vignette."""
    amount = rng.uniform(0, most)
    places = rng.uniform(-amount, amount, (UNEVEN_GRID, UNEVEN_GRID)).astype(np.float32)
    return enlarge(1 + places, shape[0], shape[1])
