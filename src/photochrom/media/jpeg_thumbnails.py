"""The small pictures inside a JPEG's metadata, replaced by a coloured one.

Those are EXIF's (IFD1, Exif 3.0 §4.5.3), Photoshop's (image resources 1033 and 1036, Adobe's
Photoshop file format) and JFIF's own, which are older than both and only left out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace

from photochrom.media.jpeg_edits import Edit, apply_edits
from photochrom.media.jpeg_exif import exif_thumbnail_of, exif_with_thumbnail
from photochrom.media.jpeg_metadata import (
    EXIF_HEAD,
    JFIF,
    JFXX,
    PHOTOSHOP,
    exif_bodies,
    segments_replaced,
)
from photochrom.media.jpeg_segments import (
    APP0,
    MAX_PAYLOAD_BYTES,
    JpegFacts,
    parse_jpeg,
    segment_bytes,
)

_JFIF_SIZE_AT = 12  # after "JFIF", the version, the unit and the density
_RESOURCE_THUMBNAILS = (1033, 1036)  # of Photoshop 4 (blue first) and since 5
_RESOURCE_CHUNK_BYTES = MAX_PAYLOAD_BYTES - len(PHOTOSHOP)


def has_thumbnails(facts: JpegFacts) -> bool:
    """Whether EXIF, Photoshop's resources or JFIF hold a small picture."""
    in_exif = any(exif_thumbnail_of(facts.payload(s)[6:]) for s in exif_bodies(facts))
    in_photoshop = any(r.number in _RESOURCE_THUMBNAILS for r in _resources(_photoshop(facts)))
    return in_exif or in_photoshop or bool(_jfif_edits(facts))


def thumbnail_edits(facts: JpegFacts, thumbnail: bytes) -> list[Edit]:
    """The JPEG `thumbnail` in every place that has one now; no place is added."""
    return [
        *_exif_edits(facts, thumbnail),
        *_photoshop_edits(facts, thumbnail),
        *_jfif_edits(facts),
    ]


def _exif_edits(facts: JpegFacts, thumbnail: bytes) -> Iterator[Edit]:
    for segment in exif_bodies(facts):
        start = segment.body + len(EXIF_HEAD)
        tiff = facts.jpeg[start : segment.end]
        replaced = exif_with_thumbnail(
            tiff, thumbnail, room_bytes=MAX_PAYLOAD_BYTES - len(EXIF_HEAD)
        )
        if replaced != tiff:
            head = facts.jpeg[segment.body : start]
            yield Edit(segment.start, segment.end, segment_bytes(segment.marker, head + replaced))


def _jfif_edits(facts: JpegFacts) -> list[Edit]:
    edits = [Edit(segment.start, segment.end, b"") for segment in facts.app(0, JFXX)]
    for segment in facts.app(0, JFIF):
        body = facts.payload(segment)
        if len(body) > _JFIF_SIZE_AT + 2 or any(body[_JFIF_SIZE_AT:]):
            bare = body[:_JFIF_SIZE_AT] + bytes(2)
            edits.append(Edit(segment.start, segment.end, segment_bytes(APP0, bare)))
    return edits


@dataclass(frozen=True, slots=True)
class _Resource:
    """One of Photoshop's image resources: its number, and its byte range among them all."""

    number: int
    start: int
    end: int


def _photoshop(facts: JpegFacts) -> bytes:
    """The image resources, which may run on from one APP13 segment into the next."""
    segments = facts.app(13, PHOTOSHOP)
    return b"".join(facts.payload(segment)[len(PHOTOSHOP) :] for segment in segments)


def _resources(resources: bytes) -> Iterator[_Resource]:
    at = 0
    while resources.startswith((b"8BIM", b"MeSa", b"PHUT", b"AgHg", b"DCSR"), at):
        number = int.from_bytes(resources[at + 4 : at + 6], "big")
        name_bytes = int.from_bytes(resources[at + 6 : at + 7], "big")
        size_at = at + 6 + _even(1 + name_bytes)
        size = int.from_bytes(resources[size_at : size_at + 4], "big")
        end = size_at + 4 + _even(size)
        if size_at + 4 + size > len(resources):  # cut off
            return
        yield _Resource(number, at, min(end, len(resources)))
        at = end


def _even(length: int) -> int:
    return length + length % 2


def _photoshop_edits(facts: JpegFacts, thumbnail: bytes) -> list[Edit]:
    resources = _photoshop(facts)
    old = [r for r in _resources(resources) if r.number in _RESOURCE_THUMBNAILS]
    if not old:
        return []
    first, *others = (Edit(resource.start, resource.end, b"") for resource in old)
    edited = apply_edits(resources, [replace(first, new=_thumbnail_resource(thumbnail)), *others])
    written = b"".join(
        segment_bytes(APP0 + 13, PHOTOSHOP + edited[at : at + _RESOURCE_CHUNK_BYTES])
        for at in range(0, len(edited), _RESOURCE_CHUNK_BYTES)
    )
    return segments_replaced(facts, list(facts.app(13, PHOTOSHOP)), written)


def _thumbnail_resource(thumbnail: bytes) -> bytes:
    """Image resource 1036: a header of 28 bytes, then a JPEG of 24 bits a pixel."""
    facts = parse_jpeg(thumbnail)
    row_bytes = (facts.width * 24 + 31) // 32 * 4
    size_bytes = row_bytes * facts.height
    head = struct.pack(
        ">6I2H", 1, facts.width, facts.height, row_bytes, size_bytes, len(thumbnail), 24, 1
    )
    data = head + thumbnail
    named = b"8BIM" + (1036).to_bytes(2, "big") + bytes(2)
    return named + len(data).to_bytes(4, "big") + data + bytes(len(data) % 2)
