"""What a `photochrom colorize` run was asked for, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from photochrom.color.hints import Hint
    from photochrom.painting import Wishes


@dataclass(frozen=True)
class Settings:
    """The options of a run; `format` is the name of a `photochrom.media.formats.FORMATS` entry.

    `jpeg` is None where it is the model's own way. `candidates` counts the ordinary result.
    """

    strength: float
    format: str | None
    quality: int | None
    jpeg: str | None
    recolor: bool
    overwrite: bool
    dry_run: bool
    max_megapixels: float
    allow_truncated: bool
    vividness: float | None = None
    hints: tuple[Hint, ...] = ()
    effort: str = "usual"
    candidates: int = 1
    uncertainty: bool = False

    @property
    def wishes(self) -> Wishes:
        """The most that any of the pictures is wished to be."""
        from photochrom.painting import Wishes

        return Wishes(self.vividness, self.hints, self.effort, candidate=self.candidates - 1)

    def options_for(self, format_name: str) -> str:
        """The options that change a result of this format, as its provenance records them.

        What is left at its default, or means nothing to the format, is not named.
        """
        words = []
        if self.quality is not None:
            words.append(f"quality={self.quality}")
        if format_name == "JPEG" and self.jpeg is not None:
            words.append(f"jpeg={self.jpeg}")
        return " ".join(words)
