"""What decoders raise on damaged files."""

from __future__ import annotations

import struct
import zlib

# Seen from Pillow's plugins, tifffile, imagecodecs and the standard library on files cut short or
# with changed bytes. MemoryError stays outside: it is about size, and has words of its own.
DAMAGED: tuple[type[Exception], ...] = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    EOFError,
    ArithmeticError,
    RuntimeError,
    struct.error,
    zlib.error,
)
