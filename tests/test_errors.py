"""The exception tree: what each kind becomes for a shell and for HTTP."""

from __future__ import annotations

import pytest

from photochrom.errors import (
    InputError,
    PhotochromError,
    SetupError,
    WeightsError,
    missing_extra,
)


@pytest.mark.parametrize(
    ("kind", "exit_code", "http_status"),
    [(InputError, 2, 422), (WeightsError, 3, 503), (SetupError, 4, 500)],
)
def test_each_kind_has_its_exit_code_and_its_http_status(
    kind: type[PhotochromError], exit_code: int, http_status: int
) -> None:
    assert issubclass(kind, PhotochromError)
    assert (kind.exit_code, kind.http_status) == (exit_code, http_status)


def test_a_missing_extra_names_the_command_that_installs_it() -> None:
    error = missing_extra("Reading HEIC", "pillow-heif", "heif")
    assert isinstance(error, SetupError)
    assert "pip install 'photochrom[heif]'" in str(error)
    assert "Reading HEIC needs the package pillow-heif" in str(error)
