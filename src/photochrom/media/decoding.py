"""Encoded bytes to a Pillow image: what is accepted, and what is refused in which words."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, UnidentifiedImageError

from photochrom.errors import InputError, missing_extra
from photochrom.media.damage import DAMAGED

# Drawings and meteorology that Pillow names but that hold no photograph, or need Ghostscript.
_NOT_PHOTOS = {"BUFR", "EPS", "GRIB", "HDF5", "MPEG", "WMF"}
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")

_SIGNATURES = (
    (0, b"\xff\xd8", "a JPEG"),
    (0, b"\x89PNG", "a PNG"),
    (0, b"GIF8", "a GIF"),
    (0, b"II*\0", "a TIFF"),
    (0, b"MM\0*", "a TIFF"),
    (0, b"BM", "a BMP"),
    (4, b"ftyp", "an AVIF or a HEIC"),
    (4, b"jP  ", "a JPEG 2000"),
    (8, b"WEBP", "a WebP"),
)

_limit_lock = threading.Lock()
_limit_lifted_by = 0
_limit_before: int | None = None


@contextmanager
def own_limit() -> Iterator[None]:
    """Lift Pillow's pixel limit, a global of 89 megapixels, while ours stands in for it."""
    global _limit_lifted_by, _limit_before  # noqa: PLW0603  counts the threads inside
    with _limit_lock:
        if _limit_lifted_by == 0:
            _limit_before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        _limit_lifted_by += 1
    try:
        yield
    finally:
        with _limit_lock:
            _limit_lifted_by -= 1
            if _limit_lifted_by == 0:
                Image.MAX_IMAGE_PIXELS = _limit_before


def open_image(encoded: bytes, name: str) -> ImageFile.ImageFile:
    """The picture's header, pixels not decoded yet.

    Raises `InputError` for bytes that are no picture, `SetupError` for HEIC without its extra.
    """
    if not encoded:
        raise InputError(f"{name} is empty: it holds no bytes. Get it again from where it came")
    if _is_heic(encoded):
        return _open_heic(encoded, name)
    try:
        with own_limit():
            image = Image.open(BytesIO(encoded))
    except UnidentifiedImageError as error:
        raise InputError(f"{name} cannot be read: {_seen(encoded)}") from error
    except DAMAGED as error:
        raise InputError(f"{name} is damaged or ends early: {error}") from error
    if image.format in _NOT_PHOTOS:
        raise InputError(f"{name} is {image.format}, which holds no photograph that we can read")
    return image


def load_image(image: ImageFile.ImageFile, name: str, *, truncated: bool = False) -> None:
    """Decode the pixels of `image` in place; of a `truncated` one the rows that are there.

    Raises `InputError` when it cannot be decoded.
    """
    try:
        with own_limit():
            image.load()
    except MemoryError as error:
        raise InputError(
            f"{name} is {image.width}×{image.height}: it does not fit into memory"
        ) from error
    except DAMAGED as error:
        if not truncated or not _keep_what_is_there(image):
            raise InputError(
                f"{name} is damaged or ends early: {error}. Get it again from where it came"
            ) from error


def check_size(width: int, height: int, name: str, max_megapixels: float) -> None:
    """Refuse more pixels than the limit allows, from the header alone.

    Raises `InputError`.
    """
    if width < 1 or height < 1:
        raise InputError(f"{name} is {width}×{height}: it has no pixels")
    if width * height > max_megapixels * 1e6:
        raise InputError(
            f"{name} is {width}×{height}, {width * height / 1e6:.4g} megapixels, and the limit is "
            f"{max_megapixels:g}. If you trust it, raise the limit (--max-megapixels)"
            + (", or use `photochrom scan`, which needs little memory" if _is_tiff(name) else "")
        )


def _is_tiff(name: str) -> bool:
    return name.lower().endswith((".tif", ".tiff"))


def orientation_of(image: Image.Image) -> int:
    """EXIF orientation 1…8 of the pixels as they are stored now."""
    try:
        orientation = image.getexif().get(0x0112, 1)
    except DAMAGED:
        return 1
    return orientation if orientation in range(1, 9) else 1


def decode_luma(jpeg: bytes, name: str, scale: int) -> NDArray[np.uint8]:
    """Stored luma (h, w) of a JPEG, at full size or (scale 2) at half, rounded up.

    Raises `InputError` when it cannot be decoded.
    """
    image = open_image(jpeg, name)
    wanted = (-(-image.width // scale), -(-image.height // scale))
    image.draft("L", (max(image.width // scale, 1), max(image.height // scale, 1)))
    load_image(image, name)
    # A picture one pixel wide has no smaller drafts.
    reduced = image if image.size == wanted else image.reduce(scale)
    return np.asarray(reduced)


def _keep_what_is_there(image: ImageFile.ImageFile) -> bool:
    """Accept the rows that a failed `load` left behind; False when there are none."""
    image.tile = []
    try:
        return image.getbbox() is not None
    except DAMAGED:
        return False


def _is_heic(encoded: bytes) -> bool:
    return (
        encoded[4:8] == b"ftyp" and encoded[8:12] in _HEIC_BRANDS and b"avif" not in encoded[8:64]
    )


def _open_heic(encoded: bytes, name: str) -> ImageFile.ImageFile:
    try:
        from pillow_heif import HeifImageFile
    except ImportError as error:
        raise missing_extra(f"reading {name} (HEIC)", "pillow-heif", "heif") from error
    try:
        image: ImageFile.ImageFile = HeifImageFile(BytesIO(encoded), name)  # type: ignore[no-untyped-call]
    except DAMAGED as error:
        raise InputError(f"{name} is damaged or ends early: {error}") from error
    return image


def _seen(encoded: bytes) -> str:
    """What bytes that are no picture seem to be, and what to do."""
    advice = "give a photograph, such as JPEG, PNG, TIFF or WebP"
    start = encoded[:1024]
    if start.startswith(b"%PDF"):
        return f"it is a PDF; export its pictures first, then {advice}"
    if start.startswith(b"PK\x03\x04"):
        return f"it is a zip archive; unpack it first, then {advice}"
    for at, signature, format_name in _SIGNATURES:
        if start.startswith(signature, at):
            return (
                f"it begins like {format_name}, but ends early, is damaged, or is of a kind that "
                "cannot be decoded; get it again from where it came"
            )
    if start.lstrip().startswith((b"<svg", b"<?xml", b"<!DOCTYPE", b"<html")):
        return f"it is markup text, not a photograph; {advice}"
    text = start.decode("utf-8", "replace")
    if (
        all(mark.isprintable() or mark.isspace() for mark in text[:-1])
        and "\ufffd" not in text[:-1]
    ):
        return f"it is text ({text[:24]!r}…), not a photograph; {advice}"
    return f"its first bytes ({start[:8].hex(' ')}) are of no picture format that we know; {advice}"
