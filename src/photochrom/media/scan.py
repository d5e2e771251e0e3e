"""Scans of any size read strip by strip, through pyvips: nothing is ever held as a whole."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from photochrom.color.resize import resize, shrink
from photochrom.color.srgb import Coded
from photochrom.color.tone import SIDE_PX, has_real_colour
from photochrom.errors import InputError, SetupError, missing_extra
from photochrom.media.exif import PREFIX, ExifTags, exif_tags
from photochrom.media.icc import is_srgb
from photochrom.media.image_pixels import grey_to_srgb
from photochrom.media.pixels import contiguous, rgb_to_grey
from photochrom.media.scan_tags import page_tags

DEPTHS: dict[str, type[np.uint8] | type[np.uint16]] = {"uchar": np.uint8, "ushort": np.uint16}
HASH_BYTES = 1 << 22
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")  # classic and BigTIFF
_BITS_READ = (1, 2, 4, 8, 16, 32, 64)  # by libvips; floats are refused for what they are
_LAB = (8, 9, 10)  # the photometric interpretations CIELAB, ICCLAB, ITULAB (TIFF 6.0, section 23)


@dataclass(frozen=True)
class ScanPage:
    """One picture of a file. `page` is its place there; sizes are as stored."""

    path: Path
    page: int
    width: int
    height: int
    bits: int  # 8 or 16 a channel
    has_alpha: bool
    orientation: int  # EXIF's 1…8
    icc: bytes | None = field(repr=False)
    xmp: bytes | None = field(repr=False)
    tags: ExifTags | None = field(repr=False)  # what else it says of itself
    dpi: tuple[float, float]

    @property
    def name(self) -> str:
        """The file's name and the page, for messages."""
        return f"{self.path.name}, page {self.page + 1}"

    @property
    def dtype(self) -> type[np.uint8] | type[np.uint16]:
        """What a level is held in."""
        return np.uint8 if self.bits == 8 else np.uint16

    @property
    def has_real_colour(self) -> bool:
        """True where the page holds more than one tone; sepia and other toning is one."""
        image = _srgb_or_grey(_opened(self.path, self.page))
        if image.bands - self.has_alpha == 1:
            return False
        scale = min(1.0, SIDE_PX / max(self.height, self.width))
        height, width = (max(1, round(side * scale)) for side in (self.height, self.width))
        rgb = _pixels(_shrunk(image, height, width), self.name)[..., :3]
        return has_real_colour(cast(Coded, np.rint(shrink(rgb, height, width)).astype(self.dtype)))

    def small_grey(self, height: int, width: int) -> Coded:
        """The whole page as sRGB-coded grey of `height` × `width`, its area mean."""
        image = _shrunk(_srgb_or_grey(_opened(self.path, self.page)), height, width)
        grey, _ = _grey_and_alpha(_pixels(image, self.name), self)
        return cast(Coded, np.rint(resize(grey, height, width)).astype(self.dtype))

    def strips(self, rows: int) -> Iterator[tuple[Coded, Coded | None]]:
        """The page from the top, so many rows at a time: sRGB-coded grey, and alpha (h, W)."""
        pyvips = require_pyvips("reading a large scan")
        image = _srgb_or_grey(_opened(self.path, self.page))
        try:
            region = pyvips.Region.new(image)
            for top in range(0, self.height, rows):
                height = min(rows, self.height - top)
                raw = region.fetch(0, top, self.width, height)
                levels = np.frombuffer(raw, self.dtype).reshape(height, self.width, image.bands)
                yield _grey_and_alpha(levels, self)
        except pyvips.Error as error:
            raise InputError(f"{self.name} is damaged: {_first_line(error)}") from error


def mark_of(path: Path) -> tuple[int, int, int]:
    """What changes when a file does: its size, its time [ns], which file it is.

    Raises `InputError` where there is none.
    """
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist: check how it is spelled") from error
    return found.st_size, found.st_mtime_ns, found.st_ino


def read_scan(path: Path) -> list[ScanPage]:
    """The pages of a file, without the smaller copies of a pyramid.

    Raises `InputError` for what cannot be read, `SetupError` without the extra `scans`.
    """
    pyvips = require_pyvips("reading a large scan")
    if not path.exists():
        raise InputError(f"{path} does not exist: check how it is spelled")
    if path.is_dir():
        raise InputError(f"{path} is a folder: give a scan")
    try:
        return [_page(path, page, tags) for page, tags in _whole_pages(path).items()]
    except pyvips.Error as error:
        raise InputError(f"{path.name} cannot be read: {_first_line(error)}") from error


def _whole_pages(path: Path) -> dict[int, ExifTags | None]:
    """The places of the pages that are no smaller copies and no masks of others, and their tags."""
    import tifffile

    try:
        with tifffile.TiffFile(path) as tiff:
            whole = [
                place
                for place, page in enumerate(tiff.pages)
                if not (getattr(page, "is_reduced", False) or getattr(page, "is_mask", False))
            ]
            for place in whole:
                _refuse_unread(path, place, tiff.pages[place])
                _refuse_missing_pixels(path, place, tiff.pages[place])
            offsets = [tiff.pages[place].offset for place in whole]
    except (tifffile.TiffFileError, ValueError):
        return {0: None}  # a PNG, a JPEG 2000
    return dict(zip(whole, page_tags(path, offsets), strict=True)) or {0: None}


