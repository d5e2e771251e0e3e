"""The original back out of a JPEG that Photochrom coloured."""

from __future__ import annotations

from photochrom.errors import InputError
from photochrom.media.jpeg_record import CHROMA_SIGNATURE, Restored, find_record, follow_record

NEW_CODING = "all coefficients are the original's; only their entropy coding is new"


def restore(jpeg: bytes) -> bytes:
    """The bytes of `restored`."""
    return restored(jpeg).jpeg


def restored(jpeg: bytes) -> Restored:
    """The original file that was coloured, checked against the digests in its record.

    A grey original is given back byte for byte, a colour one too where libjpeg had coded it in one
    scan; else all coefficients of its three planes are, in a scan that is coded anew.

    Raises `InputError` for a file that is no JPEG or holds no record, for one that was changed
    since, and for a record that is damaged or hostile; `SetupError` where the original has colour
    and the extra `jpeg` is not installed.
    """
    record = find_record(jpeg)
    if not record:
        raise InputError(
            "this JPEG holds no restore record: Photochrom did not write it by the splice, or "
            "another program has saved it since and left the record out"
        )
    grey = follow_record(jpeg, record)
    if not find_record(grey, CHROMA_SIGNATURE):
        return Restored(grey, is_exact=True)
    from photochrom.media.jpeg_planes import with_chroma_again

    return with_chroma_again(grey)


def has_restore_record(jpeg: bytes) -> bool:
    """Whether the bytes are a JPEG with a restore record; what it says is not checked."""
    try:
        return bool(find_record(jpeg))
    except InputError:
        return False
