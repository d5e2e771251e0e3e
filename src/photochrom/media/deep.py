"""More than 8 bits a channel where Pillow would give 8: read and written with the extra `deep`."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from photochrom.color.srgb import Coded
from photochrom.errors import InputError, missing_extra
from photochrom.media.damage import DAMAGED
from photochrom.media.icc import is_srgb
from photochrom.media.icc_build import srgb_profile
from photochrom.media.image_pixels import grey_to_srgb
from photochrom.media.pixels import Pixels, pixels_of_rgb

if TYPE_CHECKING:
    from PIL import ImageFile

Deep = NDArray[np.uint16]
BITS_PER_SAMPLE, PHOTOMETRIC = 258, 262
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, SEPARATED = 0, 1, 2, 5  # photometric interpretations
COLOUR_CHANNELS = {WHITE_IS_ZERO: 1, BLACK_IS_ZERO: 1, RGB: 3, SEPARATED: 4}
PREMULTIPLIED = 1  # an extra sample that is "associated alpha"
_BLACK_POINT_COMPENSATION = 0x2000  # LittleCMS's cmsFLAGS_BLACKPOINTCOMPENSATION


def is_deep(image: ImageFile.ImageFile, encoded: bytes) -> bool:
    """Whether an opened picture holds more bits a channel than Pillow would give."""
    if image.format == "PNG":
        return encoded[24] == 16 and encoded[25] != 0  # bit depth, colour type
    if image.format == "TIFF":
        tags: Any = getattr(image, "tag_v2", {})
        bits = tags.get(BITS_PER_SAMPLE, (1,))
        is_plain_grey = bits == (16,) and tags.get(PHOTOMETRIC) == BLACK_IS_ZERO
        return max(bits) > 8 and not is_plain_grey and image.mode not in ("I", "F")
    if image.format == "JPEG2000":
        return image.mode != "I;16" and jp2_bits(encoded) > 8
    return image.format == "PPM" and has_lost_depth(image)


def has_lost_depth(image: ImageFile.ImageFile) -> bool:
    """Whether Pillow's plugin is about to cut an opened picture, not loaded yet, down to 8 bits."""
    if image.mode.startswith("I"):
        return False
    for tile in image.tile:
        decoder = tile.args[0] if isinstance(tile.args, tuple) else tile.args
        if isinstance(decoder, str) and ";16" in decoder:
            return True
    if image.format == "PPM" and image.tile and isinstance(image.tile[0].args, tuple):
        return image.mode == "RGB" and image.tile[0].args[1] > 255
    return False


def require_deep(job: str) -> None:
    """Nothing where the extra is installed.

    Raises `SetupError` that says how to install it.
    """
    for package in ("imagecodecs", "tifffile"):
        try:
            __import__(package)
        except ImportError as error:
            raise missing_extra(job, package, "deep") from error


def decode_deep(encoded: bytes, format_name: str, icc: bytes | None, name: str) -> Pixels:
    """Pixels at 16 bits a channel, orientation as stored.

    Raises `InputError` when they cannot be decoded, `SetupError` without the extra.
    """
    require_deep(f"reading {name} at 16 bits a channel")
    reader = READERS[format_name]
    try:
        channels, photometric, premultiplied = reader(encoded)
    except DAMAGED as error:
        raise InputError(f"{name} is damaged or of a rare kind: {error}") from error
    count = COLOUR_CHANNELS.get(photometric, 0)
    if channels.dtype != np.uint16 or not 0 < count <= channels.shape[2]:
        raise InputError(
            f"{name} holds {channels.dtype} pixels of a kind (photometric {photometric}, "
            f"{channels.shape[2]} channels) that cannot be read: convert it to 16-bit RGB first"
        )
    alpha = np.ascontiguousarray(channels[..., count]) if channels.shape[2] > count else None
    colour = channels[..., :count]
    if alpha is not None and premultiplied:
        colour = _divided(colour, alpha)
    if count == 1:
        grey = colour[..., 0] if photometric == BLACK_IS_ZERO else 65535 - colour[..., 0]
        return Pixels(grey_to_srgb(np.ascontiguousarray(grey), icc), alpha)
    return pixels_of_rgb(_to_srgb(np.ascontiguousarray(colour), icc), alpha)


