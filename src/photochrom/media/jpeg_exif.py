"""The thumbnail in an EXIF block, replaced without moving anything else in it.

The block is a TIFF file: IFD0 tells the photograph, IFD1 behind it the thumbnail (Exif 3.0 §4.5).
Nothing before the thumbnail moves, since makers' notes hold offsets that only their makers know.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

_OFFSET_TAG, _LENGTH_TAG = 0x0201, 0x0202  # JPEGInterchangeFormat and its length
_ENTRY_BYTES = 12


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a block keeps its thumbnail, and where it says so: byte positions in the block.

    `link` is IFD0's pointer to IFD1. `start` and `end` are None for an uncompressed thumbnail.
    """

    order: str
    link: int
    offset_field: int | None = None
    length_field: int | None = None
    start: int = 0
    end: int = 0


def exif_thumbnail_of(tiff: bytes) -> bytes | None:
    """The JPEG thumbnail in an EXIF block that starts at its TIFF header; None without one."""
    place = _find(tiff)
    return tiff[place.start : place.end] or None if place else None


def exif_with_thumbnail(tiff: bytes, thumbnail: bytes, *, room_bytes: int) -> bytes:
    """The block with another JPEG as its thumbnail; unchanged where it has none.

    A thumbnail for which `room_bytes` is too small, and an uncompressed one, is unlinked instead:
    none is better than one of the grey photograph.
    """
    place = _find(tiff)
    if place is None:
        return tiff
    if place.offset_field is None or place.length_field is None:
        return _unlinked(tiff, place)
    start = place.start
    if len(thumbnail) <= place.end - start or place.end == len(tiff):
        block = bytearray(tiff[:start] + thumbnail.ljust(place.end - start, b"\0"))
        block += tiff[place.end :]
    else:
        block = bytearray(tiff[:start] + bytes(place.end - start) + tiff[place.end :])
        block += bytes(len(block) % 2)
        start = len(block)
        block += thumbnail
    if len(block) > room_bytes:
        return _unlinked(tiff, place)
    struct.pack_into(place.order + "I", block, place.offset_field, start)
    struct.pack_into(place.order + "I", block, place.length_field, len(thumbnail))
    return bytes(block)


def _unlinked(tiff: bytes, place: _Place) -> bytes:
    """IFD0 is the last directory, and a JPEG thumbnail's bytes are zero."""
    block = bytearray(tiff)
    block[place.start : place.end] = bytes(place.end - place.start)
    block[place.link : place.link + 4] = bytes(4)
    return bytes(block)


def _find(tiff: bytes) -> _Place | None:
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return None
    try:
        return _place(tiff, order)
    except struct.error:  # a directory that leads out of the block: there is nothing to replace
        return None


def _place(tiff: bytes, order: str) -> _Place | None:
    (first,) = struct.unpack_from(order + "I", tiff, 4)
    link = first + 2 + _ENTRY_BYTES * _count(tiff, order, first)
    (second,) = struct.unpack_from(order + "I", tiff, link)
    if not second:
        return None
    fields: dict[int, int] = {}
    for number in range(_count(tiff, order, second)):
        entry = second + 2 + _ENTRY_BYTES * number
        fields[struct.unpack_from(order + "H", tiff, entry)[0]] = entry + 8
    if not {_OFFSET_TAG, _LENGTH_TAG} <= fields.keys():
        return _Place(order, link)
    (start,) = struct.unpack_from(order + "I", tiff, fields[_OFFSET_TAG])
    (length,) = struct.unpack_from(order + "I", tiff, fields[_LENGTH_TAG])
    if not second < start <= start + length <= len(tiff):
        return None
    return _Place(order, link, fields[_OFFSET_TAG], fields[_LENGTH_TAG], start, start + length)


def _count(tiff: bytes, order: str, directory: int) -> int:
    (count,) = struct.unpack_from(order + "H", tiff, directory)
    return int(count)
