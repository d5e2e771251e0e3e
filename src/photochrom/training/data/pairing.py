"""Side-by-side pairs, as pix2pix and the public pair sets have them, made from colour photos."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from photochrom.color.outline import draw_outline
from photochrom.errors import InputError
from photochrom.media.pixels import rgb_to_grey, to_eight_bits
from photochrom.training.data.find import PhotoName
from photochrom.training.data.picture import open_picture
from photochrom.training.data.survey import Tone, tone_of


class Side(StrEnum):
    """What one half of a pair shows."""

    GREY = "grey"  # as light as the photo, the grey that training and colorizing know
    OUTLINE = "outline"  # dark lines on white
    COLOUR = "colour"


@dataclass(frozen=True, eq=False)
class Square:
    """The central square of a photo: rgb (S, S, 3), and how wide it was in the photo itself."""

    rgb: NDArray[np.uint8]
    own_side_px: int

    @property
    def has_colour(self) -> bool:
        """Whether there is more in it than one tone."""
        return tone_of(self.rgb) is Tone.COLOUR


def other_side(left: Side, right: Side | None) -> Side:
    """The right half: by default colour, and beside colour an outline, as sketch sets have it.

    Raises `InputError` where not exactly one half is in colour.
    """
    if right is None:
        return Side.OUTLINE if left is Side.COLOUR else Side.COLOUR
    if (left is Side.COLOUR) == (right is Side.COLOUR):
        raise InputError(
            f"--left {left} --right {right}: of a pair exactly one half is in colour. "
            "Leave --right out, or make it "
            f"{'grey or outline' if left is Side.COLOUR else 'colour'}"
        )
    return right


def make_pair(rgb: NDArray[np.uint8], left: Side, right: Side) -> NDArray[np.uint8]:
    """The two halves of rgb (S, S, 3) side by side, (S, 2·S, 3)."""
    return np.concatenate([_half(rgb, left), _half(rgb, right)], axis=1)


def _half(rgb: NDArray[np.uint8], side: Side) -> NDArray[np.uint8]:
    if side is Side.COLOUR:
        return rgb
    plane = draw_outline(rgb) if side is Side.OUTLINE else rgb_to_grey(rgb)
    return np.repeat(to_eight_bits(plane)[..., None], 3, axis=2)


def read_square(photo: PhotoName, size_px: int) -> Square:
    """The central square of a photo, upright and in sRGB, enlarged or reduced to `size_px`.

    Raises `InputError` for a photo that cannot be read.
    """
    rgb = open_picture(photo).rgb()
    own_side_px = min(rgb.shape[:2])
    square = ImageOps.fit(Image.fromarray(rgb), (size_px, size_px), Image.Resampling.LANCZOS)
    return Square(np.asarray(square), own_side_px)
