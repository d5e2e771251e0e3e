"""Encoded bytes to a picture that can teach colour, or the reason why it cannot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from photochrom.errors import InputError
from photochrom.media.decoding import check_size, load_image, open_image, orientation_of
from photochrom.media.icc import is_srgb
from photochrom.media.image_pixels import pixels_of_image
from photochrom.media.photo import DEFAULT_MAX_MEGAPIXELS
from photochrom.media.pixels import Pixels, to_eight_bits, upright

LEAST_COLOUR = 4.0  # mean of max(R, G, B) − min(R, G, B), 0…255, below which a photo teaches grey
LEAST_SIDE_PX = 32
RESIZABLE = ("L", "LA", "RGB", "RGBA", "CMYK")  # modes that may be shrunk before their colours


def decode_photo(encoded: bytes, name: str, short_side_px: int) -> NDArray[np.uint8]:
    """A photo as rgb (H, W, 3), upright, sRGB, with at most that short side.

    Raises `InputError` where it cannot teach colour: broken, tiny and colourless ones cannot.
    """
    image = opened_image(encoded, name)
    if min(image.size) < LEAST_SIDE_PX:
        raise InputError(f"{name} is {image.width}×{image.height}: it is too small")
    image.draft(None, (short_side_px, short_side_px))  # a JPEG needs decoding at that size only
    rgb = rgb_of(image, name, short_side_px)
    require_colour(rgb, name)
    return rgb


def decode_whole(encoded: bytes, name: str) -> NDArray[np.uint8]:
    """A picture as rgb (H, W, 3) at its own size, upright, sRGB; `InputError` for a broken one."""
    return rgb_of(opened_image(encoded, name), name, None)


def opened_image(encoded: bytes, name: str) -> ImageFile.ImageFile:
    """The picture, its header read; `InputError` for what is none, or far too large."""
    image = open_image(encoded, name)
    check_size(*image.size, name, DEFAULT_MAX_MEGAPIXELS)
    return image


def rgb_of(image: ImageFile.ImageFile, name: str, short_side_px: int | None) -> NDArray[np.uint8]:
    """The image as rgb (H, W, 3), upright, sRGB, transparent parts white; shrunk where asked."""
    load_image(image, name)
    orientation = orientation_of(image)
    small: Image.Image = image
    if short_side_px is not None and image.mode in RESIZABLE:
        small = shrunk(small, short_side_px)
    icc = image.info.get("icc_profile")
    if small.mode == "RGB" and (not icc or is_srgb(icc)) and "transparency" not in small.info:
        rgb: NDArray[np.uint8] = np.asarray(small)
    else:
        rgb = on_white(pixels_of_image(small, icc, name))
    if short_side_px is not None and image.mode not in RESIZABLE:
        rgb = np.asarray(shrunk(Image.fromarray(rgb), short_side_px))
    return to_eight_bits(upright(rgb, orientation))


def shrunk(image: Image.Image, short_side_px: int) -> Image.Image:
    """The image with at most that short side."""
    scale = short_side_px / min(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BOX if scale < 0.5 else Image.Resampling.BILINEAR)


def on_white(pixels: Pixels) -> NDArray[np.uint8]:
    """Rgb (H, W, 3) with white where the picture is see-through, as a page shows it."""
    if pixels.rgb is not None:
        rgb = to_eight_bits(pixels.rgb)
    else:
        rgb = np.repeat(to_eight_bits(pixels.grey)[..., None], 3, axis=2)
    if pixels.alpha is None:
        return rgb
    alpha = to_eight_bits(pixels.alpha).astype(np.uint16)[..., None]
    return ((rgb * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)


def colourfulness(rgb: NDArray[np.uint8]) -> float:
    """Mean of max(R, G, B) − min(R, G, B) of rgb (H, W, 3), 0…255: 0 for grey."""
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    most = np.maximum(np.maximum(red, green), blue)
    least = np.minimum(np.minimum(red, green), blue)
    return float((most - least).mean())


def require_colour(rgb: NDArray[np.uint8], name: str) -> None:
    """Raise an `InputError` where rgb (H, W, 3) is close to grey."""
    if (seen := colourfulness(rgb)) < LEAST_COLOUR:
        raise InputError(f"{name} is nearly grey: it has no colour to learn ({seen:.1f} of 255)")
