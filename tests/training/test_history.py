"""What a run's JSON lines say when they are read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photochrom.training.history import Curve, History


def history(*entries: dict[str, object]) -> History:
    found = History()
    for entry in entries:
        found.add({"time": 1.0, **entry})
    return found


def test_numbers_become_curves_over_steps() -> None:
    found = history({"step": 50, "l1": 3.0, "px": 96}, {"step": 100, "l1": 2.0})
    assert found.curves["l1"] == Curve([50, 100], [3.0, 2.0])
    assert found.curves["px"] == Curve([50], [96.0])
    assert found.step == 100
    assert set(found.curves) == {"l1", "px"}


def test_what_is_no_number_is_no_curve() -> None:
    found = history({"step": 1, "l1": None, "kind": "bce", "flag": True, "bad": float("nan")})
    assert found.curves == {}


def test_steps_that_are_trained_again_replace_the_killed_ones() -> None:
    found = history(
        *({"step": step, "l1": 1.0} for step in (10, 20, 30, 40)),
        {"step": 20, "l1": 2.0},
        {"step": 30, "l1": 2.0},
    )
    assert found.curves["l1"] == Curve([10, 20, 30], [1.0, 2.0, 2.0])


def test_pictures_of_steps_that_are_trained_again_are_forgotten() -> None:
    found = history(
        *({"picture": "samples", "step": step, "file": f"{step}.png"} for step in (0, 10, 20)),
        {"picture": "samples", "step": 10, "file": "new.png"},
    )
    assert found.pictures == {"samples": {0: "0.png", 10: "new.png"}}


def test_words_and_facts_are_kept() -> None:
    found = history({"facts": {"a": "1"}}, {"said": "hello"}, {"facts": {"a": "2", "b": "3"}})
    assert found.facts == {"a": "2", "b": "3"}
    assert found.said == [(1.0, "hello")]


def test_torn_lines_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    whole = json.dumps({"time": 1, "step": 5, "l1": 1.0}).encode()
    path.write_bytes(whole + b'\n{"time": 2, "ste\n[1]\n7\n{"said": 1}\n\n\xff\xfe\n' + whole[:-3])
    assert History.read(path).curves["l1"] == Curve([5], [1.0])


def test_without_a_file_there_is_no_history(tmp_path: Path) -> None:
    assert History.read(tmp_path / "log.jsonl") == History()


@pytest.mark.parametrize("count", [1, 7, 400, 401, 12_345])
def test_a_thinned_curve_keeps_its_mean_end_and_order(count: int) -> None:
    curve = Curve(list(range(count)), [float(step % 10) for step in range(count)])
    thinned = curve.thinned(400)
    assert len(thinned.steps) <= 400
    assert thinned.steps[-1] == count - 1
    assert thinned.steps == sorted(set(thinned.steps))
    assert sum(thinned.values) / len(thinned.values) == pytest.approx(
        sum(curve.values) / count, rel=0.05, abs=0.01
    )


@given(st.lists(st.integers(0, 50), max_size=60))
def test_steps_of_a_curve_always_rise(steps: list[int]) -> None:
    curve = Curve()
    for step in steps:
        curve.add(step, 0.0)
    assert all(a < b for a, b in zip(curve.steps, curve.steps[1:], strict=False))
    assert curve.steps[-1:] == steps[-1:]
