"""PSNR of pictures and of their chroma; colourfulness of several pictures."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio

from photochrom.color.difference import colourfulness as of_one
from photochrom.color.lab import rgb_to_lab
from photochrom.evaluation.metrics.colourfulness import colourfulness
from photochrom.evaluation.metrics.fidelity import chroma_psnr, psnr
from photochrom.evaluation.planes import Planes, slope


@pytest.fixture
def pictures(rng):
    return rng.integers(0, 256, (3, 40, 50, 3), dtype=np.uint8)


def test_psnr_agrees_with_scikit_image(pictures):
    truth, *painted = pictures
    found = psnr(Planes(painted), Planes([truth]))
    expected = [peak_signal_noise_ratio(truth, each, data_range=255) for each in painted]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_psnr_of_one_level_everywhere_is_what_the_formula_says():
    black = np.zeros((8, 8, 3), np.uint8)
    assert psnr(Planes([black + 1]), Planes([black])).item() == pytest.approx(48.1308, abs=1e-4)


def test_identical_pictures_have_a_hundred_decibels(pictures):
    same = Planes(pictures[:1])
    assert psnr(same, same).item() == pytest.approx(100)
    assert chroma_psnr(same, same).item() == pytest.approx(100)


def test_chroma_psnr_sees_colour_and_not_lightness(pictures):
    truth, painted = pictures[:2]
    expected = peak_signal_noise_ratio(rgb_to_lab(truth)[1], rgb_to_lab(painted)[1], data_range=255)
    found = chroma_psnr(Planes([painted]), Planes([truth]))
    assert found.item() == pytest.approx(expected, rel=1e-5)
    greys = [np.full((8, 8, 3), level, np.uint8) for level in (40, 200)]
    assert chroma_psnr(Planes(greys[:1]), Planes(greys[1:])).item() == pytest.approx(100)


def test_colourfulness_is_that_of_each_picture(pictures):
    found = colourfulness(Planes(pictures))
    np.testing.assert_allclose(found, [of_one(each) for each in pictures], rtol=1e-6)


def test_a_ramp_has_its_own_slope(pictures):
    lab = Planes(pictures[:1]).lab.clone()
    lab[...] = 0
    lab[:, 1] += 3 * torch.arange(50)
    lab[:, 2] += 4 * torch.arange(50)
    inner = slope(lab)[:, :, 1:-1]
    np.testing.assert_allclose(inner, 5, rtol=1e-6)
