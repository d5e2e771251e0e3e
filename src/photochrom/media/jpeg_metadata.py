"""The metadata in a JPEG's APPn and COM segments: what is there, and segments to put there.

Sources: Exif 3.0 §4.7.2 (APP1), XMP part 3 §1.1.3 (APP1, 65,502 bytes a packet), ICC.1:2022 annex
B.4 (APP2), Adobe's Photoshop file format (APP13), TN 5116 (APP14), JFIF 1.02 (APP0).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

from photochrom.errors import InputError
from photochrom.media.jpeg_edits import Edit
from photochrom.media.jpeg_segments import (
    APP0,
    COM,
    MAX_PAYLOAD_BYTES,
    JpegFacts,
    Segment,
    segment_bytes,
)

JFIF, JFXX = b"JFIF\0", b"JFXX\0"
EXIF = b"Exif\0"  # one more byte follows, usually 0
XMP = b"http://ns.adobe.com/xap/1.0/\0"
EXTENDED_XMP = b"http://ns.adobe.com/xmp/extension/\0"
ICC = b"ICC_PROFILE\0"
PHOTOSHOP = b"Photoshop 3.0\0"
ADOBE = b"Adobe"
MPF = b"MPF\0"

JFIF_BYTES = 14  # without a thumbnail; decoders take no shorter one for JFIF
EXIF_HEAD = EXIF + b"\0"
MAX_XMP_BYTES = 65_502  # XMP part 3, §1.1.3
_ADOBE_TRANSFORM_AT = 11  # after "Adobe", the version and two flag words
_ICC_CHUNK_BYTES = MAX_PAYLOAD_BYTES - len(ICC) - 2


@dataclass(frozen=True, slots=True)
class JpegMetadata:
    """The metadata of one JPEG, every block without its marker and prefix; None where absent.

    `exif` starts at its TIFF header; `photoshop` is the image resources that hold IPTC-IIM.
    """

    exif: bytes | None
    xmp: bytes | None
    extended_xmp: tuple[bytes, ...]
    icc: bytes | None
    photoshop: bytes | None
    comments: tuple[bytes, ...]
    jfif: bytes | None
    adobe_transform: int | None


def jpeg_metadata(facts: JpegFacts) -> JpegMetadata:
    """The metadata of a parsed JPEG. Blocks spread over several segments are put together."""
    comments = tuple(facts.payload(segment) for segment in facts.with_marker(COM))
    photoshop = _bodies(facts, 13, PHOTOSHOP)
    return JpegMetadata(
        exif=_first([facts.payload(s)[len(EXIF_HEAD) :] for s in exif_bodies(facts)]),
        xmp=_first(_bodies(facts, 1, XMP)),
        extended_xmp=tuple(_bodies(facts, 1, EXTENDED_XMP)),
        icc=_icc(_bodies(facts, 2, ICC)),
        photoshop=b"".join(photoshop) if photoshop else None,
        comments=comments,
        jfif=_first(_bodies(facts, 0, JFIF)),
        adobe_transform=adobe_transform(facts),
    )


def exif_bodies(facts: JpegFacts) -> list[Segment]:
    """The APP1 segments that hold EXIF; its head is six bytes, the last one usually 0."""
    return [s for s in facts.app(1, EXIF) if s.end - s.body > len(EXIF_HEAD)]


def _bodies(facts: JpegFacts, number: int, prefix: bytes) -> list[bytes]:
    return [facts.payload(segment)[len(prefix) :] for segment in facts.app(number, prefix)]


def _first(bodies: list[bytes]) -> bytes | None:
    return bodies[0] if bodies else None


def _icc(chunks: list[bytes]) -> bytes | None:
    """The profile out of its numbered chunks; None where one is missing."""
    numbered = {chunk[0]: chunk[2:] for chunk in chunks if len(chunk) > 2}
    whole = bool(chunks) and sorted(numbered) == list(range(1, len(chunks) + 1))
    return b"".join(numbered[number] for number in sorted(numbered)) if whole else None


def adobe_segments(facts: JpegFacts) -> list[Segment]:
    """The APP14 segments that decoders take for Adobe's."""
    return [s for s in facts.app(14, ADOBE) if s.end - s.body > _ADOBE_TRANSFORM_AT]


