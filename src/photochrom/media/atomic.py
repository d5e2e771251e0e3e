"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

from photochrom.errors import InputError, SetupError


def write_atomic(path: Path, content: bytes, *, modified_ns: int | None = None) -> None:
    """Write `content` to `path` at once: a temporary name in the same folder, then a rename.

    An existing file is replaced and keeps its permissions, a link stays a link;
    `modified_ns` becomes the modification time [ns since 1970]. Whatever goes wrong, Ctrl-C
    included, no half file is left.

    Raises `SetupError` when the disk is full or writing is not permitted, `InputError` when the
    folder does not exist or `path` is a folder.
    """
    path = Path(os.path.realpath(path))
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}.part")
    try:
        try:
            with temporary.open("xb") as file:
                file.write(content)
            if modified_ns is not None:
                os.utime(temporary, ns=(modified_ns, modified_ns))
            if path.exists():
                temporary.chmod(path.stat().st_mode & 0o7777)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise in_words(path, error) from error


def in_words(path: Path, error: OSError) -> InputError | SetupError:
    """The error of writing `path` as one with a message for the user."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return SetupError(f"cannot write {path}: the disk is full. Free some space and run again")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return SetupError(
            f"cannot write {path}: no permission ({error.strerror}). Choose another place with -o"
        )
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return InputError(
            f"cannot write {path}: the folder {path.parent} does not exist, or takes no files. "
            "Choose another place"
        )
    if error.errno in (errno.EISDIR, errno.ENOTEMPTY, errno.EEXIST):
        return InputError(f"cannot write {path}: a folder has that name")
    if error.errno == errno.ENAMETOOLONG:
        return InputError(f"cannot write {path}: the name is too long for this file system")
    return SetupError(f"cannot write {path}: {error.strerror or error}")
