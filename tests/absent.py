"""What a machine may lack at the desk, and must have in CI."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def skip_or_fail(reason: str) -> NoReturn:
    """Skip at the desk; fail in CI, where everything must be there."""
    if os.environ.get("CI"):
        pytest.fail(f"in CI this may not be absent: {reason}")
    pytest.skip(reason)
