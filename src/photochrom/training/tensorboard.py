"""TensorBoard's event files, written without its package: numbers and pictures by step.

A file is a row of TFRecords, each a protocol buffer `Event` (tensorflow/core/util/event.proto and
framework/summary.proto). The few fields that curves and pictures need are encoded here, so that a
training machine installs neither TensorBoard nor its server to be looked at with one elsewhere.
"""

from __future__ import annotations

import os
import socket
import struct
import time
from collections.abc import Mapping
from pathlib import Path

CASTAGNOLI = 0x82F63B78  # the polynomial of CRC-32C, bits reversed (RFC 3720, B.4)
MASK_DELTA = 0xA282EAD8  # TFRecord masks its checksums, as they may be of data that hold some
SESSION_START = 1  # SessionLog.START: steps that an earlier sitting wrote from here on are void


class EventFile:
    """One sitting's event file in `folder`; TensorBoard joins those of all sittings.

    Opening and writing raise `OSError` as files do.
    """

    def __init__(self, folder: Path) -> None:
        name = f"events.out.tfevents.{int(time.time())}.{socket.gethostname()}.{os.getpid()}"
        self.file = (folder / name).open("ab", buffering=0)
        self.file.write(record(event(text(3, "brain.Event:2"))))
        self.has_steps = False

    def scalars(self, numbers: Mapping[str, float], step: int) -> None:
        """The numbers by name, as they stood at this step."""
        values = [message(1, text(1, name) + single(2, value)) for name, value in numbers.items()]
        self._add(b"".join(values), step)

    def picture(self, name: str, encoded: bytes, size: tuple[int, int], step: int) -> None:
        """A JPEG or PNG of `size` (width, height), as it was at this step."""
        width, height = size
        image = number(1, height) + number(2, width) + number(3, 3) + message(4, encoded)
        self._add(message(1, text(1, name) + message(4, image)), step)

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    def _add(self, summary: bytes, step: int) -> None:
        if not self.has_steps:
            self.has_steps = True
            self.file.write(record(event(message(7, number(1, SESSION_START)), step)))
        self.file.write(record(event(message(5, summary), step)))


def record(content: bytes) -> bytes:
    """`content` as a TFRecord: length, its checksum, the content, its checksum."""
    length = struct.pack("<Q", len(content))
    return length + _masked(length) + content + _masked(content)


def event(fields: bytes, step: int = 0) -> bytes:
    """An `Event` of now with these fields."""
    return struct.pack("<Bd", 1 << 3 | 1, time.time()) + number(2, step) + fields


def message(field: int, content: bytes) -> bytes:
    """A field that holds bytes: another message, or a picture."""
    return varint(field << 3 | 2) + varint(len(content)) + content


def text(field: int, value: str) -> bytes:
    """A field that holds text."""
    return message(field, value.encode())


def number(field: int, value: int) -> bytes:
    """A field that holds a whole number, 0 or more."""
    return varint(field << 3) + varint(value)


def single(field: int, value: float) -> bytes:
    """A field that holds a 32-bit float."""
    return varint(field << 3 | 5) + struct.pack("<f", value)


def varint(value: int) -> bytes:
    """A whole number in groups of seven bits, the least first.

    >>> varint(300).hex()
    'ac02'
    """
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*groups, value])


def crc32c(content: bytes) -> int:
    """CRC-32C (Castagnoli).

    >>> hex(crc32c(b"123456789"))
    '0xe3069283'
    """
    crc = 0xFFFFFFFF
    for byte in content:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def _masked(content: bytes) -> bytes:
    crc = crc32c(content)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + MASK_DELTA) & 0xFFFFFFFF)


def _table_entry(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (CASTAGNOLI if byte & 1 else 0)
    return byte


_TABLE = tuple(map(_table_entry, range(256)))
