"""What the network sees of a film: each frame made small, upright, and its colours as chroma."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from photochrom.color.bilateral import GUIDE_PER_AB
from photochrom.color.frame import Coding
from photochrom.color.hints import Hint, as_hints
from photochrom.color.lab import rgb_to_lab
from photochrom.color.resize import resize
from photochrom.color.smooth import Memory, remembered
from photochrom.color.srgb import Coded, Floats
from photochrom.color.ycbcr import chroma_of
from photochrom.errors import InputError
from photochrom.film.carrying import TOLD_LOOKS
from photochrom.film.flow import Luma, opencv
from photochrom.film.told import Told, read_key_frame
from photochrom.media.photo import open_photo
from photochrom.media.pixels import as_stored, upright

if TYPE_CHECKING:
    from photochrom.api import Colorizer

FIRST_SIDE_PX = 512  # of the frame that shows at which size the network paints
HALVED_FROM = 4  # times the small size
FULLY_CHANGED = 8.0  # levels of chroma by which a hint must change a pixel to be carried fully
NEAR = 0.05  # standard deviation around a hint's own place, in short sides


class Shown(NamedTuple):
    """How a film's frames are stored and shown."""

    height: int
    width: int
    pixel_aspect: Fraction = Fraction(1)  # width of a pixel / its height
    orientation: int = 1  # EXIF's, 1…8

    @property
    def displayed(self) -> tuple[int, int]:
        """Height and width [px] on a screen with square pixels."""
        width = round(self.width * self.pixel_aspect)
        return (width, self.height) if self.orientation >= 5 else (self.height, width)


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
        small = luma
        while min(small.shape[0] // size[0], small.shape[1] // size[1]) >= HALVED_FROM:
            half = (small.shape[1] // 2, small.shape[0] // 2)  # by two it is several times faster
            small = np.asarray(cv2.resize(small, half, interpolation=cv2.INTER_AREA))
        small = np.asarray(cv2.resize(small, size[::-1], interpolation=cv2.INTER_AREA))
        if self._coding.bits > 8:
            return np.rint(self._coding.levels(small)).astype(np.uint8)
        table: Luma = np.rint(self._coding.levels(np.arange(256, dtype=np.uint8))).astype(np.uint8)
        return table.take(small)

    def _size_for(self, luma: NDArray[Any]) -> tuple[int, int]:
        """The size whose quarter the network paints: asked of the network with a first frame."""
        height, width = self._shown.height, float(self._shown.width * self._shown.pixel_aspect)
        scale = min(1.0, FIRST_SIDE_PX / min(height, width))
        first = self._shrunk(luma, (round(height * scale), round(width * scale)))
        ab = self._ab(first)
        return GUIDE_PER_AB * ab.shape[0], GUIDE_PER_AB * ab.shape[1]

    def chroma(self, small: Luma, hints: Sequence[Hint] = ()) -> Floats:
        """Cb and Cr (2, h, w), around 0, that the network sees in a small frame.

        `hints` lie in pixels of the frame as it is displayed.
        """
        return self._chroma_of(small, self._ab(small, hints))

    def told(self, small: Luma, told: Told) -> Memory:
        """What is told of a frame, where: each colour weighs 0…`TOLD_LOOKS`."""
        if told.picture is not None:
            return remembered(self._of_picture(small, told.picture), TOLD_LOOKS)
        height, width = self._shown.displayed
        hints = as_hints(told.hints, width=width, height=height)
        plain, hinted = self.chroma(small), self.chroma(small, hints)
        changed = np.hypot(*(hinted - plain)) / np.float32(FULLY_CHANGED)
        weight = np.maximum(np.clip(changed, 0, 1), self._near(small, hints))
        return remembered(hinted, weight * np.float32(TOLD_LOOKS))

    def _of_picture(self, small: Luma, path: Path) -> Floats:
        pixels = open_photo(read_key_frame(path)).pixels()
        if pixels.rgb is None:
            raise InputError(f"the key frame {path} is grey: give the frame in colour")
        seen = upright(small, self._shown.orientation)
        rgb = cast(Coded, np.rint(resize(pixels.rgb, *seen.shape)).astype(pixels.rgb.dtype))
        return self._chroma_of(small, as_stored(rgb_to_lab(rgb)[1], self._shown.orientation))

    def _near(self, small: Luma, hints: Sequence[Hint]) -> Floats:
        """How near the pixels of a small frame lie to a hint, 0…1: what is told of a hint's place.

        A colour that is told there counts even where the network agrees in this frame.
        """
        seen = upright(small, self._shown.orientation)
        rows, columns = np.indices(seen.shape, dtype=np.float32)
        near = np.zeros((*seen.shape, 1), np.float32)
        width_px = NEAR * min(seen.shape)
        for x, y in self._in_small(seen.shape, hints):
            away = np.square(columns - x) + np.square(rows - y)
            near[..., 0] = np.maximum(near[..., 0], np.exp(-0.5 * away / width_px**2))
        stored: Floats = as_stored(near, self._shown.orientation)[..., 0]
        return stored

    def _in_small(self, shape: tuple[int, ...], hints: Sequence[Hint]) -> list[tuple[float, float]]:
        height, width = self._shown.displayed
        return [(hint.x * shape[1] / width, hint.y * shape[0] / height) for hint in hints]

    def _chroma_of(self, small: Luma, ab: Floats) -> Floats:
        own = ab * self._strength
        return chroma_of(small.astype(np.float32), own, matrix=self._coding.matrix)

    def _ab(self, small: Luma, hints: Sequence[Hint] = ()) -> Floats:
        seen = upright(small, self._shown.orientation)
        placed = self._in_small(seen.shape, hints)
        photo = self._colorizer.colorize(
            seen,
            vividness=self._vividness,
            hints=[Hint(*place, hint.colour) for place, hint in zip(placed, hints, strict=True)],
        )
        return as_stored(photo.ab, self._shown.orientation)
