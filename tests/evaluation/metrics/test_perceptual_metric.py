"""LPIPS of several pictures against one photo is LPIPS of each pair."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from photochrom.evaluation.metrics import perceptual
from photochrom.evaluation.metrics.perceptual import Perceptual
from photochrom.evaluation.planes import Planes
from photochrom.perception.lpips import LPIPS


@pytest.fixture
def pictures(rng):
    return rng.integers(0, 256, (4, 48, 40, 3), dtype=np.uint8)


@pytest.mark.parametrize("kind", ["alex", "squeeze"])
@pytest.mark.parametrize("pixels", [1 << 20, 48 * 40 * 2, 1])
def test_distances_are_those_of_each_pair(pictures, monkeypatch, kind, pixels):
    monkeypatch.setattr(perceptual, "FORWARD_PIXELS", pixels)
    truth, *painted = pictures
    found = Perceptual(kind).distance(Planes(painted), Planes([truth]))
    lpips = LPIPS(kind).eval()
    with torch.inference_mode():
        reference = Planes([truth]).levels / 255
        expected = [lpips(Planes([each]).levels / 255, reference).item() for each in painted]
    assert found.tolist() == pytest.approx(expected, rel=1e-4)


def test_the_photo_itself_has_no_distance(pictures):
    same = Planes(pictures[:1])
    assert Perceptual("alex").distance(same, same).item() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("kind", "least"), [("alex", 31), ("squeeze", 17)])
def test_too_small_pictures_have_none(rng, kind, least):
    for side, there in ((least - 1, False), (least, True)):
        small = rng.integers(0, 256, (2, side, 40, 3), dtype=np.uint8)
        found = Perceptual(kind).distance(Planes(small[:1]), Planes(small[1:]))
        assert torch.isfinite(found).all().item() is there
