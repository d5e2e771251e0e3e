"""A drawing in colour, by a model that paints lightness too; otherwise as a photograph."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from photochrom.color.drawing import dark_on_white, is_light_on_dark, merge_drawing, on_paper
from photochrom.color.lab import rgb_to_lab
from photochrom.color.srgb import Coded, Floats
from photochrom.errors import InputError
from photochrom.media.once import once
from photochrom.media.truncation import absent_pixels
from photochrom.result import Photo


class Drawing(Photo):
    """A drawing in colour, made by `Colorizer.colorize` with a model that `paints` rgb.

    The model sees dark lines on white paper, whatever the drawing has, and paints that paper too:
    the result has no alpha, and a JPEG is always encoded anew.
    """

    default_jpeg: ClassVar[str] = "ordinary"
    _keeps_luma: ClassVar[bool] = False

    @once
    def painted(self) -> NDArray[np.uint16]:
        """What the model painted, rgb (h, w, 3) in sRGB, upright and small, before `strength`."""
        painted: NDArray[np.uint16] = self._painting.paint(self._outline)
        return painted

    @once
    def ab(self) -> Floats:
        """The colours ab (h, w, 2) of `painted`."""
        return rgb_to_lab(self.painted)[1]

    @once
    def _outline(self) -> Coded:
        return dark_on_white(self._drawn)

    @once
    def _drawn(self) -> Coded:
        pixels = self._pixels
        return pixels.grey if pixels.alpha is None else on_paper(pixels.grey, pixels.alpha)

    @property
    def alpha(self) -> None:
        """None: what was see-through has been painted as paper."""
        return

    @once
    def rgb(self) -> Coded:
        """The picture (H, W, 3) in sRGB, upright: uint8, or uint16 where the source has 16 bits."""
        rgb = merge_drawing(
            self._outline, self.painted, strength=self.strength, threads=self._threads
        )
        if self.source.truncated:
            absent = absent_pixels(self._pixels.grey, self.source.orientation)
            rgb[absent] = self._outline[absent][:, None]
        return rgb

    def _jpeg_way(self, asked_for: str | None) -> str:
        if asked_for == "splice":
            raise InputError(why_no_splice(self.model.name))
        return super()._jpeg_way(asked_for)

    def _note(self, *parts: str | None) -> str | None:
        clear = None if self._pixels.alpha is None else "what was see-through is paper now"
        turned = "light lines on dark became dark on light"
        return super()._note(*parts, clear, turned if is_light_on_dark(self._drawn) else None)


def why_no_splice(model: str) -> str:
    """Why a model that paints lightness cannot splice, and what to do, in words for the user."""
    return (
        f"the model {model} paints lightness as well as colour, so a JPEG's own bytes cannot be "
        "kept and --jpeg splice cannot be. Use --jpeg ordinary, or leave it out"
    )
