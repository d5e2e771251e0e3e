"""What every test may ask for: the shared photographs, and deterministic random numbers."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def skip_or_fail(reason: str) -> None:
    """Skip at the desk; fail in CI, where everything must be there."""
    if os.environ.get("CI"):
        pytest.fail(f"in CI this may not be absent: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `shared` beside the repository: photographs and weights that are not ours."""
    if not (SHARED / "bench").is_dir():
        skip_or_fail(f"{SHARED} is absent: it holds the photographs that this test measures on")
    return SHARED


@pytest.fixture
def rng() -> np.random.Generator:
    """Random numbers that are the same on every run."""
    return np.random.default_rng(7)
