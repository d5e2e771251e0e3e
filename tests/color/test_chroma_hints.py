"""Chroma beside a luma that stays: colours are found for it, and laid round each hint."""

from __future__ import annotations

import numpy as np
import pytest

from photochrom.color.chroma_hints import cbcr_at, meet_hints
from photochrom.color.lab import rgb_to_lab
from photochrom.color.spread import Spots, within_gamut
from photochrom.color.srgb import linear_table


def decoded(luma: np.ndarray, cbcr: np.ndarray) -> np.ndarray:
    """R′G′B′ (K, 3) of luma (K,) and chroma (K, 2), as JFIF says."""
    cb, cr = cbcr.T
    channels = luma + 1.402 * cr, luma - 0.344136 * cb - 0.714136 * cr, luma + 1.772 * cb
    return np.stack(channels, axis=1)


def test_the_chroma_found_gives_the_colour_beside_its_luma(rng: np.random.Generator) -> None:
    luma = rng.uniform(5, 250, 60).astype(np.float32)
    ab = rng.uniform(-70, 70, (60, 2)).astype(np.float32)
    rgb = decoded(luma, cbcr_at(luma, ab))
    assert rgb.min() > -1
    assert rgb.max() < 256
    lightness, found = rgb_to_lab(np.rint(rgb.clip(0, 255) * 257).astype(np.uint16)[None])
    assert np.abs(found[0] - within_gamut(lightness[0], ab)).max() < 1.5


def test_grey_stays_grey() -> None:
    assert not cbcr_at(np.array([0, 90, 255], np.float32), np.zeros((3, 2), np.float32)).any()


def test_a_files_own_tone_is_heeded() -> None:
    luma, ab = np.array([120], np.float32), np.array([[30, 20]], np.float32)
    srgb = linear_table(np.dtype(np.uint8))
    assert np.allclose(cbcr_at(luma, ab, srgb), cbcr_at(luma, ab), atol=0.7)
    assert not np.allclose(cbcr_at(luma, ab, srgb**1.5), cbcr_at(luma, ab), atol=3)


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (30, 50)])
def test_a_spot_is_met_and_what_lies_far_off_stays(size: tuple[int, int]) -> None:
    luma = np.full(size, 120, np.uint8)
    planes = np.full(size, 128, np.uint8), np.full(size, 128, np.uint8)
    spots = Spots(np.array([[0.5, 0.9]]), np.array([[30, 20]], np.float32))
    own = np.array([120], np.float32)
    met = meet_hints(planes, luma, spots, own, None)
    row, column = (int(place[0]) for place in spots.pixels(*size))
    wanted = cbcr_at(own, spots.ab)[0] + 128
    assert [int(plane[row, column]) for plane in met] == pytest.approx(wanted.tolist(), abs=2)
    assert all(plane[0, 0] == 128 for plane in met if size[1] > 1)


def test_the_other_side_of_an_edge_is_hardly_touched() -> None:
    luma = np.full((200, 200), 200, np.uint8)
    luma[:, 100:] = 60
    planes = np.full(luma.shape, 128, np.uint8), np.full(luma.shape, 128, np.uint8)
    spots = Spots(np.array([[0.5, 0.52]]), np.array([[40, 30]], np.float32))
    _, cr = meet_hints(planes, luma, spots, np.array([60], np.float32), None)
    assert cr[100, 103] > 140
    assert np.all(np.abs(cr[:, :98].astype(int) - 128) <= 3)
