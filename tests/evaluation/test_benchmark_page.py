"""The page of the open benchmark says what its numbers say, of the model that is shipped."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import pytest

import open_benchmark
from open_benchmark import NUMBERS, PAGE, page, why_stale
from photochrom.evaluation.measures import METRICS


@pytest.fixture
def numbers():
    return json.loads(NUMBERS.read_text(encoding="utf-8"))


def test_the_page_is_fresh(numbers):
    assert why_stale(numbers, PAGE.read_text(encoding="utf-8")) is None


def test_a_page_that_was_edited_is_stale(numbers):
    assert "docs/benchmark.md" in why_stale(numbers, page(numbers) + "better\n")


def test_numbers_of_another_model_are_stale(numbers):
    other = copy.deepcopy(numbers)
    other["evaluation"]["models"][0]["sha256"] = "0" * 64
    assert "another flagship" in why_stale(other, page(other))


def test_numbers_of_other_metrics_are_stale(numbers, monkeypatch):
    fewer = copy.deepcopy(numbers)
    fewer["evaluation"]["metrics"].pop()
    assert "other metrics" in why_stale(fewer, page(fewer))
    monkeypatch.setitem(METRICS, "psnr", replace(METRICS["psnr"], digits=5))
    assert "otherwise" in why_stale(numbers, page(numbers))


def test_page_and_numbers_are_made_of_an_evaluation(colour_folder, run_evaluation):
    found = run_evaluation(["flagship", "grey"], colour_folder, metrics=()).evaluation
    made = open_benchmark.numbers_of(found, ["top"] * 4 + ["sub"] * 2)
    assert made["count"] == 6
    assert made["by_set"]["sub"]["photos"]["count"] == [2]
    mean = made["by_set"]["sub"]["grey"]["delta_e"][0]
    assert mean == pytest.approx(found.scores["grey"]["delta_e"][4:].mean(), abs=1e-5)
    text = page(made)
    assert "| ΔE2000 ↓ |" in text
    assert "| sub (2), flagship |" in text
    assert "nan" not in text.replace("[nan, nan]", "")
