"""Pictures on stdin and stdout."""

from __future__ import annotations

import sys

from photochrom.errors import InputError


def read_stdin() -> bytes:
    """Everything on stdin; `InputError` at a terminal, where nobody can type a picture."""
    if sys.stdin.isatty():
        raise InputError("- reads a picture from stdin, which is a terminal: pipe or redirect one")
    return sys.stdin.buffer.read()


def write_stdout(content: bytes) -> None:
    """Write bytes to stdout; `InputError` where it is a terminal."""
    if sys.stdout.isatty():
        raise InputError("the picture goes to stdout, which is a terminal: redirect it, or give -o")
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
