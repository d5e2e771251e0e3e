"""Which kinds of JPEG Photochrom reads, and what converts the others."""

from __future__ import annotations

from photochrom.errors import InputError
from photochrom.media.jpeg_segments import JpegFacts

_LIBJPEG_TURBO = "djpeg of libjpeg-turbo 3 or later (djpeg -outfile photo.pgm photo.jpg)"
_REFERENCE = "jpeg of https://github.com/thorfdbg/libjpeg (jpeg photo.jpg photo.pgm)"


def require_decodable(facts: JpegFacts) -> None:
    """Nothing for a JPEG of 8 bits that ordinary decoders read.

    Raises `InputError` for 12-bit, lossless, JPEG-LS and hierarchical files and for those that
    give their height in a DNL segment, each with a program that converts it.
    """
    frame = facts.frame
    if frame.segment.marker == 0xF7:
        raise _unread("a JPEG-LS file", _REFERENCE)
    if facts.hierarchical:
        raise _unread("a hierarchical JPEG", _REFERENCE)
    if frame.lossless:
        raise _unread("a lossless JPEG", _LIBJPEG_TURBO)
    if frame.precision != 8:
        raise _unread(f"a JPEG of {frame.precision} bits", _LIBJPEG_TURBO)
    if not frame.height:
        raise _unread("a JPEG that tells its height only in a DNL segment", _REFERENCE)
    if len(facts.frames) > 1:
        raise InputError("this JPEG file is damaged: it has more than one frame header")


def _unread(what: str, program: str) -> InputError:
    return InputError(f"this is {what}, which Photochrom does not read. Convert it with {program}")
