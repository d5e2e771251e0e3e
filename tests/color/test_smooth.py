"""Memories of colour: means of looks, weighed by trust."""

from __future__ import annotations

import numpy as np

from photochrom.color.smooth import as_chroma, between, faded, joined, remembered


def plain(cb, cr, looks=1.0, size=(3, 4)):
    chroma = np.empty((2, *size), np.float32)
    chroma[0], chroma[1] = cb, cr
    return remembered(chroma, looks)


def test_a_memory_is_the_mean_of_its_looks():
    memory = plain(10, -10)
    for cb in (20, 30, 40):
        memory = joined(memory, plain(cb, -10))
    np.testing.assert_allclose(as_chroma(memory)[0], 25)
    np.testing.assert_allclose(memory[..., 2], 4)


def test_what_cannot_be_trusted_does_not_count():
    trust = np.zeros((3, 4), np.float32)
    trust[:, 2:] = 1
    old = faded(plain(50, 0, 9), trust, most=3)
    np.testing.assert_allclose(old[..., 2], 3 * trust)
    memory = joined(plain(10, 0), old)
    np.testing.assert_allclose(memory[:, :2, 0], 10)
    np.testing.assert_allclose(memory[:, 2:, 0], (10 + 3 * 50) / 4)


def test_nobody_sure_of_a_pixel_leaves_a_number():
    memory = joined(plain(10, 5, 0), plain(30, 5, 0))
    assert np.isfinite(memory).all()


def test_between_two_frames_both_count_by_nearness_and_trust():
    before, after = plain(0, 8), plain(10, 8)
    sure = np.ones((3, 4), np.float32)
    np.testing.assert_allclose(between(before, after, (sure, sure), 0.3)[0], 3, atol=1e-5)
    np.testing.assert_allclose(between(before, after, (sure, sure), 0.3)[1], 8, atol=1e-5)
    half = between(before, after, (sure * 0, sure), 0.5)[0]
    assert half.min() > 9.9
    lost = between(before, after, (sure * 0, sure * 0), 0.5)[0]
    np.testing.assert_allclose(lost, 5, atol=1e-5)
