"""A photo under measurement: its pixels are read, and made grey, when they are first needed."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from photochrom.color.outline import draw_outline
from photochrom.evaluation.models import Given
from photochrom.evaluation.photos import ColourPhoto, Opened
from photochrom.evaluation.planes import Planes
from photochrom.evaluation.settings import Settings
from photochrom.media.pixels import rgb_to_grey

Rgb = NDArray[np.uint8]


class Subject:
    """A photo of which the bytes have been read."""

    def __init__(self, opened: Opened, settings: Settings) -> None:
        self.opened = opened
        self.settings = settings
        self.key = (opened.sha256, settings.size_px, settings.given)
        self.painted: dict[str, Rgb] = {}  # by model, those that will be asked for again
        self.seed = int(opened.sha256[:12], 16)

    @cached_property
    def photo(self) -> ColourPhoto:
        """The pixels at the size that is measured."""
        return self.opened.photo(self.settings.size_px)

    @cached_property
    def truth(self) -> Planes:
        """The photo as the metrics see it."""
        return Planes([self.photo.rgb])

    @cached_property
    def given(self) -> Given:
        """What models are given of it."""
        return self.given_as(given_of(self.photo.rgb, self.settings))

    def given_as(self, grey: NDArray[np.uint8]) -> Given:
        """The same photo with another grey (H, W)."""
        return Given(grey, self.opened.source.partner_name, self.photo.full_size)


def given_of(rgb: Rgb, settings: Settings) -> NDArray[np.uint8]:
    """What models are given of a photo rgb (H, W, 3): its grey of the same L*, or its outlines."""
    if settings.given == "outline":
        return draw_outline(rgb)
    return rgb_to_grey(rgb).astype(np.uint8, copy=False)
