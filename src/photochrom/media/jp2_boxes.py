"""The boxes of a JPEG 2000 file: metadata out of them and into them (ISO/IEC 15444-1, annex I)."""

from __future__ import annotations

from collections.abc import Iterator

SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"
# The UUIDs of Adobe's XMP specification (part 3, 1.1.4), and those that ExifTool and Exiv2 write.
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
EXIF_UUID = b"JpgTiffExif->JP2"
IPTC_UUID = bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38")


def boxes_in(jp2: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """(type, content, position) of every whole box at the top level."""
    at = 0
    while at + 8 <= len(jp2):
        length, kind, head = int.from_bytes(jp2[at : at + 4]), jp2[at + 4 : at + 8], 8
        if length == 1:
            length, head = int.from_bytes(jp2[at + 8 : at + 16]), 16
        elif length == 0:  # up to the end of the file
            length = len(jp2) - at
        if length < head or at + length > len(jp2):
            return
        yield kind, jp2[at + head : at + length], at
        at += length


def uuid_contents(jp2: bytes) -> dict[bytes, bytes]:
    """What the `uuid` boxes hold, by UUID; empty for a bare codestream."""
    if not jp2.startswith(SIGNATURE):
        return {}
    return {content[:16]: content[16:] for kind, content, _ in boxes_in(jp2) if kind == b"uuid"}


def with_uuids(jp2: bytes, contents: dict[bytes, bytes]) -> bytes:
    """The file with `uuid` boxes put before its codestream, so that they are found early."""
    added = b"".join(
        (24 + len(content)).to_bytes(4) + b"uuid" + uuid + content
        for uuid, content in contents.items()
    )
    for kind, _, at in boxes_in(jp2):
        if kind == b"jp2c":
            return jp2[:at] + added + jp2[at:]
    return jp2 + added
