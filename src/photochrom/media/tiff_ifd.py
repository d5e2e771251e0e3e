"""TIFF's directories of tags, in which EXIF is written too (TIFF 6.0, section 2; Exif 3.0, 4.6).

Read without trusting an offset or a count: what lies outside the block is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

Order: TypeAlias = Literal["little", "big"]
BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 1, 2, 3, 4, 5, 7
# Bytes of one value, and of the unit in which bytes are swapped, for each of TIFF's types.
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
_SWAPPED = {**SIZES, RATIONAL: 4, 10: 4}
MAX_ENTRIES = 4096


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
        if self.kind not in (BYTE, SHORT, LONG, 13) or not self.values:
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


def directory(block: bytes, offset: int, order: Order) -> Directory | None:
    """The directory at `offset`, its damaged entries left out; None when it lies outside."""
    if not 8 <= offset <= len(block) - 6:
        return None
    count = int.from_bytes(block[offset : offset + 2], order)
    next_at = offset + 2 + 12 * count
    if count > MAX_ENTRIES or next_at > len(block):
        return None
    entries = {}
    for at in range(offset + 2, next_at, 12):
        entry = _entry(block, at, order)
        if entry is not None:
            entries[entry.tag] = entry
    return Directory(entries, next_at, int.from_bytes(block[next_at : next_at + 4], order))


def _entry(block: bytes, at: int, order: Order) -> Entry | None:
    tag, kind = (int.from_bytes(block[at + i : at + i + 2], order) for i in (0, 2))
    length = int.from_bytes(block[at + 4 : at + 8], order) * SIZES.get(kind, 0)
    if length == 0:
        return None
    place = at + 8 if length <= 4 else int.from_bytes(block[at + 8 : at + 12], order)
    if place + length > len(block):
        return None
    return Entry(tag, kind, block[place : place + length], place)


def directory_bytes(
    entries: Iterable[Entry], offset: int, order: Order, following: int = 0
) -> bytes:
    """A directory to stand at `offset`, its longer values right behind it at even places."""
    listed = sorted(entries, key=lambda entry: entry.tag)
    table = len(listed).to_bytes(2, order)
    values_at = offset + 2 + 12 * len(listed) + 4
    values = b""
    for entry in listed:
        table += entry.tag.to_bytes(2, order) + entry.kind.to_bytes(2, order)
        table += entry.count.to_bytes(4, order)
        if len(entry.values) <= 4:
            table += entry.values.ljust(4, b"\0")
        else:
            table += (values_at + len(values)).to_bytes(4, order)
            values += entry.values + bytes(len(entry.values) % 2)
    return table + following.to_bytes(4, order) + values
