"""What a `photochrom colorize` run was asked for, as one value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """The options of a run; `format` is the name of a `photochrom.media.formats.FORMATS` entry.

    `jpeg` is None where it is the model's own way.
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
