"""Metrics are chosen by name and by group, and say what they are."""

from __future__ import annotations

import pytest

from photochrom.errors import InputError
from photochrom.evaluation.measures import GROUPS, METRICS, choose_metrics
from photochrom.evaluation.settings import Settings


def test_all_is_everything_that_can_be_measured():
    chosen = choose_metrics([], inception=False, video=False)
    assert {METRICS[name].group for name in chosen} == set(GROUPS) - {"video"}
    assert "fmd" in chosen
    assert "fid" not in chosen
    assert choose_metrics([], inception=True, video=True) == list(METRICS)


def test_groups_and_names_may_be_mixed():
    chosen = choose_metrics(["bleeding", "reference"], inception=False, video=False)
    assert chosen[0] == "psnr"
    assert chosen[-1] == "bleeding"
    assert {METRICS[name].group for name in chosen} == {"reference", "colour"}


def test_weights_of_inception_mean_that_fid_is_wanted():
    assert choose_metrics(["psnr"], inception=True, video=False) == ["psnr", "fid"]


def test_an_unknown_metric_lists_the_near_ones():
    with pytest.raises(InputError, match=r"no metric 'lpips_alexx'\. Did you mean: lpips_alex"):
        choose_metrics(["lpips_alexx"], inception=False, video=False)


@pytest.mark.parametrize(
    ("name", "words"),
    [("fid", "--inception"), ("warp_error", "--video"), ("video", "--video")],
)
def test_what_lacks_something_says_what(name, words):
    with pytest.raises(InputError, match=words):
        choose_metrics([name, "psnr"], inception=False, video=False)


@pytest.mark.parametrize("facts", METRICS.values(), ids=METRICS)
def test_every_metric_says_what_it_is(facts):
    assert facts.group in GROUPS
    assert facts.meaning.endswith(".")
    assert (facts.target is not None) == (facts.better == "closest")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"size_px": 8}, "32 to 4096"),
        ({"limit": 0}, "at least 1"),
        ({"given": "sketch"}, "outline"),
    ],
)
def test_settings_that_mean_nothing_are_refused(setting, words):
    with pytest.raises(InputError, match=words):
        Settings(**setting)
