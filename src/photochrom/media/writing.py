"""Colour pictures to files, with everything that their source said about itself."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import cast

import numpy as np
from PIL import Image

from photochrom.color.srgb import Coded
from photochrom.errors import InputError
from photochrom.media.atomic import write_atomic
from photochrom.media.encoders import DEFAULT_QUALITY, Picture, encode
from photochrom.media.exif import exif_with_resolution, upright_exif
from photochrom.media.formats import OutputFormat, format_named, format_of_path
from photochrom.media.icc_build import srgb_profile
from photochrom.media.jpeg_exif import exif_with_thumbnail
from photochrom.media.metadata import Metadata
from photochrom.media.photo import SourcePhoto
from photochrom.media.pixels import contiguous, to_eight_bits
from photochrom.media.xmp import upright_xmp, with_extension

THUMBNAIL_PX = 160  # the longer side, as Exif 3.0, 4.5.8 recommends for its short form
WHITE_PAPER = 255
JPEG_BLOCK_BYTES = 65_400  # of metadata in one segment, its head and directory taken off
MAX_EXIF_BYTES = 1 << 31


def encode_photo(
    rgb: Coded,
    alpha: Coded | None,
    source: SourcePhoto,
    *,
    format: str,
    quality: int | None = None,
    xmp: bytes | None = None,
) -> bytes:
    """`rgb` (H, W, 3) in sRGB and `alpha` (H, W), upright, as a file with the source's metadata.

    `format` is a name of `FORMATS`; `quality` 1…100 counts for lossy ones; `xmp` replaces the
    source's packet (None keeps it). 16 bits become 8 where the format holds no more, and alpha is
    laid on white where it holds none: `what_is_lost` says so beforehand.

    Raises `InputError` when the format cannot hold the picture, `SetupError` when it needs an
    optional package.
    """
    known = format_named(format)
    if quality is not None and not 1 <= quality <= 100:
        raise InputError(f"quality is {quality}, and it goes from 1 to 100")
    metadata = _outgoing(source.metadata, rgb, source.orientation, xmp)
    if metadata.xmp and known.name != "JPEG":
        metadata = replace(metadata, xmp=_whole_xmp(metadata.xmp, metadata.xmp_extension))
    lossless = quality is None and _is_lossless_webp(source)
    chosen = DEFAULT_QUALITY.get(known.name, 100) if quality is None else quality
    return encode(Picture(_channels(rgb, alpha, known), metadata, chosen, lossless), known.name)


def write_photo(
    path: Path,
    rgb: Coded,
    alpha: Coded | None,
    source: SourcePhoto,
    *,
    format: str | None = None,
    quality: int | None = None,
    xmp: bytes | None = None,
) -> None:
    """Encode as `encode_photo` does and write at once, in the format of the suffix unless given.

    Raises what `encode_photo` and `write_encoded` raise.
    """
    known = format_named(format) if format else format_of_path(path)
    refuse_own_source(path, source)
    encoded = encode_photo(rgb, alpha, source, format=known.name, quality=quality, xmp=xmp)
    write_encoded(path, encoded, source)


def write_encoded(path: Path, encoded: bytes, source: SourcePhoto) -> None:
    """Write an encoded result at once, with the source's modification time.

    Raises `InputError` when `path` is the source itself, `SetupError` when writing fails.
    """
    refuse_own_source(path, source)
    write_atomic(path, encoded, modified_ns=source.metadata.modified_ns)


def refuse_own_source(path: Path, source: SourcePhoto) -> None:
    """Refuse to write over the photograph that a result was made from.

    Raises `InputError`.
    """
    if source.path is not None and path.exists() and path.samefile(source.path):
        raise InputError(
            f"{path} is the original itself, and it is not written over: choose another name"
        )


def what_is_lost(source: SourcePhoto, format: str, *, has_alpha: bool) -> tuple[str, ...]:
    """What `source` has and a file of `format` cannot hold, in words; empty when nothing."""
    known, metadata = format_named(format), source.metadata
    lost = []
    if source.bits > 8 and not known.deep:
        lost.append(f"{known.name} holds 8 bits a channel of the {source.bits}")
    if has_alpha and not known.alpha:
        lost.append(f"{known.name} holds no transparency, so it was laid on white")
    if metadata.iptc and known.name in ("AVIF", "HEIF", "WEBP"):
        lost.append(f"{known.name} holds no IPTC-IIM")
    if metadata.comments and known.name in ("AVIF", "HEIF", "JPEG2000", "WEBP"):
        lost.append(f"{known.name} holds no comments")
    if known.name == "JPEG" and source.format != "JPEG":
        for kind, block in (("EXIF", metadata.exif), ("IPTC", metadata.iptc)):
            if block and len(block) > JPEG_BLOCK_BYTES:
                lost.append(f"JPEG holds 64 KB of {kind}, and not all of it had room")
    if metadata.png_texts and known.name != "PNG":
        lost.append(f"{known.name} holds no PNG texts")
    return tuple(lost)


def coloured_thumbnail(rgb: Coded) -> bytes:
    """A small JPEG of a picture, for the place that cameras keep one in."""
    height, width = rgb.shape[:2]
    step = max(1, max(height, width) // (4 * THUMBNAIL_PX))  # so that few pixels are averaged
    small = Image.fromarray(to_eight_bits(rgb[::step, ::step]))
    small.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX), Image.Resampling.BOX)
    encoded = BytesIO()
    small.save(encoded, "JPEG", quality=80)
    return encoded.getvalue()


def _outgoing(metadata: Metadata, rgb: Coded, orientation: int, xmp: bytes | None) -> Metadata:
    """The source's metadata as it holds for the upright, coloured picture in sRGB."""
    height, width = rgb.shape[:2]
    exif, packet, dpi = metadata.exif, xmp or metadata.xmp, metadata.dpi
    if orientation != 1:
        exif = exif and upright_exif(exif, width, height)
        packet = packet and upright_xmp(packet)
    if dpi and orientation >= 5:
        dpi = (dpi[1], dpi[0])
    if exif:
        exif = exif_with_thumbnail(exif, coloured_thumbnail(rgb), room_bytes=MAX_EXIF_BYTES)
    if exif is None and dpi:
        exif = exif_with_resolution(dpi)
    return replace(metadata, exif=exif, xmp=packet, dpi=dpi, icc=srgb_profile())


def _whole_xmp(packet: bytes, extension: bytes | None) -> bytes:
    """The packet, and in it what a JPEG had to keep in an extension."""
    return packet if extension is None else with_extension(packet, extension)


def _channels(rgb: Coded, alpha: Coded | None, known: OutputFormat) -> Coded:
    """The picture in the depth that the format holds, and without alpha where it holds none."""
    if not known.deep:
        rgb, alpha = to_eight_bits(rgb), None if alpha is None else to_eight_bits(alpha)
    if alpha is None:
        return contiguous(rgb)
    if known.alpha:
        return cast(Coded, np.dstack([rgb, alpha.astype(rgb.dtype)]))
    share = alpha[..., None].astype(np.float32) / np.float32(WHITE_PAPER)
    laid = rgb * share + WHITE_PAPER * (1 - share)
    return cast(Coded, np.rint(laid).astype(np.uint8))


def _is_lossless_webp(source: SourcePhoto) -> bool:
    """Whether the source is a WebP whose picture is a VP8L chunk, simple or extended."""
    head = b"" if source.bytes is None or source.format != "WEBP" else source.bytes[:1_000_000]
    return b"VP8L" in head and b"VP8 " not in head[:64]
