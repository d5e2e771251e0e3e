"""What became of a picture that was encoded or written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Saved:
    """What was written, and how."""

    path: Path | None  # None for `encode`
    format: str  # a name of `photochrom.media.formats.FORMATS`
    way: str  # "splice": luma bytes copied; "ordinary": JPEG to JPEG, encoded anew; "pixels"
    note: str | None = None  # what was lost or left out
