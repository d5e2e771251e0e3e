"""The index of a multi-picture file, corrected for a first picture that has grown.

CIPA DC-007 (Multi-Picture Format): an APP2 segment holds, in TIFF's form, an entry of 16 bytes for
every picture in the file: attributes, size, offset from the index's own TIFF header, two links.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

from photochrom.media.jpeg_edits import Edit, moved
from photochrom.media.jpeg_metadata import MPF
from photochrom.media.jpeg_segments import JpegFacts, Segment

_ENTRIES_TAG = 0xB002
_ENTRY_BYTES, _FIELD_BYTES = 16, 12


def mpf_edits(facts: JpegFacts, others: Iterable[Edit]) -> list[Edit]:
    """Sizes and offsets in every index as they are after the `others`, in the same bytes."""
    others = list(others)
    return [edit for segment in facts.app(2, MPF) for edit in _index_edits(facts, segment, others)]


def _index_edits(facts: JpegFacts, segment: Segment, others: list[Edit]) -> Iterator[Edit]:
    header = segment.body + len(MPF)
    index = facts.jpeg[header : segment.end]
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(index[:4])
    if order is None:
        return
    whole = struct.Struct(order + "I")
    for entry in _entries(index, order):
        size, offset = struct.unpack_from(order + "4x2I", index, entry)
        if header + offset > len(facts.jpeg) or size > len(facts.jpeg):
            continue  # it leads out of the file, and there is nothing to correct
        if offset:
            moved_offset = moved(header + offset, others) - moved(header, others)
            yield Edit(header + entry + 8, header + entry + 12, whole.pack(moved_offset))
        else:
            yield Edit(header + entry + 4, header + entry + 8, whole.pack(moved(size, others)))


def _entries(index: bytes, order: str) -> Iterator[int]:
    """Where the entries lie within the index; none in one that is damaged."""
    try:
        (directory,) = struct.unpack_from(order + "I", index, 4)
        (fields,) = struct.unpack_from(order + "H", index, directory)
        for field in range(fields):
            at = directory + 2 + field * _FIELD_BYTES
            tag, _, length, offset = struct.unpack_from(order + "2H2I", index, at)
            if tag == _ENTRIES_TAG and offset + length <= len(index):
                yield from range(offset, offset + length - _ENTRY_BYTES + 1, _ENTRY_BYTES)
    except struct.error:
        return
