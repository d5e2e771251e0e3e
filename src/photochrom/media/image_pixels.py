"""A Pillow image of any mode to pixels: sRGB-coded grey, alpha and own colours."""

from __future__ import annotations

import numpy as np
from PIL import Image

from photochrom.color.srgb import Coded, write_coded
from photochrom.errors import InputError
from photochrom.media.icc import grey_tone, is_srgb, to_srgb
from photochrom.media.pixels import Pixels, pixels_of_rgb


def pixels_of_image(image: Image.Image, icc: bytes | None, name: str) -> Pixels:
    """Pixels of a decoded image of any mode, its profile `icc` used; orientation as stored.

    Raises `InputError` for 32-bit and floating point pixels.
    """
    image = _simplified(image)
    if image.mode.startswith("I") or image.mode == "F":
        levels = _sixteen_bits(image, name)
        absent = image.info.get("transparency")  # PNG's tRNS: one level that is not there
        alpha = None if absent is None else np.where(levels == absent, 0, 65535).astype(np.uint16)
        return Pixels(grey_to_srgb(levels, icc), alpha)
    alpha = np.asarray(image.getchannel("A")) if image.mode in ("LA", "RGBA") else None
    if image.mode in ("L", "LA"):
        return Pixels(grey_to_srgb(np.asarray(image.getchannel(0)), icc), alpha)
    return pixels_of_rgb(np.asarray(_srgb(image, icc)), alpha)


def grey_to_srgb(grey: Coded, icc: bytes | None) -> Coded:
    """Grey levels as sRGB codes them, by the tone curve of the profile `icc`."""
    levels = np.iinfo(grey.dtype).max + 1
    tone = grey_tone(icc, levels)
    if tone is None:
        return grey
    table: Coded = np.empty(levels, grey.dtype)
    write_coded(tone.copy(), table)
    return table.take(grey)


def _simplified(image: Image.Image) -> Image.Image:
    """One of the modes L, LA, RGB, RGBA, CMYK, LAB, I;16…, I, F; transparent colours as alpha."""
    if image.mode == "1":
        return image.convert("L")
    if image.mode in ("P", "PA"):
        has_alpha = image.mode == "PA" or "transparency" in image.info
        return image.convert("RGBA" if has_alpha else "RGB")
    if "transparency" in image.info and image.mode in ("L", "RGB"):
        return image.convert("LA" if image.mode == "L" else "RGBA")
    if image.mode in ("La", "RGBa"):
        return image.convert(image.mode.upper())
    if image.mode in ("RGBX", "YCbCr", "HSV"):
        return image.convert("RGB")
    return image


def _srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    """SRGB of RGB, RGBA, CMYK or LAB; a profile that cannot be used is left out."""
    if image.mode == "RGBA":
        image = image.convert("RGB")
    converted = None
    if image.mode == "LAB":
        from PIL import ImageCms

        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        converted = to_srgb(image, lab.tobytes())
    elif icc and not (image.mode == "RGB" and is_srgb(icc)):
        converted = to_srgb(image, icc)
    return converted if converted is not None else image.convert("RGB")


def _sixteen_bits(image: Image.Image, name: str) -> Coded:
    """uint16 (H, W) of an image of more than 8 bits.

    Raises `InputError` for values that 16 bits do not hold.
    """
    if image.mode == "F":
        raise InputError(
            f"{name} holds floating point pixels, whose white is not known: "
            "convert it to 16 bits a channel first"
        )
    levels = np.asarray(image)
    if image.mode == "I" and (levels.min() < 0 or levels.max() > 65535):
        raise InputError(
            f"{name} holds 32-bit pixels from {levels.min()} to {levels.max()}: "
            "convert it to 16 bits a channel first"
        )
    return levels.astype(np.uint16)
