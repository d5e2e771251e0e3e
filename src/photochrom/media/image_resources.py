"""Photoshop's image resources, in which JPEG and TIFF carry IPTC-IIM (Adobe's file formats)."""

from __future__ import annotations

from collections.abc import Iterator

IPTC = 0x0404
IPTC_MARK = b"\x1c"  # every IPTC-IIM record starts with it


def resources_in(block: bytes) -> Iterator[tuple[int, bytes]]:
    """(id, content) of every whole resource in a block."""
    at = 0
    while block[at : at + 4] == b"8BIM" and at + 7 <= len(block):
        number = int.from_bytes(block[at + 4 : at + 6])
        size_at = at + 6 + (block[at + 6] + 2) // 2 * 2  # a Pascal string, padded to be even
        size = int.from_bytes(block[size_at : size_at + 4])
        content = block[size_at + 4 : size_at + 4 + size]
        if len(content) < size:
            return
        yield number, content
        at = size_at + 4 + size + size % 2


def iptc_of(block: bytes | None) -> bytes | None:
    """The IPTC-IIM records in a block of resources, or in a block that is nothing else."""
    if not block or block.startswith(IPTC_MARK):
        return block or None
    return dict(resources_in(block)).get(IPTC) or None


def resources_of_iptc(iptc: bytes) -> bytes:
    """A block of resources that holds IPTC-IIM records and nothing else."""
    return (
        b"8BIM" + IPTC.to_bytes(2) + b"\0\0" + len(iptc).to_bytes(4) + iptc + bytes(len(iptc) % 2)
    )
