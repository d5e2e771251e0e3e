"""What the pages of a large TIFF say of themselves: read, and added to another's.

Titles, dates, the camera, the place and IPTC, classic or BigTIFF, of files of any size: what is
read is a few places of the file.
"""

from __future__ import annotations

import mmap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from photochrom.media.exif import (
    RESOLUTION_UNIT,
    X_RESOLUTION,
    Y_RESOLUTION,
    ExifTags,
    in_order,
    tags_in,
)
from photochrom.media.metadata import IPTC_TAG, RESOURCES_TAG
from photochrom.media.tiff_ifd import (
    BIG,
    BIG_KINDS,
    CLASSIC,
    LONG,
    LONG8,
    Block,
    Entry,
    Layout,
    Order,
    directory,
    directory_bytes,
)

_WHOLE = (IPTC_TAG, RESOURCES_TAG)  # blocks that are carried as they are
_WRITTEN = {X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT}  # by whoever writes the pixels


@dataclass(frozen=True)
class _Head:
    """How a TIFF begins."""

    order: Order
    layout: Layout
    first_at: int  # where the offset of the first directory is written
    first: int


def page_tags(path: Path, offsets: Sequence[int]) -> list[ExifTags | None]:
    """The tags of the pages whose directories lie at `offsets`; None where one says nothing."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as block:
        head = _head(block)
        return [None if head is None else _tags_at(block, at, head) for at in offsets]


def _tags_at(block: Block, offset: int, head: _Head) -> ExifTags | None:
    main = directory(block, offset, head.order, head.layout)
    if main is None:
        return None
    tags = tags_in(block, main, head.order, head.layout)
    whole = {tag: main.entries[tag] for tag in _WHOLE if tag in main.entries}
    kept = {tag: entry for tag, entry in tags.main.items() if tag not in _WRITTEN}
    return ExifTags(head.order, kept | whole, tags.sub) if kept or whole or tags.sub else None


def add_tags(path: Path, tags: Sequence[ExifTags | None]) -> None:
    """Add tags to the pages of a TIFF, in their order; what a page says already stays.

    Their directories are written anew at the file's end, and nothing else moves.
    """
    if not any(tags):
        return
    with path.open("r+b") as file:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as block:
            changes = _changes(block, tags)
        for place, written in changes:
            file.seek(place)
            file.write(written)


def _changes(block: Block, tags: Sequence[ExifTags | None]) -> list[tuple[int, bytes]]:
    """Bytes and the places where they are to be written."""
    head = _head(block)
    if head is None:
        raise ValueError("this is no TIFF that tags can be added to")
    order, layout = head.order, head.layout
    changes: list[tuple[int, bytes]] = []
    end, linked_at, offset = len(block), head.first_at, head.first
    for added in tags:
        main = directory(block, offset, order, layout)
        if main is None:
            raise ValueError("a page is missing")
        offset = main.next
        if added is None:
            linked_at = main.next_at
            continue
        end += -end % 8
        own = in_order(added, order)
        entries = {**_storable(own.main, layout), **main.entries}
        written = _directories(ExifTags(order, entries, own.sub), end, main.next, layout)
        changes += [(end, written), (linked_at, end.to_bytes(layout.field, order))]
        linked_at = end + layout.count + layout.entry * (len(entries) + len(own.sub))
        end += len(written)
    return changes


def _directories(tags: ExifTags, offset: int, following: int, layout: Layout) -> bytes:
    """A page's directory to stand at `offset`, and those it links to."""
    kind = LONG if layout is CLASSIC else LONG8
    links = [Entry(tag, kind, bytes(layout.field)) for tag in tags.sub]
    own = [*tags.main.values()]
    place = offset + len(directory_bytes([*own, *links], offset, tags.order, layout=layout))
    below = b""
    for pointer in links:
        at = place + len(below)
        own.append(Entry(pointer.tag, kind, at.to_bytes(layout.field, tags.order)))
        entries = _storable(tags.sub[pointer.tag], layout).values()
        below += directory_bytes(entries, at, tags.order, layout=layout)
    return directory_bytes(own, offset, tags.order, following, layout) + below


def _storable(entries: Mapping[int, Entry], layout: Layout) -> dict[int, Entry]:
    """Without what only BigTIFF can say, for a classic one."""
    return {t: e for t, e in entries.items() if layout is BIG or e.kind not in BIG_KINDS}


def _head(block: Block) -> _Head | None:
    order: Order
    for order, mark in (("little", b"II"), ("big", b"MM")):
        if block[:4] == mark + (42).to_bytes(2, order):
            return _Head(order, CLASSIC, 4, int.from_bytes(block[4:8], order))
        if block[:4] == mark + (43).to_bytes(2, order):
            return _Head(order, BIG, 8, int.from_bytes(block[8:16], order))
    return None
