"""The picture formats that results are written in, and which of them fits a source."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from photochrom.errors import InputError

if TYPE_CHECKING:
    from photochrom.media.photo import SourcePhoto


@dataclass(frozen=True)
class OutputFormat:
    """What a format that we write can hold."""

    name: str
    suffixes: tuple[str, ...]
    deep: bool = False  # 16 bits a channel
    alpha: bool = True
    lossy: bool = False  # what `quality` means something to

    @property
    def suffix(self) -> str:
        """The usual suffix, with its dot."""
        return self.suffixes[0]


FORMATS = {
    "AVIF": OutputFormat("AVIF", (".avif",), lossy=True),
    "HEIF": OutputFormat("HEIF", (".heic", ".heif", ".hif"), lossy=True),
    "JPEG": OutputFormat("JPEG", (".jpg", ".jpeg", ".jpe", ".jfif"), alpha=False, lossy=True),
    "JPEG2000": OutputFormat("JPEG2000", (".jp2", ".jpx", ".j2k", ".jpf"), deep=True),
    "PNG": OutputFormat("PNG", (".png",), deep=True),
    "TIFF": OutputFormat("TIFF", (".tif", ".tiff"), deep=True),
    "WEBP": OutputFormat("WEBP", (".webp",), lossy=True),
}

#: What counts as a picture in a folder. A file given by name may be called anything.
PICTURE_SUFFIXES = frozenset(
    {
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".webp", ".tif", ".tiff"),
        *(".avif", ".avifs", ".heic", ".heif", ".hif", ".bmp", ".dib", ".gif"),
        *(".jp2", ".j2k", ".jpx", ".jpf", ".j2c", ".jpc"),
        *(".pbm", ".pgm", ".ppm", ".pnm", ".tga", ".pcx", ".psd", ".sgi"),
    }
)


def format_named(name: str) -> OutputFormat:
    """The format that `name` means: a name, or a suffix with or without its dot, in any case.

    Raises `InputError` for one that we do not write.

    >>> format_named("jpg").name, format_named(".TIF").name
    ('JPEG', 'TIFF')
    """
    wanted = name.lower().removeprefix(".")
    for known in FORMATS.values():
        if wanted == known.name.lower() or f".{wanted}" in known.suffixes:
            return known
    names = [known.name.lower() for known in FORMATS.values()]
    near = difflib.get_close_matches(wanted, names, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise InputError(f"cannot write {name!r}: the formats are {', '.join(names)}.{hint}")


def format_of_path(path: Path) -> OutputFormat:
    """The format that the suffix of `path` names.

    Raises `InputError` for a suffix that we do not write, or none.
    """
    if not path.suffix:
        names = ", ".join(known.suffix for known in FORMATS.values())
        raise InputError(f"{path} has no suffix that says its format: give one of {names}")
    return format_named(path.suffix)


def default_format(source: SourcePhoto) -> str:
    """The name of the format for the result: the source's own where that holds it without loss.

    GIF, BMP, 1-bit, palette, arrays and everything that we do not write become PNG.
    """
    known = FORMATS.get(source.format or "")
    if known is None or source.is_palette_or_bilevel or (source.bits > 8 and not known.deep):
        return "PNG"
    return known.name
