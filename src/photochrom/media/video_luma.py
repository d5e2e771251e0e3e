"""A decoded picture's luma in the pixel format that is encoded, so that it is shown as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from photochrom.color.frame import Coding
from photochrom.color.srgb import Coded, Floats
from photochrom.media.video import JPEG_RANGE, Film, color_range, holds_rgb
from photochrom.media.video_formats import Layout, Target

if TYPE_CHECKING:
    import av


def in_target_format(picture: av.VideoFrame, film: Film, target: Target) -> av.VideoFrame:
    """The picture in the pixel format that is encoded, free to be written into.

    Luma of the film's own depth and range stays as it is, level by level. RGB is mixed with the
    target's matrix.
    """
    coding = target.coding
    if holds_rgb(picture.format):
        made = picture.reformat(format=target.pix_fmt)
        plane_levels(made.planes[0], coding.bits)[...] = luma_of_rgb(picture, coding)
        return made
    layout = Layout.of(picture.format.name).planar
    # FFmpeg takes grey for full range, whatever it says; with equal ranges luma is copied.
    own = _reformatted(picture, layout.pix_fmt, JPEG_RANGE)
    made = _reformatted(own, target.pix_fmt, color_range(film.full_range))
    if film.full_range and (not coding.full_range or coding.bits != layout.bits):
        table = levels_from_full_range(layout.bits, coding)
        luma = table.take(plane_levels(own.planes[0], layout.bits))
        plane_levels(made.planes[0], coding.bits)[...] = luma
    made.make_writable()
    return made


def _reformatted(picture: av.VideoFrame, pix_fmt: str, of_range: int) -> av.VideoFrame:
    return picture.reformat(format=pix_fmt, src_color_range=of_range, dst_color_range=of_range)


def luma_of_rgb(picture: av.VideoFrame, coding: Coding) -> Coded:
    """Stored luma (H, W) of a picture in RGB."""
    deep = max(component.bits for component in picture.format.components) > 8
    rgb = picture.to_ndarray(format="rgb48le" if deep else "rgb24")
    brightest = 65535 if deep else 255
    black, white = coding.luma_levels
    luma: Floats = rgb.astype(np.float32) @ coding.matrix.luma_from_rgb
    luma *= np.float32((white - black) / brightest)
    luma += np.float32(black + 0.5)
    return cast(Coded, luma.astype(coding.dtype))


def levels_from_full_range(bits: int, coding: Coding) -> Coded:
    """What `coding` stores for each full-range level of so many bits (2 ** bits,).

    FFmpeg's own conversion makes white of 8 bits 937 of 940 in 10, or 1020 of 1023.
    """
    black, white = coding.luma_levels
    levels = np.rint(np.linspace(black, white, 1 << bits))
    return cast(Coded, levels.astype(coding.dtype))


def plane_levels(plane: Any, bits: int) -> NDArray[Any]:
    """A plane of a picture as an array (h, w) that shares its memory."""
    depth: type[np.generic] = np.uint8 if bits == 8 else np.uint16
    rows = np.frombuffer(plane, depth).reshape(plane.height, -1)
    return rows[:, : plane.width]
