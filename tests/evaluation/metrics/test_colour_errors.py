"""The errors that people see, on pictures whose values are known."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from photochrom.color.lab import lab_to_rgb
from photochrom.evaluation.metrics.bleeding import bleeding
from photochrom.evaluation.metrics.blobs import blob_share, label_patches
from photochrom.evaluation.metrics.errors import (
    far_off_share,
    grey_left_share,
    hue_distance,
    hue_histograms,
    saturation_ratio,
)
from photochrom.evaluation.planes import Planes

HEIGHT, WIDTH = 80, 100


def picture(*patches, lightness=60.0, ground=(0.0, 0.0)):
    """An even ground with patches (rows, columns, (a, b)) on it; L* the same everywhere."""
    ab = np.empty((HEIGHT, WIDTH, 2), np.float32)
    ab[:] = ground
    for rows, columns, colour in patches:
        ab[rows, columns] = colour
    light = np.broadcast_to(np.asarray(lightness, np.float32), (HEIGHT, WIDTH))
    return lab_to_rgb(np.ascontiguousarray(light), ab)


def planes(*pictures):
    return Planes(list(pictures))


QUARTER = (slice(0, 40), slice(0, 50), (40.0, 20.0))
MIDDLE = (slice(30, 50), slice(40, 60), (45.0, 25.0))


def test_far_off_is_the_share_that_is_more_than_twenty_away():
    truth = planes(picture(QUARTER))
    near = (*QUARTER[:2], (25.0, 20.0))
    found = far_off_share(planes(picture(), picture(QUARTER), picture(near)), truth)
    assert found.tolist() == pytest.approx([0.25, 0, 0])


def test_saturation_is_the_ratio_of_mean_chromas():
    half = (*QUARTER[:2], (20.0, 10.0))
    found = saturation_ratio(planes(picture(half), picture()), planes(picture(QUARTER)))
    assert found.tolist() == pytest.approx([0.5, 0], abs=0.01)


def test_a_photo_without_colour_has_no_saturation_to_keep():
    assert torch.isnan(saturation_ratio(planes(picture(QUARTER)), planes(picture()))).all()


def test_grey_left_over_is_what_has_colour_and_got_none():
    pale = (*QUARTER[:2], (6.0, 3.0))
    found = grey_left_share(planes(picture(), picture(pale)), planes(picture(QUARTER)))
    assert found.tolist() == pytest.approx([0.25, 0])


def test_hue_histograms_are_shares_that_know_grey():
    histograms = hue_histograms(planes(picture(), picture(QUARTER)))
    assert histograms.sum(dim=1).tolist() == pytest.approx([1, 1])
    assert histograms[0, -1].item() == pytest.approx(1)
    assert histograms[1, -1].item() == pytest.approx(0.75, abs=1e-3)
    hue = np.degrees(np.arctan2(20, 40)) / 10
    assert histograms[1, int(hue) : int(hue) + 2].sum().item() == pytest.approx(0.25, abs=1e-3)


def test_hue_distance_is_zero_for_the_same_and_one_for_nothing_in_common():
    red, blue = picture(ground=(40.0, 20.0)), picture(ground=(10.0, -40.0))
    found = hue_distance(planes(red, blue, picture()), planes(red))
    assert found.tolist() == pytest.approx([0, 1, 1], abs=1e-3)


def test_hues_just_around_zero_degrees_are_neighbours():
    below, above = picture(ground=(40.0, -1.0)), picture(ground=(40.0, 1.0))
    assert hue_distance(planes(below), planes(above)).item() < 0.4


def test_a_patch_that_nothing_in_the_picture_bounds_is_a_blob():
    found = blob_share(planes(picture(MIDDLE), picture()), planes(picture()))
    area = 20 * 20 / (HEIGHT * WIDTH)
    assert found[0].item() == pytest.approx(area, rel=0.25)
    assert found[1].item() == 0


def test_a_patch_along_an_edge_of_lightness_is_no_blob():
    lightness = np.full((HEIGHT, WIDTH), 60.0)
    lightness[MIDDLE[0], MIDDLE[1]] = 40
    grey = picture(lightness=lightness)
    assert blob_share(planes(picture(MIDDLE, lightness=lightness)), planes(grey)).item() == 0


def test_a_patch_that_is_there_is_no_blob():
    assert blob_share(planes(picture(MIDDLE)), planes(picture(MIDDLE))).item() == 0


def test_a_tone_over_all_of_the_picture_is_no_blob():
    assert blob_share(planes(picture(ground=(30.0, 30.0))), planes(picture())).item() == 0


def test_patches_touch_by_their_sides_only_and_keep_kinds_apart():
    kinds = np.array([[0, 0, -1, 1], [-1, 0, -1, 1], [2, -1, 1, 1], [2, 2, -1, -1]], np.int32)
    patches = label_patches(kinds)
    assert (patches[kinds < 0] == -1).all()
    groups = [{(0, 0), (0, 1), (1, 1)}, {(0, 3), (1, 3), (2, 2), (2, 3)}, {(2, 0), (3, 0), (3, 1)}]
    found = [set(zip(*(patches == n).nonzero(), strict=True)) for n in range(patches.max() + 1)]
    assert sorted(map(sorted, found)) == sorted(map(sorted, groups))


def test_patches_that_join_below_are_one():
    kinds = np.array([[0, -1, 0], [0, -1, 0], [0, 0, 0]], np.int32)
    assert label_patches(kinds).max() == 0


def test_labels_agree_with_scikit_image(rng):
    from skimage.measure import label

    kinds = rng.integers(-1, 3, (40, 50)).astype(np.int32)
    ours, theirs = label_patches(kinds), label(kinds, background=-1, connectivity=1)
    pairs = set(zip(ours.ravel().tolist(), theirs.ravel().tolist(), strict=True))
    assert len(pairs) == len({p[0] for p in pairs}) == len({p[1] for p in pairs})


def test_colour_that_ends_on_a_flat_ground_bleeds():
    truth = planes(picture())
    found = bleeding(planes(picture(MIDDLE), picture(), picture(ground=(30.0, 30.0))), truth)
    assert found[0].item() > 0.3
    assert found[1:].tolist() == pytest.approx([0, 0], abs=1e-4)


def test_colour_that_ends_at_an_edge_or_where_the_true_one_does_bleeds_not():
    lightness = np.full((HEIGHT, WIDTH), 60.0)
    lightness[MIDDLE[0], MIDDLE[1]] = 40
    edge = planes(picture(lightness=lightness))
    assert bleeding(planes(picture(MIDDLE, lightness=lightness)), edge).item() < 1e-3
    assert bleeding(planes(picture(MIDDLE)), planes(picture(MIDDLE))).item() == 0


def test_bleeding_is_not_available_where_nothing_is_flat(rng):
    noise = rng.integers(0, 256, (20, 20, 3), dtype=np.uint8)
    checks = np.indices((20, 20)).sum(axis=0) % 4 < 2
    noise[checks] //= 8
    ramp = np.arange(20, dtype=np.uint8) * 12
    steep = np.broadcast_to(ramp[None, :, None], (20, 20, 3)).copy()
    assert torch.isnan(bleeding(planes(noise), planes(steep))).all()
