"""What an evaluation was asked for, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from photochrom.errors import InputError

GIVEN = ("grey", "outline")
SMALLEST_PX, LARGEST_PX = 32, 4096


@dataclass(frozen=True)
class Settings:
    """How to measure. `metrics` holds names of metrics and groups; none means all.

    Raises `InputError` for values that mean nothing.
    """

    size_px: int = 256  # the short side at most
    limit: int | None = None  # so many photos, evenly spread over the set
    given: str = "grey"  # what models are given: "grey", or "outline" for models of drawings
    metrics: tuple[str, ...] = ()
    skip_grey: bool = False  # leave out photos without colour
    video: bool = False  # the photos are the frames of one film, in the order of their names
    inception: Path | None = None  # weights for FID

    def __post_init__(self) -> None:
        if not SMALLEST_PX <= self.size_px <= LARGEST_PX:
            raise InputError(
                f"the size is {self.size_px} px, and it goes from {SMALLEST_PX} to {LARGEST_PX}"
            )
        if self.limit is not None and self.limit < 1:
            raise InputError(f"the limit is {self.limit}, and it is at least 1")
        if self.given not in GIVEN:
            raise InputError(f"given is {self.given!r}, and it is one of {', '.join(GIVEN)}")
