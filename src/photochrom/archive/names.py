"""The names of pictures and results below their places, and how a manifest holds them."""

from __future__ import annotations

from photochrom.media.formats import FORMATS


def stem_of(name: str) -> str:
    """A name without its suffix: sources that share it may share their result.

    >>> stem_of("1923/a.b.jpg"), stem_of("v1.2/scan")
    ('1923/a.b', 'v1.2/scan')
    """
    folder, slash, last = name.rpartition("/")
    stem, dot, _ = last.rpartition(".")
    return f"{folder}{slash}{stem if dot and stem else last}"


def result_name(name: str, format_name: str) -> str:
    """The result's name: the source's, its own spelling of the suffix where that fits.

    >>> result_name("1923/a.JPG", "JPEG"), result_name("a.bmp", "PNG")
    ('1923/a.JPG', 'a.png')
    """
    known, stem = FORMATS[format_name], stem_of(name)
    own = name[len(stem) :]
    return name if own.lower() in known.suffixes else stem + known.suffix


def folder_of(name: str) -> str:
    """The folder that a name lies in; "" for the top."""
    return name.rpartition("/")[0]


def stored(name: str) -> str | bytes:
    """A name as SQLite holds it: text, or for the few that are not UTF-8 their bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogateescape")
    return name


def unstored(name: str | bytes) -> str:
    """The name that `stored` was given."""
    return name if isinstance(name, str) else name.decode("utf-8", "surrogateescape")


def shown(name: str | bytes) -> str:
    """A name to print: what is not UTF-8 as escapes."""
    return unstored(name).encode("utf-8", "backslashreplace").decode()
