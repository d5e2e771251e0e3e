"""Old films see as they did, and hints reveal true colours."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from evaluation.conftest import chart
from photochrom.color.lab import rgb_to_lab
from photochrom.evaluation.film import BLACK, FILMS, WHITE, old_film
from photochrom.evaluation.hints import PATCH_PX, hint_planes
from photochrom.evaluation.measures import FILM_TITLES, HINT_COUNTS


def flat(colour):
    return np.full((60, 60, 3), colour, np.uint8)


def tone(colour, film):
    return old_film(flat(colour), film, seed=1).mean() / 255


def test_wet_plates_see_blue_as_white_and_red_as_black():
    assert tone((40, 60, 230), "wet_plate") > tone((120, 120, 120), "wet_plate") + 0.2
    assert tone((230, 40, 30), "wet_plate") < BLACK + 0.15


def test_orthochromatic_film_sees_green_and_no_red():
    assert tone((40, 200, 40), "orthochromatic") > 0.45
    assert tone((230, 20, 20), "orthochromatic") < BLACK + 0.12


def test_panchromatic_film_sees_red():
    assert tone((230, 20, 20), "panchromatic") > tone((230, 20, 20), "orthochromatic") + 0.2


@pytest.mark.parametrize("film", FILMS)
def test_film_fades_and_has_grain(film):
    white, black = (old_film(flat(level), film, seed=1) / 255 for level in (255, 0))
    assert white.mean() == pytest.approx(WHITE, abs=0.005)
    assert black.mean() == pytest.approx(BLACK, abs=0.005)
    assert 0.02 < white.std() < 0.03


@pytest.mark.parametrize("film", FILMS)
def test_the_same_photo_is_the_same_film_every_time(film):
    rgb = chart(3)
    first, second, other = (old_film(rgb, film, seed=seed) for seed in (5, 5, 6))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_every_film_has_a_title():
    assert FILMS.keys() == FILM_TITLES.keys()


def test_hints_are_patches_of_the_true_colours():
    ab = rgb_to_lab(chart(1, 64, 80))[1]
    none, one, *_, hundred = hint_planes(ab, (64, 80), seed=2)
    assert not none.any()
    places = np.argwhere(one[2])
    assert len(places) == PATCH_PX**2
    top, left = places.min(axis=0)
    patch = ab[top : top + PATCH_PX, left : left + PATCH_PX].mean(axis=(0, 1))
    np.testing.assert_allclose(one[:2, top + 3, left + 3], patch, rtol=1e-5)
    assert one[:2, one[2] == 0].max() == 0
    assert 0.3 < hundred[2].mean() < 1


def test_more_hints_include_the_fewer():
    ab = rgb_to_lab(chart(1))[1]
    curve = hint_planes(ab, (48, 64), seed=2)
    assert len(curve) == len(HINT_COUNTS)
    for fewer, more in pairwise(curve):
        assert (more[2] >= fewer[2]).all()


def test_hints_lie_around_the_middle_and_inside():
    ab = np.ones((64, 64, 2), np.float32)
    masks = np.array([hint_planes(ab, (64, 64), seed=seed)[1][2] for seed in range(200)])
    middle, border = masks[:, 24:40, 24:40].mean(), masks[:, :, :8].mean()
    assert middle > 2 * border


def test_hints_fit_into_pictures_smaller_than_a_patch():
    curve = hint_planes(np.ones((20, 4, 2), np.float32), (20, 4), seed=0)
    assert curve[-1][2].max() == 1


def test_a_model_that_takes_hints_gets_better_with_them(colour_folder, hint_model, run_evaluation):
    found = run_evaluation([str(hint_model), "grey"], colour_folder, metrics=("hints",)).evaluation
    curve = [found.summaries["hinted"][f"hints_{count}_psnr"].value for count in HINT_COUNTS]
    assert curve[0] < curve[3] < curve[5] < curve[6]
    assert np.isnan(found.summaries["grey"]["hints_5_psnr"].value)


def test_without_hints_such_a_model_paints_as_any(colour_folder, hint_model, run_evaluation):
    found = run_evaluation(
        [str(hint_model), "grey"], colour_folder, metrics=("psnr", "hints_0_psnr")
    ).evaluation
    own = found.scores["hinted"]
    np.testing.assert_allclose(own["hints_0_psnr"], own["psnr"])
    np.testing.assert_allclose(own["psnr"], found.scores["grey"]["psnr"], rtol=1e-3)


def test_where_no_model_takes_hints_the_curve_is_shown_as_na_if_asked_for(
    colour_folder, run_evaluation
):
    asked = run_evaluation(["grey"], colour_folder, metrics=("psnr", "hints")).evaluation
    assert [facts.name for facts in asked.metrics][1:] == [
        f"hints_{count}_psnr" for count in HINT_COUNTS
    ]
    assert all(np.isnan(asked.summaries["grey"][facts.name].value) for facts in asked.metrics[1:])
    unasked = run_evaluation(["grey"], colour_folder, metrics=()).evaluation
    assert "hints" not in {facts.group for facts in unasked.metrics}
