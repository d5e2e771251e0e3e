"""TIFF's directories of tags, in which EXIF is written too (TIFF 6.0, section 2; Exif 3.0, 4.6).

BigTIFF's are the same with longer fields. Read without trusting an offset or a count: what lies
outside the block is left out.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

Order: TypeAlias = Literal["little", "big"]
Block: TypeAlias = bytes | mmap.mmap
BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 1, 2, 3, 4, 5, 7
IFD, LONG8, IFD8 = 13, 16, 18
# Bytes of one value, and of the unit in which bytes are swapped, for each of TIFF's types.
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
BIG_KINDS = {16: 8, 17: 8, 18: 8}  # BigTIFF's own
SIZES |= BIG_KINDS
_SWAPPED = {**SIZES, RATIONAL: 4, 10: 4}
MAX_ENTRIES = 4096


@dataclass(frozen=True)
class Layout:
    """How long the fields of a directory are [bytes]."""

    count: int  # of the number of entries
    field: int  # of an offset, of how many values there are, and of values that lie in the entry

    @property
    def entry(self) -> int:
        """Of a whole entry: tag, type, how many, values or where they lie."""
        return 4 + 2 * self.field


CLASSIC, BIG = Layout(2, 4), Layout(8, 8)


@dataclass(frozen=True)
class Entry:
    """One tag: its type, its values as bytes in the block's order, and where these values lie."""

    tag: int
    kind: int
    values: bytes
    at: int = 0

    @property
    def count(self) -> int:
        """How many values there are."""
        return len(self.values) // SIZES[self.kind]

    def number(self, order: Order) -> int | None:
        """The first value, where it is a whole number."""
        if self.kind not in (BYTE, SHORT, LONG, IFD, LONG8, IFD8) or not self.values:
            return None
        return int.from_bytes(self.values[: SIZES[self.kind]], order)

    def in_order(self, before: Order, after: Order) -> Entry:
        """The same values in another byte order."""
        unit = _SWAPPED[self.kind]
        if before == after or unit == 1:
            return self
        return replace(self, values=np.frombuffer(self.values, f"u{unit}").byteswap().tobytes())


@dataclass(frozen=True)
class Directory:
    """One directory of a block: its entries by tag, and the places of its links."""

    entries: Mapping[int, Entry]
    next_at: int  # where the offset of the next directory is written
    next: int  # that offset; 0 when this is the last one


def byte_order(block: bytes) -> Order | None:
    """The byte order of a TIFF or EXIF block; None when it is neither (BigTIFF included)."""
    if block[:4] == b"II*\0":
        return "little"
    return "big" if block[:4] == b"MM\0*" else None


def first_directory(block: bytes) -> Directory | None:
    """The first directory of a block, or None when there is none."""
    order = byte_order(block)
    return None if order is None else directory(block, int.from_bytes(block[4:8], order), order)


def directory(
    block: Block, offset: int, order: Order, layout: Layout = CLASSIC
) -> Directory | None:
    """The directory at `offset`, its damaged entries left out; None when it lies outside."""
    first = offset + layout.count
    if not 8 <= offset <= len(block) - layout.count - layout.field:
        return None
    count = int.from_bytes(block[offset:first], order)
    next_at = first + layout.entry * count
    if count > MAX_ENTRIES or next_at > len(block):
        return None
    entries = {}
    for at in range(first, next_at, layout.entry):
        entry = _entry(block, at, order, layout)
        if entry is not None:
            entries[entry.tag] = entry
    following = block[next_at : next_at + layout.field]
    return Directory(entries, next_at, int.from_bytes(following, order))


def _entry(block: Block, at: int, order: Order, layout: Layout) -> Entry | None:
    tag, kind = (int.from_bytes(block[at + i : at + i + 2], order) for i in (0, 2))
    values_at, end = at + 4 + layout.field, at + layout.entry
    length = int.from_bytes(block[at + 4 : values_at], order) * SIZES.get(kind, 0)
    if length == 0:
        return None
    is_inside = length <= layout.field
    place = values_at if is_inside else int.from_bytes(block[values_at:end], order)
    if place + length > len(block):
        return None
    return Entry(tag, kind, block[place : place + length], place)


def directory_bytes(
    entries: Iterable[Entry],
    offset: int,
    order: Order,
    following: int = 0,
    layout: Layout = CLASSIC,
) -> bytes:
    """A directory to stand at `offset`, its longer values right behind it at even places."""
    listed = sorted(entries, key=lambda entry: entry.tag)
    table = len(listed).to_bytes(layout.count, order)
    values_at = offset + len(table) + layout.entry * len(listed) + layout.field
    values = bytearray()
    for entry in listed:
        table += entry.tag.to_bytes(2, order) + entry.kind.to_bytes(2, order)
        table += entry.count.to_bytes(layout.field, order)
        if len(entry.values) <= layout.field:
            table += entry.values.ljust(layout.field, b"\0")
        else:
            table += (values_at + len(values)).to_bytes(layout.field, order)
            values += entry.values + bytes(len(entry.values) % 2)
    return table + following.to_bytes(layout.field, order) + bytes(values)
