"""The pixels of a photograph, whatever they were stored as: sRGB-coded grey, alpha, own colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from photochrom.color.srgb import Coded, Floats, linear_table, write_coded
from photochrom.color.strips import strips
from photochrom.color.tristimulus import XYZ_FROM_RGB
from photochrom.errors import InputError

ALLOWED_ARRAYS = "uint8 or uint16, (H, W), (H, W, 1), (H, W, 2), (H, W, 3) or (H, W, 4)"


@dataclass(frozen=True, eq=False)
class Pixels:
    """A decoded photograph, upright as it is displayed."""

    grey: Coded  # (H, W), sRGB-coded
    alpha: Coded | None = None  # (H, W), 0 is transparent
    rgb: Coded | None = None  # (H, W, 3), the source's own colours; None when it has none


def pixels_of_array(array: NDArray[np.generic], name: str = "the array") -> Pixels:
    """Pixels of grey, grey + alpha, rgb or rgba (H, W[, channels]), taken as sRGB.

    Raises `InputError` for another dtype or shape.
    """
    check_array(array, name)
    coded = cast(Coded, array)
    planes = coded[..., None] if coded.ndim == 2 else coded
    alpha = contiguous(planes[..., -1]) if planes.shape[2] in (2, 4) else None
    if planes.shape[2] <= 2:
        return Pixels(contiguous(planes[..., 0]), alpha)
    return pixels_of_rgb(contiguous(planes[..., :3]), alpha)


def pixels_of_rgb(rgb: Coded, alpha: Coded | None = None) -> Pixels:
    """Pixels of sRGB (H, W, 3): reduced to lightness; equal channels are grey and no colour."""
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    if np.array_equal(red, green) and np.array_equal(green, blue):
        return Pixels(contiguous(red), alpha)
    return Pixels(rgb_to_grey(rgb), alpha, rgb)


def rgb_to_grey(rgb: Coded) -> Coded:
    """The sRGB-coded grey (H, W) that is as light as each pixel of rgb (H, W, 3)."""
    grey = np.empty(rgb.shape[:2], rgb.dtype)
    tables = [linear_table(rgb.dtype) * weight for weight in XYZ_FROM_RGB[1]]
    for rows in strips(*rgb.shape[:2]):
        luminance: Floats = tables[0].take(rgb[rows, :, 0])
        luminance += tables[1].take(rgb[rows, :, 1])
        luminance += tables[2].take(rgb[rows, :, 2])
        write_coded(luminance, grey[rows])
    return grey


def upright(plane: Coded, orientation: int) -> Coded:
    """A picture (H, W[, channels]) turned from EXIF `orientation` 1…8 to how it is displayed."""
    if orientation >= 5:
        plane = plane.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        plane = plane[::-1]
    if orientation in (2, 3, 6, 7):
        plane = plane[:, ::-1]
    return contiguous(plane)


def as_stored(ab: Floats, orientation: int) -> Floats:
    """Upright colours ab (h, w, 2) turned to how a file of EXIF `orientation` stores its rows."""
    back = {6: 8, 8: 6}.get(orientation, orientation)  # the other turns undo themselves
    return cast(Floats, upright(cast(Coded, ab), back))


def contiguous(plane: Coded) -> Coded:
    """The same levels, one row after the other in memory."""
    return cast(Coded, np.ascontiguousarray(plane))


def upright_pixels(pixels: Pixels, orientation: int) -> Pixels:
    """Pixels turned from EXIF `orientation` 1…8 to how they are displayed."""
    if orientation == 1:
        return pixels
    return Pixels(
        upright(pixels.grey, orientation),
        None if pixels.alpha is None else upright(pixels.alpha, orientation),
        None if pixels.rgb is None else upright(pixels.rgb, orientation),
    )


def to_eight_bits(coded: Coded) -> NDArray[np.uint8]:
    """uint8 levels, rounded, of uint8 or uint16."""
    if coded.dtype == np.uint8:
        return coded.astype(np.uint8, copy=False)
    return ((coded.astype(np.uint32) + 128) // 257).astype(np.uint8)


def check_array(array: NDArray[np.generic], name: str) -> None:
    """Refuse an array that is no picture.

    Raises `InputError` that says what was seen and what is allowed.
    """
    if array.dtype.kind == "f":
        contents = " with NaN in it" if np.isnan(array).any() else ""
        raise InputError(
            f"{name} is {array.dtype}{contents}, and a picture is {ALLOWED_ARRAYS}. "
            "Scale it to 0…255 and convert: (values * 255).round().astype(np.uint8)"
        )
    if array.dtype not in (np.uint8, np.uint16):
        raise InputError(f"{name} is {array.dtype}, and a picture is {ALLOWED_ARRAYS}")
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 2, 3, 4)):
        raise InputError(f"{name} has the shape {array.shape}, and a picture is {ALLOWED_ARRAYS}")
    if 0 in array.shape:
        raise InputError(f"{name} has the shape {array.shape}: it has no pixels")
