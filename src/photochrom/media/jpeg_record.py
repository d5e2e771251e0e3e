"""The restore record: how a coloured JPEG leads back to the grey one, in the coloured file itself.

It lies in numbered APP9 segments before the first scan; docs/restore-format.md describes it byte by
byte. When it is read it is untrusted input.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from photochrom.errors import InputError
from photochrom.media.jpeg_edits import Edit, in_order
from photochrom.media.jpeg_segments import (
    APP0,
    MAX_PAYLOAD_BYTES,
    SOS,
    Segment,
    segment_bytes,
    walk,
)

RECORD_MARKER = APP0 + 9
SIGNATURE = b"Photochrom restore\0"
CHROMA_SIGNATURE = b"Photochrom chroma\0\0"  # of the record that `jpeg_planes` writes
VERSION = 1
MAX_RECORD_BYTES = 32 << 20  # inflated; real ones hold an EXIF segment, an XMP packet, a profile

_PLACE = struct.Struct(">BHH")  # version, this segment's number from 1 on, how many there are
_STEP = struct.Struct(">QQQ")  # bytes to copy, bytes to pass over, bytes to put in
_DIGEST_BYTES = hashlib.sha256().digest_size
_CHUNK_BYTES = MAX_PAYLOAD_BYTES - len(SIGNATURE) - _PLACE.size


@dataclass(frozen=True)
class Restored:
    """An original given back: `is_exact` byte for byte, else its planes' coefficients are equal."""

    jpeg: bytes = field(repr=False)
    is_exact: bool


def record_segments(original: bytes, edits: Iterable[Edit]) -> bytes:
    """The APP9 segments that lead from the edited file, these segments taken out, to `original`."""
    content = hashlib.sha256(original).digest() + steps_back(original, edits)
    if len(content) > MAX_RECORD_BYTES:
        raise InputError(
            f"the metadata to be replaced is {len(content)} bytes, more than a restore record may "
            f"hold ({MAX_RECORD_BYTES}). Use --jpeg ordinary"
        )
    return numbered_segments(SIGNATURE, zlib.compress(content, 9))


def numbered_segments(signature: bytes, packed: bytes) -> bytes:
    """Any number of bytes as numbered APP9 segments under a signature of 19 bytes."""
    chunks = [packed[at : at + _CHUNK_BYTES] for at in range(0, len(packed), _CHUNK_BYTES)]
    if len(chunks) > 0xFFFF:
        raise InputError("what is to be kept for restoring is too large for a JPEG file")
    return b"".join(
        segment_bytes(RECORD_MARKER, signature + _PLACE.pack(VERSION, number, len(chunks)) + chunk)
        for number, chunk in enumerate(chunks, 1)
    )


def steps_back(original: bytes, edits: Iterable[Edit]) -> bytes:
    """The steps that lead from the file with the edits made to `original`."""
    steps, cursor = [], 0
    for edit in in_order(edits):
        taken = original[edit.start : edit.end]
        steps += [_STEP.pack(edit.start - cursor, len(edit.new), len(taken)), taken]
        cursor = edit.end
    return b"".join([*steps, _STEP.pack(len(original) - cursor, 0, 0)])


def find_record(jpeg: bytes, signature: bytes = SIGNATURE) -> list[Segment]:
    """The record's segments in the file's order; none where the file has no record."""
    header = header_segments(jpeg)
    return [
        segment
        for segment in header
        if segment.marker == RECORD_MARKER and jpeg.startswith(signature, segment.body, segment.end)
    ]


def header_segments(jpeg: bytes) -> Iterator[Segment]:
    """The segments of the file's header."""
    for segment in walk(jpeg):
        if segment.marker == SOS:
            return
        yield segment


def follow_record(jpeg: bytes, record: Sequence[Segment]) -> bytes:
    """The original that the record leads to, byte for byte.

    Raises `InputError` for a record that is damaged, and for a file that was changed after the
    record was written: what the steps then lead to has another SHA-256.
    """
    content = inflate(joined_segments(jpeg, record))
    if len(content) < _DIGEST_BYTES:
        raise damaged("it is too short")
    digest, steps = content[:_DIGEST_BYTES], memoryview(content)[_DIGEST_BYTES:]
    original = b"".join(walk_back(without(jpeg, record), steps))
    if hashlib.sha256(original).digest() != digest:
        raise InputError(
            "this file was changed after Photochrom coloured it (another program has saved it or "
            "its metadata), so the original cannot be given back. Restore from an unchanged copy"
        )
    return original


def joined_segments(jpeg: bytes, record: Sequence[Segment]) -> bytes:
    """What a record's segments hold together. Raises `InputError` where one is missing."""
    packed = bytearray()
    for number, segment in enumerate(record, 1):
        body = jpeg[segment.body + len(SIGNATURE) : segment.end]
        if len(body) < _PLACE.size:
            raise damaged("a segment of it is too short")
        version, seen, count = _PLACE.unpack_from(body)
        if version != VERSION:
            raise InputError(
                f"this restore record is of version {version}; this Photochrom reads {VERSION}. "
                "Install a newer one: pip install --upgrade photochrom"
            )
        if (seen, count) != (number, len(record)):
            raise damaged(f"segment {seen} of {count} stands at place {number} of {len(record)}")
        packed += body[_PLACE.size :]
    return bytes(packed)


def inflate(packed: bytes) -> bytes:
    """The content of a zlib stream, `MAX_RECORD_BYTES` at most. Raises `InputError`."""
    inflating = zlib.decompressobj()
    try:
        content = inflating.decompress(packed, MAX_RECORD_BYTES)
    except zlib.error as error:
        raise damaged(str(error)) from error
    if not inflating.eof or inflating.unused_data:
        raise damaged("it is cut off, too long, or larger than any that Photochrom writes")
    return content


def without(jpeg: bytes, record: Sequence[Segment]) -> memoryview:
    """The file with the record's segments taken out."""
    pieces, cursor = [], 0
    for segment in record:
        pieces.append(jpeg[cursor : segment.body - 4])  # marker and length are the record's too
        cursor = segment.end
    return memoryview(b"".join([*pieces, jpeg[cursor:]]))


def walk_back(coloured: memoryview, steps: memoryview) -> Iterator[memoryview]:
    """The original, piece by piece. Raises `InputError` for steps that lead out of the file."""
    at = seen = 0
    while at < len(steps):
        if at + _STEP.size > len(steps):
            raise damaged("its last step is cut off")
        copied, passed, put_in = _STEP.unpack_from(steps, at)
        at += _STEP.size
        if copied + passed > len(coloured) - seen or put_in > len(steps) - at:
            raise damaged("a step of it leads past the end of the file")
        yield coloured[seen : seen + copied]
        yield steps[at : at + put_in]
        seen += copied + passed
        at += put_in
    if seen != len(coloured):
        raise damaged(f"it accounts for {seen} of {len(coloured)} bytes")


def damaged(what: str) -> InputError:
    """The error for a record that does not fit its file."""
    return InputError(
        f"the restore record in this file does not fit it: {what}. "
        "The file was changed or damaged since; restore from an unchanged copy"
    )
