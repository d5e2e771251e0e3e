"""EXIF blocks: read, turned upright, carried into other formats.

What can be changed in place is changed in place, so that makers' notes, full of absolute offsets,
stay readable (Exif 3.0, 4.6 and 4.7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from photochrom.media.tiff_ifd import (
    CLASSIC,
    LONG,
    RATIONAL,
    SHORT,
    Block,
    Directory,
    Entry,
    Layout,
    Order,
    byte_order,
    directory,
    directory_bytes,
    first_directory,
)

PREFIX = b"Exif\0\0"
ORIENTATION = 274
X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 282, 283, 296
EXIF_IFD, GPS_IFD, INTEROP_IFD = 34665, 34853, 40965
WIDTH, HEIGHT = 40962, 40963  # PixelXDimension, PixelYDimension
# Tags that say how a TIFF file stores its pixels, and blocks that travel by themselves.
STORAGE_TAGS = frozenset(
    {
        *(254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281),
        *(284, 288, 289, 290, 291, 292, 293, 300, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325),
        *(326, 327, 328, 330, 332, 333, 334, 336, 337, 338, 339, 340, 341, 342, 343, 344, 345, 346),
        *(347, *range(512, 522), 529, 530, 531, 532, 559, 700, 33723, 34377, 34675, 37724),
        *(EXIF_IFD, GPS_IFD, INTEROP_IFD),
    }
)
SUBDIRECTORIES = (EXIF_IFD, GPS_IFD)


@dataclass(frozen=True)
class ExifTags:
    """The tags of a block, by directory, in the byte order `order`."""

    order: Order
    main: Mapping[int, Entry] = field(default_factory=dict)
    sub: Mapping[int, Mapping[int, Entry]] = field(default_factory=dict)  # by EXIF_IFD, GPS_IFD


def exif_orientation(block: bytes | None) -> int:
    """Orientation 1…8; 1 where the block is absent, damaged, or says nothing of the kind."""
    order, main = byte_order(block or b""), first_directory(block or b"")
    entry = None if main is None else main.entries.get(ORIENTATION)
    orientation = None if entry is None or order is None else entry.number(order)
    return orientation if orientation is not None and 1 <= orientation <= 8 else 1


def exif_tags(block: bytes) -> ExifTags | None:
    """What a block of EXIF or a TIFF says, but not how pixels are stored; None when damaged."""
    order, main = byte_order(block), first_directory(block)
    return None if order is None or main is None else tags_in(block, main, order)


def tags_in(block: Block, main: Directory, order: Order, layout: Layout = CLASSIC) -> ExifTags:
    """What a directory and those that it links to say, but not how pixels are stored."""
    kept = {tag: entry for tag, entry in main.entries.items() if tag not in STORAGE_TAGS}
    sub = {}
    for pointer in SUBDIRECTORIES:
        found = _linked(block, main, pointer, order, layout)
        if found is not None:
            sub[pointer] = {t: e for t, e in found.entries.items() if t != INTEROP_IFD}
    return ExifTags(order, kept, sub)


def exif_of_tiff(tiff: bytes) -> bytes | None:
    """An EXIF block of what a TIFF file says that is not about how its pixels are stored."""
    tags = exif_tags(tiff)
    return exif_block(tags) if tags is not None and (tags.main or tags.sub) else None


def exif_block(tags: ExifTags) -> bytes:
    """A block written anew."""
    head = (b"II*\0" if tags.order == "little" else b"MM\0*") + (8).to_bytes(4, tags.order)
    return head + linked_directories(tags, 8)


def linked_directories(tags: ExifTags, offset: int, following: int = 0) -> bytes:
    """The directories of `tags` to stand at `offset`: the main one, then those it links to."""
    main = list(tags.main.values())
    links = [tag for tag in SUBDIRECTORIES if tags.sub.get(tag)]
    blank = [Entry(tag, LONG, bytes(4)) for tag in links]
    sub_at = offset + len(directory_bytes([*main, *blank], offset, tags.order))
    sub = b""
    for pointer in blank:
        place = sub_at + len(sub)
        main.append(Entry(pointer.tag, LONG, place.to_bytes(4, tags.order)))
        sub += directory_bytes(tags.sub[pointer.tag].values(), place, tags.order)
    return directory_bytes(main, offset, tags.order, following) + sub


def in_order(tags: ExifTags, order: Order) -> ExifTags:
    """The same tags in another byte order."""

    def swapped(entries: Mapping[int, Entry]) -> dict[int, Entry]:
        return {tag: entry.in_order(tags.order, order) for tag, entry in entries.items()}

    return ExifTags(order, swapped(tags.main), {t: swapped(e) for t, e in tags.sub.items()})


def upright_exif(block: bytes, width: int, height: int) -> bytes:
    """The block with orientation 1, its thumbnail's too, and the picture's size [px]."""
    order, main = byte_order(block), first_directory(block)
    if order is None or main is None:
        return block
    changed = bytearray(block)
    details = _linked(block, main, EXIF_IFD, order)
    _set_number(changed, main.entries.get(ORIENTATION), 1, order)
    if details is not None:
        _set_number(changed, details.entries.get(WIDTH), width, order)
        _set_number(changed, details.entries.get(HEIGHT), height, order)
    thumbnails = directory(block, main.next, order) if main.next else None
    if thumbnails is not None:
        _set_number(changed, thumbnails.entries.get(ORIENTATION), 1, order)
    return bytes(changed)


def without_orientation(block: bytes) -> bytes:
    """The block without its orientation tag, which says nothing when it says 1."""
    order, main = byte_order(block), first_directory(block)
    if order is None or main is None or ORIENTATION not in main.entries:
        return block
    start, end = int.from_bytes(block[4:8], order), main.next_at + 4
    places = range(start + 2, main.next_at, 12)
    at = next(p for p in places if block[p : p + 2] == ORIENTATION.to_bytes(2, order))
    count = (len(places) - 1).to_bytes(2, order)
    # What follows in the directory moves up, and nothing outside it moves.
    directory_left = block[start + 2 : at] + block[at + 12 : end] + bytes(12)
    return block[:start] + count + directory_left + block[end:]


def within(block: bytes, room_bytes: int) -> bytes | None:
    """The block made to fit: without its thumbnail, then without its longest tags."""
    if len(block) <= room_bytes:
        return block
    tags = exif_tags(block)
    if tags is None:
        return None
    everything = [*tags.main.values(), *(e for sub in tags.sub.values() for e in sub.values())]
    limits = sorted({len(entry.values) for entry in everything}, reverse=True)
    for limit in limits:
        smaller = ExifTags(
            tags.order,
            _shorter(tags.main, limit),
            {tag: _shorter(sub, limit) for tag, sub in tags.sub.items()},
        )
        if len(fitting := exif_block(smaller)) <= room_bytes:
            return fitting
    return None


def _shorter(entries: Mapping[int, Entry], limit_bytes: int) -> dict[int, Entry]:
    return {tag: entry for tag, entry in entries.items() if len(entry.values) <= limit_bytes}


def _linked(
    block: Block, main: Directory, pointer: int, order: Order, layout: Layout = CLASSIC
) -> Directory | None:
    entry = main.entries.get(pointer)
    offset = None if entry is None else entry.number(order)
    return None if offset is None else directory(block, offset, order, layout)


def _set_number(block: bytearray, entry: Entry | None, value: int, order: Order) -> None:
    if entry is None or entry.kind not in (SHORT, LONG) or entry.count != 1:
        return
    size = 2 if entry.kind == SHORT else 4
    if value < 1 << (8 * size):
        block[entry.at : entry.at + size] = value.to_bytes(size, order)


def exif_with_resolution(dpi: tuple[float, float]) -> bytes:
    """A block that says a resolution in pixels per inch and nothing else."""
    return exif_block(ExifTags("little", {e.tag: e for e in resolution_entries(dpi, "little")}))


def resolution_entries(dpi: tuple[float, float], order: Order) -> list[Entry]:
    """The tags of a resolution in pixels per inch."""
    across, down = (
        round(value * 1000).to_bytes(4, order) + (1000).to_bytes(4, order) for value in dpi
    )
    return [
        Entry(X_RESOLUTION, RATIONAL, across),
        Entry(Y_RESOLUTION, RATIONAL, down),
        Entry(RESOLUTION_UNIT, SHORT, (2).to_bytes(2, order)),
    ]
