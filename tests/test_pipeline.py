"""Several pictures at a time, in order, few in memory."""

from __future__ import annotations

import threading
import time

import pytest

from photochrom.pipeline import in_order


def test_results_come_in_the_order_of_the_items() -> None:
    def slower_first(number: int) -> int:
        time.sleep(0.01 * (5 - number))
        return number

    assert list(in_order(slower_first, range(5), workers=3)) == [0, 1, 2, 3, 4]


def test_two_are_worked_on_at_the_same_time() -> None:
    both = threading.Barrier(2, timeout=10)
    list(in_order(lambda _: both.wait(), range(4), workers=2))


def test_items_are_taken_only_as_results_are_used() -> None:
    taken = []

    def items() -> object:
        for number in range(100):
            taken.append(number)
            yield number

    results = in_order(lambda number: number, items(), workers=2)
    next(results)
    assert len(taken) == 3
    results.close()
    assert len(taken) == 3


def test_stopping_early_finishes_what_is_under_way() -> None:
    begun, done = [], []

    def work(number: int) -> None:
        begun.append(number)
        time.sleep(0.02)
        done.append(number)

    results = in_order(work, range(100), workers=2)
    next(results)
    results.close()
    assert sorted(begun) == sorted(done)
    assert len(done) < 6


def test_an_error_of_the_work_reaches_the_caller() -> None:
    def work(number: int) -> int:
        return 1 // number

    with pytest.raises(ZeroDivisionError):
        list(in_order(work, [1, 0, 1], workers=2))


def test_no_items_give_no_results() -> None:
    assert list(in_order(str, [], workers=2)) == []
