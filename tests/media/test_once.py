"""Computed once for each object; objects do not wait for each other."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from photochrom.media.once import once


class Slow:
    """Counts how often its value is computed; two of them must be at work at the same time."""

    together = threading.Barrier(2, timeout=5)

    def __init__(self) -> None:
        self.count = 0

    @once
    def value(self) -> int:
        """A number."""
        self.count += 1
        self.together.wait()
        return self.count


def test_two_objects_compute_side_by_side_and_each_once() -> None:
    objects = [Slow(), Slow()]
    with ThreadPoolExecutor(8) as pool:
        values = list(pool.map(lambda i: objects[i % 2].value, range(16)))
    assert set(values) == {1}
    assert [each.count for each in objects] == [1, 1]


def test_the_words_are_those_of_the_function() -> None:
    assert Slow.value.__doc__ == "A number."
