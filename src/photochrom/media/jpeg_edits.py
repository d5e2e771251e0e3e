"""An edit list over a file's bytes: what is put in, what is replaced, where the rest moves to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Edit:
    """`new` in the place of `original[start:end]`; an insertion where both are equal."""

    start: int
    end: int
    new: bytes


def apply_edits(original: bytes, edits: Iterable[Edit]) -> bytes:
    """The original with the edits made. Edits at one position keep their order.

    >>> apply_edits(b"grey photo", [Edit(0, 4, b"colour"), Edit(10, 10, b"!")])
    b'colour photo!'
    """
    pieces: list[bytes | memoryview] = []
    cursor = 0
    view = memoryview(original)
    for edit in in_order(edits):
        pieces += [view[cursor : edit.start], edit.new]
        cursor = edit.end
    return b"".join([*pieces, view[cursor:]])


def in_order(edits: Iterable[Edit]) -> list[Edit]:
    """The edits by position. Raises `ValueError` when two of them touch the same bytes."""
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    for one, other in pairwise(ordered):
        if other.start < one.end:
            raise ValueError(f"edits overlap at byte {other.start}")
    return ordered


def moved(position: int, edits: Iterable[Edit]) -> int:
    """Where the byte at `position` of the original comes to lie."""
    shift = sum(len(e.new) - (e.end - e.start) for e in edits if e.end <= position)
    return position + shift
