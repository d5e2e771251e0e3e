"""The grey original back out of a JPEG that Photochrom coloured, byte for byte."""

from __future__ import annotations

from photochrom.errors import InputError
from photochrom.media.jpeg_record import find_record, follow_record


def restore(jpeg: bytes) -> bytes:
    """The original file that `splice` coloured, checked against the SHA-256 in its record.

    Raises `InputError` for a file that is no JPEG or holds no record, for one that was changed
    since, and for a record that is damaged or hostile.
    """
    record = find_record(jpeg)
    if not record:
        raise InputError(
            "this JPEG holds no restore record: Photochrom did not write it by the splice, or "
            "another program has saved it since and left the record out"
        )
    return follow_record(jpeg, record)


def has_restore_record(jpeg: bytes) -> bool:
    """Whether the bytes are a JPEG with a restore record; what it says is not checked."""
    try:
        return bool(find_record(jpeg))
    except InputError:
        return False
