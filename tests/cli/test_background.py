"""Work begun on a thread: its result, and its errors, come where it is asked for."""

from __future__ import annotations

import pytest

from photochrom.cli.background import begin
from photochrom.errors import WeightsError


def test_the_result_comes_when_asked_for() -> None:
    assert begin(lambda: 6 * 7).result(timeout=5) == 42


def test_an_error_is_raised_where_the_result_is_asked_for() -> None:
    def fail() -> int:
        raise WeightsError("no weights")

    with pytest.raises(WeightsError, match="no weights"):
        begin(fail).result(timeout=5)
