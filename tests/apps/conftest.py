"""A headless browser, and photographs to show to the pages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import Browser, chromium
from serving import encoded, grey_picture


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if chromium() is None:
        absent = pytest.fail if os.environ.get("CI") else pytest.skip
        absent("chromium is absent: apt-get install chromium")
    with Browser(tmp_path_factory.mktemp("profile"), timeout_s=60) as found:
        found.screen(1280, 900)
        yield found


@pytest.fixture(scope="session")
def old_photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grey JPEG, 120 × 80 px."""
    path = tmp_path_factory.mktemp("photos") / "Oma.jpg"
    path.write_bytes(encoded(grey_picture(120, 80)))
    return path
