"""Strips cover a picture once, and threads hand their errors back."""

from __future__ import annotations

import numpy as np
import pytest

from photochrom.color.strips import STRIP_PIXELS, each_strip, strips


@pytest.mark.parametrize(
    ("height", "width"), [(1, 1), (1, 10_000), (10_000, 1), (3000, 4000), (5, 2 * STRIP_PIXELS)]
)
def test_strips_cover_every_row_once(height, width):
    covered = [row for rows in strips(height, width) for row in range(rows.start, rows.stop)]
    assert covered == list(range(height))


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_every_strip_is_worked_on_once_with_scratch_of_its_size(threads):
    count = np.zeros((700, 1000), int)

    def work(rows, scratch):
        assert scratch.shape == (3, rows.stop - rows.start, 1000)
        scratch[...] = rows.start
        count[rows] += 1

    each_strip(700, 1000, work, planes=3, threads=threads)
    assert (count == 1).all()


@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_in_a_strip_reaches_the_caller(threads):
    def work(rows, scratch):
        raise RuntimeError("in the strip")

    with pytest.raises(RuntimeError, match="in the strip"):
        each_strip(700, 1000, work, planes=1, threads=threads)


def test_no_threads_are_refused():
    with pytest.raises(ValueError, match="threads is 0"):
        each_strip(1, 1, lambda rows, scratch: None, planes=1, threads=0)