def _refuse_unread(path: Path, place: int, page: Any) -> None:
    """Raise `InputError` for pixels that libvips refuses in words of its own."""
    if page.bitspersample not in _BITS_READ:
        seen, wanted = f"holds {page.bitspersample} bits a channel", "16 bits"
    elif page.photometric in _LAB:
        seen, wanted = "is in CIELAB", "grey or RGB"
    else:
        return
    raise InputError(
        f"{path.name}, page {place + 1}, {seen}, which is not read here: save it as a TIFF of "
        f"{wanted} first"
    )


def _refuse_missing_pixels(path: Path, place: int, page: Any) -> None:
    """Raise `InputError` where a page's pixels would lie beyond the end of the file.

    libtiff says nothing then, and gives black.
    """
    offsets, counts = page.dataoffsets, page.databytecounts
    end = max((offset + count for offset, count in zip(offsets, counts, strict=True)), default=0)
    if end > path.stat().st_size:
        raise InputError(
            f"{path.name} ends early: pixels of page {place + 1} are missing. Get the whole file"
        )


def _page(path: Path, page: int, tags: ExifTags | None) -> ScanPage:
    image = _opened(path, page)
    if image.format not in DEPTHS:
        raise InputError(
            f"{path.name}, page {page + 1}, holds {image.format} pixels, whose white is not known: "
            "convert it to 8 or 16 bits first"
        )
    fields = set(image.get_fields())

    def block(name: str) -> bytes | None:
        return bytes(image.get(name)) if name in fields else None

    exif = (block("exif-data") or b"").removeprefix(PREFIX)  # of a PNG or a JPEG 2000
    return ScanPage(
        path=path,
        page=page,
        width=image.width,
        height=image.height,
        bits=8 if image.format == "uchar" else 16,
        has_alpha=bool(image.hasalpha()),
        orientation=int(image.get("orientation")) if "orientation" in fields else 1,
        icc=block("icc-profile-data"),
        xmp=block("xmp-data"),
        tags=tags or exif_tags(exif),
        dpi=(image.xres * 25.4, image.yres * 25.4),  # vips counts in pixels per millimetre
    )


def _opened(path: Path, page: int) -> Any:
    """A page that vips will read from its top, and refuse where it ends early."""
    pyvips = require_pyvips("reading a large scan")
    options = {"access": "sequential", "fail_on": "truncated"}
    if _is_tiff(path):
        return pyvips.Image.tiffload(str(path), page=page, **options)
    image = pyvips.Image.new_from_file(str(path), **options)
    pages = image.get("n-pages") if "n-pages" in image.get_fields() else 1
    if pages > 1:
        raise InputError(f"{path.name} holds {pages} pictures: only of a TIFF are all pages read")
    return image


def _is_tiff(path: Path) -> bool:
    """Whether a file begins as a TIFF does, whatever it is called."""
    try:
        with path.open("rb") as file:
            return file.read(4) in _TIFF_STARTS
    except OSError as error:
        raise SetupError(f"cannot read {path}: {error.strerror or error}") from error


def _shrunk(image: Any, height: int, width: int) -> Any:
    """The image at least twice as large as asked for, where it is larger than that."""
    factors = (image.width / (2 * width), image.height / (2 * height))
    return image.shrink(*factors) if min(factors) > 1 else image


def _srgb_or_grey(image: Any) -> Any:
    """Grey as it is; everything else as sRGB of the same depth, by its profile."""
    colours = image.bands - bool(image.hasalpha())
    if colours == 1:
        return image
    depth = 8 if image.format == "uchar" else 16
    icc = bytes(image.get("icc-profile-data")) if "icc-profile-data" in image.get_fields() else None
    if icc is not None and not (colours == 3 and is_srgb(icc)):
        return image.icc_transform("srgb", embedded=True, intent="relative", depth=depth)
    return image if colours == 3 else image.colourspace("srgb" if depth == 8 else "rgb16")


def _pixels(image: Any, name: str) -> NDArray[Any]:
    pyvips = require_pyvips("reading a large scan")
    try:
        pixels: NDArray[Any] = image.numpy()
    except pyvips.Error as error:
        raise InputError(f"{name} is damaged: {_first_line(error)}") from error
    return pixels.reshape(image.height, image.width, image.bands)


def _grey_and_alpha(levels: NDArray[Any], page: ScanPage) -> tuple[Coded, Coded | None]:
    alpha = contiguous(levels[..., -1]) if page.has_alpha else None
    if levels.shape[2] - page.has_alpha == 1:
        return grey_to_srgb(contiguous(levels[..., 0]), page.icc), alpha
    return rgb_to_grey(contiguous(levels[..., :3])), alpha


def sha256_of(path: Path) -> str:
    """SHA-256, in hex, of a file of any size."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(HASH_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[-1].strip()


def require_pyvips(job: str) -> Any:
    """The module pyvips.

    Raises `SetupError` that says how to install it.
    """
    try:
        import pyvips
    except ModuleNotFoundError as error:
        raise missing_extra(job, "pyvips", "scans") from error
    except OSError as error:  # without libvips
        raise SetupError(f"{job} needs libvips: pip install 'pyvips[binary]'") from error
    logging.getLogger("pyvips").setLevel(logging.ERROR)  # what matters is raised
    return pyvips
