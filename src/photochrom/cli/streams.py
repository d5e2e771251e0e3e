"""Pictures on stdin and stdout."""

from __future__ import annotations

import sys

from photochrom.errors import InputError, SetupError


def read_stdin() -> bytes:
    """Everything on stdin; `InputError` at a terminal, where nobody can type a picture."""
    if sys.stdin.isatty():
        raise InputError("- reads a picture from stdin, which is a terminal: pipe or redirect one")
    content = sys.stdin.buffer.read()
    if not content:
        raise InputError("stdin is empty: pipe or redirect a picture into it")
    return content


def write_stdout(content: bytes) -> None:
    """Write all bytes to stdout.

    Raises `InputError` where it is a terminal, `SetupError` where it takes no more.
    """
    if sys.stdout.isatty():
        raise InputError("the picture goes to stdout, which is a terminal: redirect it, or give -o")
    remaining = memoryview(content)
    try:
        while remaining:  # an unbuffered stdout may take less than all of it at a time
            remaining = remaining[sys.stdout.buffer.write(remaining) :]
        sys.stdout.buffer.flush()
    except OSError as error:
        raise SetupError(f"cannot write the picture to stdout: {error.strerror}") from error
