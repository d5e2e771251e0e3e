"""ΔE2000 on every published pair, and colourfulness on pictures whose value is known."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000

from photochrom.color.difference import colourfulness, delta_e_2000

# L1 a1 b1, L2 a2 b2, ΔE2000: Sharma, Wu & Dalal 2005, table 1.
SHARMA = np.fromstring(
    """
    50 2.6772 -79.7751 50 0 -82.7485 2.0425
    50 3.1571 -77.2803 50 0 -82.7485 2.8615
    50 2.8361 -74.0200 50 0 -82.7485 3.4412
    50 -1.3802 -84.2814 50 0 -82.7485 1.0000
    50 -1.1848 -84.8006 50 0 -82.7485 1.0000
    50 -0.9009 -85.5211 50 0 -82.7485 1.0000
    50 0 0 50 -1 2 2.3669
    50 -1 2 50 0 0 2.3669
    50 2.4900 -0.0010 50 -2.4900 0.0009 7.1792
    50 2.4900 -0.0010 50 -2.4900 0.0010 7.1792
    50 2.4900 -0.0010 50 -2.4900 0.0011 7.2195
    50 2.4900 -0.0010 50 -2.4900 0.0012 7.2195
    50 -0.0010 2.4900 50 0.0009 -2.4900 4.8045
    50 -0.0010 2.4900 50 0.0010 -2.4900 4.8045
    50 -0.0010 2.4900 50 0.0011 -2.4900 4.7461
    50 2.5 0 50 0 -2.5 4.3065
    50 2.5 0 73 25 -18 27.1492
    50 2.5 0 61 -5 29 22.8977
    50 2.5 0 56 -27 -3 31.9030
    50 2.5 0 58 24 15 19.4535
    50 2.5 0 50 3.1736 0.5854 1.0000
    50 2.5 0 50 3.2972 0 1.0000
    50 2.5 0 50 1.8634 0.5757 1.0000
    50 2.5 0 50 3.2592 0.3350 1.0000
    60.2574 -34.0099 36.2677 60.4626 -34.1751 39.4387 1.2644
    63.0109 -31.0961 -5.8663 62.8187 -29.7946 -4.0864 1.2630
    61.2901 3.7196 -5.3901 61.4292 2.2480 -4.9620 1.8731
    35.0831 -44.1164 3.7933 35.0232 -40.0716 1.5901 1.8645
    22.7233 20.0904 -46.6940 23.0331 14.9730 -42.5619 2.0373
    36.4612 47.8580 18.3852 36.2715 50.5065 21.2231 1.4146
    90.8027 -2.0831 1.4410 91.1528 -1.6435 0.0447 1.4441
    90.9257 -0.5406 -0.9208 88.6381 -0.8985 -0.7239 1.5381
    6.7747 -0.2908 -2.4247 5.8714 -0.0985 -2.2286 0.6377
    2.0776 0.0795 -1.1350 0.9033 -0.0636 -0.5514 0.9082
    """,
    sep=" ",
).reshape(34, 7)


@pytest.mark.parametrize("pair", SHARMA, ids=lambda pair: f"ΔE {pair[6]}")
def test_every_published_pair_has_its_difference(pair):
    assert delta_e_2000(pair[:3], pair[3:6]) == pytest.approx(pair[6], abs=5e-5)
    assert delta_e_2000(pair[3:6], pair[:3]) == pytest.approx(pair[6], abs=5e-5)


def test_random_colours_agree_with_scikit_image(rng):
    lab1, lab2 = rng.uniform([0, -90, -90], [100, 90, 90], (2, 30, 40, 3))
    difference = delta_e_2000(lab1, lab2)
    assert difference.shape == (30, 40)
    np.testing.assert_allclose(difference, deltaE_ciede2000(lab1, lab2), atol=1e-9)


def test_a_colour_does_not_differ_from_itself(rng):
    lab = rng.uniform([0, -90, -90], [100, 90, 90], (50, 3))
    assert delta_e_2000(lab, lab).max() == 0


def test_grey_pictures_have_no_colourfulness(rng):
    grey = rng.integers(0, 256, (20, 20, 1), dtype=np.uint8).repeat(3, axis=2)
    assert colourfulness(grey) == 0


def test_colourfulness_of_two_halves_is_what_the_paper_defines():
    # Red and cyan: rg is ±255, yb is ±127.5; both means 0, so σ = √(255² + 127.5²).
    halves = np.array([[[255, 0, 0], [0, 255, 255]]], np.uint8)
    assert colourfulness(halves) == pytest.approx(np.hypot(255, 127.5))
    # One colour has no spread, only a mean: 0.3 · √(255² + 127.5²).
    assert colourfulness(halves[:, :1]) == pytest.approx(0.3 * np.hypot(255, 127.5))


def test_colourfulness_wants_eight_bit_rgb():
    with pytest.raises(ValueError, match="uint8"):
        colourfulness(np.zeros((2, 2, 3), np.uint16))
    with pytest.raises(ValueError, match=r"\(H, W, 3\)"):
        colourfulness(np.zeros((2, 2), np.uint8))
