"""What the network sees of a film: each frame made small, upright, and its colours as chroma."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from photochrom.color.bilateral import GUIDE_PER_AB
from photochrom.color.frame import Coding
from photochrom.color.srgb import Floats
from photochrom.color.ycbcr import chroma_of
from photochrom.errors import InputError
from photochrom.film.flow import Luma, opencv
from photochrom.media.pixels import as_stored, upright

if TYPE_CHECKING:
    from photochrom.api import Colorizer

FIRST_SIDE_PX = 512  # of the frame that shows at which size the network paints


class Shown(NamedTuple):
    """How a film's frames are stored and shown."""

    height: int
    width: int
    pixel_aspect: Fraction = Fraction(1)  # width of a pixel / its height
    orientation: int = 1  # EXIF's, 1…8


class Looker:
    """Makes frames small, and asks the network for their colours."""

    def __init__(
        self,
        shown: Shown,
        coding: Coding,
        colorizer: Colorizer,
        *,
        strength: float = 1.0,
        vividness: float | None = None,
    ) -> None:
        if colorizer.paints != "ab":
            raise InputError(
                f"{colorizer.model.name} paints lightness too, as for drawings, and a film keeps "
                "its own: use a model for photographs"
            )
        self._shown = shown
        self._coding = coding
        self._colorizer = colorizer
        self._strength = np.float32(strength)
        self._vividness = vividness
        self._size: tuple[int, int] | None = None  # of small frames (h, w), as stored

    def small(self, luma: NDArray[Any]) -> Luma:
        """A frame's stored luma (H, W) made small, levels 0…255."""
        if self._size is None:
            self._size = self._size_for(luma)
        return self._shrunk(luma, self._size)

    def _shrunk(self, luma: NDArray[Any], size: tuple[int, int]) -> Luma:
        cv2 = opencv()
        small = np.asarray(cv2.resize(luma, size[::-1], interpolation=cv2.INTER_AREA))
        return np.rint(self._coding.levels(small)).astype(np.uint8)

    def _size_for(self, luma: NDArray[Any]) -> tuple[int, int]:
        """The size whose quarter the network paints: asked of the network with a first frame."""
        height, width = self._shown.height, float(self._shown.width * self._shown.pixel_aspect)
        scale = min(1.0, FIRST_SIDE_PX / min(height, width))
        first = self._shrunk(luma, (round(height * scale), round(width * scale)))
        ab = self._ab(first)
        return GUIDE_PER_AB * ab.shape[0], GUIDE_PER_AB * ab.shape[1]

    def chroma(self, small: Luma) -> Floats:
        """Cb and Cr (2, h, w), around 0, that the network sees in a small frame."""
        ab = self._ab(small) * self._strength
        return chroma_of(small.astype(np.float32), ab, matrix=self._coding.matrix)

    def _ab(self, small: Luma) -> Floats:
        orientation = self._shown.orientation
        photo = self._colorizer.colorize(upright(small, orientation), vividness=self._vividness)
        return as_stored(photo.ab, orientation)
