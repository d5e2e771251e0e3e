"""More tags for a TIFF that an encoder has written, whatever the encoder lets through."""

from __future__ import annotations

from collections.abc import Iterable

from photochrom.media.exif import (
    RESOLUTION_UNIT,
    X_RESOLUTION,
    Y_RESOLUTION,
    ExifTags,
    in_order,
    linked_directories,
)
from photochrom.media.tiff_ifd import ASCII, BYTE, UNDEFINED, Entry, byte_order, first_directory

XMP, IPTC, ICC = 700, 33723, 34675
DESCRIPTION, SOFTWARE = 270, 305


def with_tags(tiff: bytes, tags: ExifTags | None, blocks: Iterable[Entry]) -> bytes:
    """The TIFF with `tags` (with EXIF and GPS) and `blocks` in its first directory.

    What the encoder itself wrote stays, apart from the resolution, the software and the
    description where `tags` know better. The directory is written anew at the end of the file, so
    that nothing else moves.
    """
    order, main = byte_order(tiff), first_directory(tiff)
    if order is None or main is None:
        raise ValueError("this is no TIFF that tags can be added to")
    ours = ExifTags(order) if tags is None else in_order(tags, order)
    entries = {
        **ours.main,
        **main.entries,
        **{tag: ours.main[tag] for tag in _BETTER_KNOWN & ours.main.keys()},
        **{block.tag: block for block in blocks},
    }
    start = len(tiff) + len(tiff) % 2
    written = linked_directories(ExifTags(order, entries, ours.sub), start, main.next)
    head = tiff[:4] + start.to_bytes(4, order)
    return head + tiff[8:].ljust(start - 8, b"\0") + written


def block_entries(xmp: bytes | None, iptc: bytes | None, icc: bytes | None) -> list[Entry]:
    """The tags of whole blocks, for those that are there."""
    blocks = [(XMP, BYTE, xmp), (IPTC, UNDEFINED, iptc), (ICC, UNDEFINED, icc)]
    return [Entry(tag, kind, block) for tag, kind, block in blocks if block]


def text_entry(tag: int, text: bytes) -> Entry:
    """A tag that holds text."""
    return Entry(tag, ASCII, text.rstrip(b"\0") + b"\0")


_BETTER_KNOWN = {X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT, DESCRIPTION, SOFTWARE}