def encode_deep(channels: Deep, format_name: str) -> bytes:
    """uint16 rgb or rgba (H, W, 3 or 4) as a PNG, TIFF or JPEG 2000, all lossless.

    Raises `SetupError` without the extra.
    """
    require_deep(f"writing 16-bit {format_name}")
    import imagecodecs
    import tifffile

    if format_name == "PNG":
        return bytes(imagecodecs.png_encode(channels, level=6))
    if format_name == "JPEG2000":
        return bytes(imagecodecs.jpeg2k_encode(channels, reversible=True, codecformat="jp2"))
    tiff = BytesIO()
    tifffile.imwrite(
        tiff,
        channels,
        photometric="rgb",
        extrasamples=["unassalpha"] if channels.shape[2] == 4 else [],
        compression="zlib",
        predictor=True,
        metadata=None,
        software=False,
        bigtiff=False,
    )
    return tiff.getvalue()


def jp2_bits(jp2: bytes) -> int:
    """Bits of the first component, from the codestream's SIZ marker (ISO/IEC 15444-1, A.5.1)."""
    at = jp2.find(b"\xff\x4f\xff\x51")
    return (jp2[at + 42] & 0x7F) + 1 if 0 <= at < len(jp2) - 42 else 8


def _read_png(png: bytes) -> tuple[Deep, int, bool]:
    import imagecodecs

    channels = imagecodecs.png_decode(png)
    return channels, BLACK_IS_ZERO if channels.shape[2] == 2 else RGB, False


def _read_tiff(tiff: bytes) -> tuple[Deep, int, bool]:
    import tifffile

    with tifffile.TiffFile(BytesIO(tiff)) as file:
        page: Any = file.pages[0]
        channels = page.asarray()
        if page.axes.startswith("S"):  # each channel stored by itself
            channels = np.moveaxis(channels, 0, -1)
        channels = channels.reshape(page.imagelength, page.imagewidth, -1)
        premultiplied = PREMULTIPLIED in tuple(page.extrasamples)
        return _stretched(channels, page.bitspersample), int(page.photometric), premultiplied


def _read_jp2(jp2: bytes) -> tuple[Deep, int, bool]:
    import imagecodecs

    channels = imagecodecs.jpeg2k_decode(jp2)
    channels = channels.reshape(*channels.shape[:2], -1)
    photometric = BLACK_IS_ZERO if channels.shape[2] < 3 else RGB
    return _stretched(channels, jp2_bits(jp2)), photometric, False


def _read_ppm(ppm: bytes) -> tuple[Deep, int, bool]:
    """A binary P6 whose white is above 255, most significant byte first (Netpbm's ppm(5))."""
    header = re.match(rb"P6(?:\s+|#.*\n)*(\d+)\s+(\d+)\s+(\d+)\s", ppm)
    if header is None:
        raise ValueError("its header cannot be read")
    width, height, white = map(int, header.groups())
    samples = np.frombuffer(ppm, ">u2", width * height * 3, header.end()).reshape(height, width, 3)
    stretched = (samples.astype(np.uint64) * 65535 + white // 2) // white
    return np.minimum(stretched, 65535).astype(np.uint16), RGB, False


READERS = {"JPEG2000": _read_jp2, "PNG": _read_png, "PPM": _read_ppm, "TIFF": _read_tiff}


def _stretched(channels: Deep, bits: int) -> Deep:
    """Levels of 9…15 bits stretched to 16."""
    if channels.dtype != np.uint16 or not 8 < bits < 16:
        return channels
    white = (1 << bits) - 1
    stretched = (channels.astype(np.uint32) * 65535 + white // 2) // white
    return np.minimum(stretched, 65535).astype(np.uint16)


def _divided(colour: Deep, alpha: Deep) -> Deep:
    """Colours out of those that were multiplied with alpha."""
    share = np.maximum(alpha, 1).astype(np.float32)[..., None] / np.float32(65535)
    return np.minimum(np.rint(colour / share), 65535).astype(np.uint16)


def _to_srgb(channels: Deep, icc: bytes | None) -> Coded:
    """RGB or CMYK as sRGB through its profile; without a usable one by the plain formula."""
    import imagecodecs

    kind = "rgb" if channels.shape[2] == 3 else "cmyk"
    if icc and not (kind == "rgb" and is_srgb(icc)):
        try:
            converted: Deep = imagecodecs.cms_transform(
                channels,
                icc,
                srgb_profile(),
                colorspace=kind,
                outcolorspace="rgb",
                intent=imagecodecs.CMS.INTENT.RELATIVE_COLORIMETRIC,
                flags=_BLACK_POINT_COMPENSATION,
            )
        except DAMAGED:
            pass  # a damaged profile says nothing; `SourcePhoto.notes` names it
        else:
            return converted
    if kind == "rgb":
        return channels
    paper = (65535 - channels.astype(np.float32)) / np.float32(65535)
    rgb: Deep = np.rint(paper[..., :3] * paper[..., 3:] * 65535).astype(np.uint16)
    return rgb
