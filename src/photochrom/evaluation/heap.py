"""Memory that is free goes back to the system.

Photos of many sizes leave glibc's heaps full of gaps, which it keeps: 0.3 GB that are in use had
grown to 1.6 GB after 800 photos.
"""

from __future__ import annotations

import ctypes
import sys

TRIM_EVERY = 16  # photos; a call takes some milliseconds


def trim_heap() -> None:
    """Give free memory back; does nothing where the C library has no such call."""
    if sys.platform != "linux":
        return
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except AttributeError:  # another library than glibc
        return
    trim(0)
