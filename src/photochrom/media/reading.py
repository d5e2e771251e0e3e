"""The bytes of a photograph, wherever they come from."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from photochrom.errors import InputError, SetupError


@dataclass(frozen=True)
class Encoded:
    """An encoded photograph and where it came from."""

    name: str
    encoded: bytes
    path: Path | None = None
    modified_ns: int | None = None


def read_source(source: str | os.PathLike[str] | bytes | IO[bytes] | Encoded) -> Encoded:
    """The bytes of a path, of bytes, of a file opened for reading in binary, or read already.

    Raises `InputError` when there is no such file, `SetupError` when reading it is not permitted.
    """
    if isinstance(source, Encoded):
        return source
    if isinstance(source, bytes | bytearray | memoryview):
        return Encoded("bytes", bytes(source))
    if isinstance(source, str | os.PathLike):
        return _read_path(Path(source))
    if not hasattr(source, "read"):
        raise TypeError(
            "a photograph is a path, bytes, a binary file, a PIL.Image or an array, "
            f"not {type(source).__name__}"
        )
    encoded = source.read()
    if not isinstance(encoded, bytes):
        raise InputError("the file object gives text: open it with mode 'rb'")
    path = existing_path(getattr(source, "name", None))
    return Encoded(path.name if path else "file object", encoded, path)


def existing_path(name: object) -> Path | None:
    """The file that an opened source says it came from, so that it is never written over."""
    if not isinstance(name, str | os.PathLike) or not os.fspath(name):
        return None
    path = Path(name)
    return path if path.is_file() else None


def _read_path(path: Path) -> Encoded:
    try:
        with path.open("rb") as file:
            encoded = file.read()
            modified_ns = os.fstat(file.fileno()).st_mtime_ns
    except FileNotFoundError as error:
        raise InputError(f"there is no file {path}") from error
    except (IsADirectoryError, NotADirectoryError) as error:
        raise InputError(f"{path} is a folder, not a photograph") from error
    except PermissionError as error:
        raise SetupError(f"reading {path} is not permitted: change its permissions") from error
    except OSError as error:
        raise SetupError(f"cannot read {path}: {error.strerror or error}") from error
    return Encoded(path.name, encoded, path, modified_ns)
