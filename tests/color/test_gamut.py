"""What sRGB cannot hold gives up chroma, and neither lightness nor hue."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photochrom.color.lab import lab_to_rgb, rgb_to_lab


def polar(lightness: np.ndarray, chroma: np.ndarray, hue: np.ndarray) -> np.ndarray:
    """Ab of chroma and hue in radians."""
    return np.stack([chroma * np.cos(hue), chroma * np.sin(hue)], axis=-1).astype(np.float32)


def hue_difference(ab1: np.ndarray, ab2: np.ndarray) -> np.ndarray:
    """Degrees between two colours' hues."""
    angles = [np.degrees(np.arctan2(ab[..., 1], ab[..., 0])) for ab in (ab1, ab2)]
    return np.abs((angles[0] - angles[1] + 180) % 360 - 180)


@pytest.fixture(scope="module")
def wild() -> tuple[np.ndarray, np.ndarray]:
    """Lightness and ab of 40,000 colours, most of them far outside sRGB."""
    rng = np.random.default_rng(3)
    lightness = rng.uniform(0, 100, (200, 200)).astype(np.float32)
    return lightness, polar(
        lightness, rng.uniform(0, 150, (200, 200)), rng.uniform(0, 2 * np.pi, (200, 200))
    )


def test_lightness_is_kept(wild):
    lightness, ab = wild
    kept, _ = rgb_to_lab(lab_to_rgb(lightness, ab, dtype=np.uint16))
    assert np.abs(kept - lightness).max() < 0.05


def test_hue_is_kept_wherever_there_is_chroma(wild):
    lightness, ab = wild
    _, kept = rgb_to_lab(lab_to_rgb(lightness, ab, dtype=np.uint16))
    coloured = np.hypot(*np.moveaxis(kept, -1, 0)) >= 5
    assert coloured.mean() > 0.7
    assert hue_difference(kept, ab)[coloured].max() < 0.5


def test_hue_is_kept_within_two_degrees_but_for_rounding_at_eight_bits(wild):
    lightness, ab = wild
    _, kept = rgb_to_lab(lab_to_rgb(lightness, ab))
    turned = hue_difference(kept, ab)
    chroma = np.hypot(*np.moveaxis(kept, -1, 0))
    # Half a level of a channel is up to 0.5 in a* and b*: 2° at chroma 15, whoever rounds.
    assert np.percentile(turned[chroma >= 5], 97) < 2
    assert turned[chroma >= 20].max() < 2


def test_chroma_never_grows(wild):
    lightness, ab = wild
    _, kept = rgb_to_lab(lab_to_rgb(lightness, ab, dtype=np.uint16))
    before, after = (np.hypot(*np.moveaxis(colour, -1, 0)) for colour in (ab, kept))
    assert (after <= before + 0.02).all()


def test_as_much_chroma_is_kept_as_fits(wild):
    lightness, ab = wild
    kept = rgb_to_lab(lab_to_rgb(lightness, ab, dtype=np.uint16))[1]
    more = rgb_to_lab(lab_to_rgb(lightness, kept * np.float32(1.05), dtype=np.uint16))[1]
    before, after, again = (np.hypot(*np.moveaxis(colour, -1, 0)) for colour in (ab, kept, more))
    reduced = (after < 0.95 * before) & (after > 5)
    assert reduced.mean() > 0.3
    # Asked for 5 % more of what was kept, at most 1 % more fits.
    assert (again < 1.01 * after)[reduced].mean() > 0.99


@given(
    lightness=st.floats(0, 100, width=32),
    chroma=st.floats(0, 300, width=32),
    hue=st.floats(0, 6.25, width=32),
)
def test_any_colour_keeps_its_lightness(lightness, chroma, hue):
    plane = np.full((1, 1), lightness, np.float32)
    rgb = lab_to_rgb(plane, polar(plane, np.full((1, 1), chroma), np.full((1, 1), hue)))
    # Half an 8-bit level of each channel is at most 0.25 L*.
    assert rgb_to_lab(rgb)[0][0, 0] == pytest.approx(lightness, abs=0.3)


@pytest.mark.parametrize("lightness", [0, 100])
def test_black_and_white_stay_so_whatever_is_painted(lightness):
    plane = np.full((4, 4), lightness, np.float32)
    rgb = lab_to_rgb(plane, np.full((4, 4, 2), 80, np.float32))
    assert np.abs(rgb.astype(int) - round(lightness * 2.55)).max() <= 1
