"""Free memory of this process: given back to the system, or kept for the next picture.

glibc's heaps are what this is about; elsewhere nothing is done.
"""

from __future__ import annotations

import ctypes
import sys

MEBIBYTE = 1 << 20
TRIM_EVERY = 16  # photos; a call takes some milliseconds

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3  # mallopt's numbers
_KEPT = 256 * MEBIBYTE
_GROWTH = 32 * MEBIBYTE
_LARGEST_IN_HEAP = 32 * MEBIBYTE  # the most that glibc takes


def trim_heap() -> None:
    """Give free memory back.

    Photos of many sizes leave the heaps full of gaps, which glibc keeps: 0.3 GB that are in use had
    grown to 1.6 GB after 800 photos.
    """
    if (libc := _glibc()) is not None:
        libc.malloc_trim(0)


def keep_heap() -> None:
    """Keep up to a quarter of a gigabyte of free memory in place of giving it back at once.

    For processes that colour picture after picture: pages that went back have to be filled with
    zeros again, which was a fifth of a one-megapixel photo's time.
    """
    if (libc := _glibc()) is not None:
        libc.mallopt(_MMAP_THRESHOLD, _LARGEST_IN_HEAP)
        libc.mallopt(_TRIM_THRESHOLD, _KEPT)
        libc.mallopt(_TOP_PAD, _GROWTH)


def _glibc() -> ctypes.CDLL | None:
    """The C library, where it is glibc."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt") else None
