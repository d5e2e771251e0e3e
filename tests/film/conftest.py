"""One colorizer for all films, and a film coloured in one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from photochrom import Colorizer


@pytest.fixture(scope="session")
def colorizer() -> Colorizer:
    return Colorizer(threads=1)


@pytest.fixture
def coloured(colorizer: Colorizer, tmp_path: Path) -> Callable[..., Any]:
    """Colours a film as `Wanted` says, and gives the outcome."""
    pytest.importorskip("av")
    pytest.importorskip("cv2")
    from photochrom.film.job import colour_film
    from photochrom.film.plan import Wanted, plan_film

    def run(source: Path, target: str = "out.mkv", *, on_frame: Any = None, **wanted: Any) -> Any:
        wanted.setdefault("codec", "ffv1" if target.endswith(".mkv") else "h264")
        plan = plan_film(source, tmp_path / target, Wanted(**wanted))
        return colour_film(plan, colorizer, on_frame=on_frame)

    return run
