"""File names that strangers send, made safe to show and to send back."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from photochrom.media.formats import format_named

LONGEST = 120  # characters, which even four bytes each fit every file system
UNWANTED = set('<>:"/\\|?*;%')  # of Windows, of headers, of shells


def safe_name(filename: str) -> str:
    r"""The last part of a name or path, without control characters and what else may do harm.

    >>> safe_name("../../etc/passwd"), safe_name("C:\\fotos\\Oma.jpg"), safe_name("..")
    ('passwd', 'Oma.jpg', 'photo')
    >>> safe_name('a"\r\nSet-Cookie: b=1.jpg')
    'aSet-Cookie b=1.jpg'
    """
    last = unicodedata.normalize("NFC", filename).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(mark for mark in last if mark not in UNWANTED and _is_text(mark))
    stem, dot, suffix = kept.strip(" .").rpartition(".")
    if not dot:
        stem, suffix = suffix, ""
    return f"{stem[:LONGEST]}{dot}{suffix[:10]}".strip(" .") or "photo"


def _is_text(mark: str) -> bool:
    r"""No control, surrogate or direction mark: `photo\u202egpj.exe` reads as photoexe.jpg."""
    return unicodedata.category(mark)[0] != "C"


def result_name(name: str, format: str, ending: str = ".color") -> str:
    """What the result of an upload is called: its own name, `ending`, and the format's suffix.

    >>> result_name("Oma.tif", "PNG")
    'Oma.color.png'
    """
    stem = name.rpartition(".")[0] or name
    return f"{stem}{ending}{format_named(format).suffix}"


def attachment(name: str) -> str:
    r"""The header `Content-Disposition` for a download of that name (RFC 6266 and 8187).

    >>> print(attachment("Großmutter.jpg"))
    attachment; filename="Gro_mutter.jpg"; filename*=UTF-8''Gro%C3%9Fmutter.jpg
    """
    plain = "".join(mark if mark.isascii() and mark.isprintable() else "_" for mark in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