def adobe_transform(facts: JpegFacts) -> int | None:
    """0 RGB, CMYK or grey, 1 YCbCr, 2 YCCK; None without an Adobe segment."""
    segments = adobe_segments(facts)
    return facts.jpeg[adobe_transform_at(segments[-1])] if segments else None


def adobe_transform_at(segment: Segment) -> int:
    """Where in the file the colour transform byte of an Adobe segment lies."""
    return segment.body + _ADOBE_TRANSFORM_AT


def adobe_segment(transform: int) -> bytes:
    """An APP14 segment, version 100, no flags."""
    return segment_bytes(APP0 + 14, ADOBE + bytes((0, 100, 0, 0, 0, 0, transform)))


def xmp_segment(packet: bytes) -> bytes:
    """The APP1 segment of an XMP packet; padding is left out where it would not fit.

    Raises `InputError` for a packet that even then is larger than a segment.
    """
    if len(packet) > MAX_XMP_BYTES:
        body, trailer, end = packet.rpartition(b"<?xpacket end")
        packet = body.rstrip() + trailer + end if trailer else packet.rstrip()
    if len(packet) > MAX_XMP_BYTES:
        raise InputError(
            f"the XMP packet has {len(packet)} bytes; a JPEG holds {MAX_XMP_BYTES}. "
            "Take out what is not needed with a metadata editor, or save as PNG or TIFF"
        )
    return segment_bytes(APP0 + 1, XMP + packet)


def icc_segments(profile: bytes) -> bytes:
    """The APP2 segments of a profile, at most 255 of them."""
    chunks = [
        profile[at : at + _ICC_CHUNK_BYTES] for at in range(0, len(profile), _ICC_CHUNK_BYTES)
    ]
    return b"".join(
        segment_bytes(APP0 + 2, ICC + bytes((number, len(chunks))) + chunk)
        for number, chunk in enumerate(chunks, 1)
    )


def exif_segment(tiff: bytes) -> bytes:
    """The APP1 segment of an EXIF block that starts at its TIFF header (or at "Exif").

    Raises `InputError` for a block that is larger than a segment.
    """
    payload = EXIF_HEAD + tiff.removeprefix(EXIF_HEAD)
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise InputError(
            f"the EXIF block has {len(payload)} bytes; a JPEG holds {MAX_PAYLOAD_BYTES}. "
            "Take out what is not needed with a metadata editor, or save as PNG or TIFF"
        )
    return segment_bytes(APP0 + 1, payload)


def metadata_edits(
    facts: JpegFacts, *, xmp: bytes | None, icc: bytes | None, exif: bytes | None = None
) -> list[Edit]:
    """New blocks in the place of the old ones, each exactly once.

    None keeps the XMP and the EXIF that are there; a profile never stays, None leaves it out.
    Empty bytes leave a block out.
    """
    edits = segments_replaced(facts, list(facts.app(2, ICC)), icc_segments(icc) if icc else b"")
    if xmp is not None:
        new = xmp_segment(xmp) if xmp else b""
        edits = segments_replaced(facts, list(facts.app(1, XMP)), new) + edits
    if exif is not None:
        new = exif_segment(exif) if exif else b""
        edits = segments_replaced(facts, list(facts.app(1, EXIF)), new) + edits
    return edits


def segments_replaced(facts: JpegFacts, segments: list[Segment], new: bytes) -> list[Edit]:
    """The new segments in the place of the first old one; at the metadata's end without any."""
    if not segments:
        return [Edit(metadata_end(facts), metadata_end(facts), new)] if new else []
    first, *others = segments
    return [
        Edit(first.start, first.end, new),
        *(Edit(segment.start, segment.end, b"") for segment in others),
    ]


def is_metadata(segment: Segment) -> bool:
    """Whether it is an APPn or a COM segment."""
    return segment.marker == COM or APP0 <= segment.marker < APP0 + 16


def metadata_end(facts: JpegFacts) -> int:
    """The end of the APPn and COM segments that open the file."""
    return max((segment.end for segment in takewhile(is_metadata, facts.segments)), default=2)
