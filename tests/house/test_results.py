"""The results page says what was measured, of every recipe that it should."""

from __future__ import annotations

import json

import results_page
from photochrom.training.recipe_file import read_recipe
from results import RECIPES


def test_the_page_is_made_of_the_measured_numbers() -> None:
    found = json.loads(results_page.RESULTS.read_text(encoding="utf-8"))
    written = results_page.PAGE.read_text(encoding="utf-8")
    assert written == results_page.page(found), "stale: python benchmarks/results.py write"


def test_every_recipe_was_measured_with_the_same_budget() -> None:
    runs = json.loads(results_page.RESULTS.read_text(encoding="utf-8"))["runs"]
    assert set(runs) == set(RECIPES)
    for name, run in runs.items():
        wanted = read_recipe(name, variant="equal").run.minutes
        assert wanted <= run["minutes"] <= wanted + 0.5, name
