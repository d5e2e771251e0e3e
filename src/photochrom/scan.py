"""Scans of any size and any number of pages coloured in bounded memory, TIFF to TIFF."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photochrom.api import Colorizer
from photochrom.color.bilateral import guide_size
from photochrom.color.colorize import network_size
from photochrom.color.merge import MERGE_PLANES, ColoursOver, small_lightness
from photochrom.color.strips import each_strip
from photochrom.errors import InputError
from photochrom.media.icc_build import srgb_profile
from photochrom.media.notes import HAS_COLOUR, IS_OURS
from photochrom.media.pixels import as_stored, upright
from photochrom.media.provenance import Provenance, merged_xmp, read_provenance
from photochrom.media.scan import ScanPage, mark_of, read_scan, sha256_of
from photochrom.media.scan_writing import (
    COMPRESSIONS,
    LARGEST_CLASSIC_BYTES,
    TILE_PX,
    TiffPage,
    TiffWriter,
    refuse_target,
)
from photochrom.resources import cores

SEEN_PX = 1024  # the shorter side of what the network is shown, at most
GUIDE_PER_AB = 16  # a large scan's edges are followed finer than a photo's

OnRows = Callable[[int, int], None]  # how many rows are done, of how many


@dataclass(frozen=True)
class ScanOutcome:
    """What became of a scan."""

    path: Path
    pages: int
    megapixels: float


def colour_scan(
    source: str | Path,
    path: str | Path,
    colorizer: Colorizer,
    *,
    strength: float = 1.0,
    vividness: float | None = None,
    recolor: bool = False,
    pyramid: bool = False,
    compression: str = "zlib",
    threads: int | None = None,
    on_rows: OnRows | None = None,
) -> ScanOutcome:
    """Colour every page of a scan into a tiled TIFF, strip by strip, whatever its size.

    16 bits a channel stay 16; lightness, alpha, orientation, resolution, XMP, IPTC and EXIF are
    kept. It is a BigTIFF where a classic one could not hold it. Raises `InputError` for what
    cannot be read or written so, for a source that changes meanwhile, for results of ours and,
    without `recolor`, for real colour; `SetupError` where the extra `scans` is missing or the disk
    takes no more.
    """
    source, path = Path(source), Path(path)
    if compression not in COMPRESSIONS:
        raise InputError(f"compression is {compression!r}: one of {', '.join(COMPRESSIONS)}")
    mark = mark_of(source)
    pages = read_scan(source)
    refuse_target(path, source)
    _refuse_coloured(source, pages, recolor=recolor)
    threads = threads or cores()
    provenance = Provenance(
        source_sha256=sha256_of(source),
        model=colorizer.model.name,
        model_version=colorizer.model.version,
        model_sha256=colorizer.model.sha256,
        strength=strength,
    )
    written = [_written(page, provenance) for page in pages]
    work = _Work(colorizer, strength, vividness, threads, on_rows, sum(p.height for p in pages))
    with TiffWriter(
        path,
        bigtiff=sum(page.bytes for page in written) > LARGEST_CLASSIC_BYTES,
        compression=compression,
        pyramid=pyramid,
        threads=threads,
    ) as tiff:
        for page, about in zip(pages, written, strict=True):
            tiff.write(about, work.coloured(page))
        if mark_of(source) != mark:
            raise InputError(f"{source} changed while it was read. Run again when it is finished")
    return ScanOutcome(path, len(pages), sum(page.width * page.height for page in pages) / 1e6)


def _refuse_coloured(source: Path, pages: list[ScanPage], *, recolor: bool) -> None:
    """Raise `InputError` for what `photochrom colorize` would leave alone too."""
    if any(page.xmp and read_provenance(page.xmp) for page in pages):
        raise InputError(f"{source}: {IS_OURS}. Give its original")
    coloured = None if recolor else next((page for page in pages if page.has_real_colour), None)
    if coloured is not None:
        raise InputError(f"{coloured.name} is left out: {HAS_COLOUR}")


def _written(page: ScanPage, provenance: Provenance) -> TiffPage:
    return TiffPage(
        width=page.width,
        height=page.height,
        channels=4 if page.has_alpha else 3,
        dtype=page.dtype,
        icc=srgb_profile(),
        xmp=merged_xmp(page.xmp, provenance),
        orientation=page.orientation,
        dpi=page.dpi,
        tags=page.tags,
    )


@dataclass
class _Work:
    """What all pages share."""

    colorizer: Colorizer
    strength: float
    vividness: float | None
    threads: int
    on_rows: OnRows | None
    rows: int  # of all pages
    done: int = 0

    def coloured(self, page: ScanPage) -> Iterator[NDArray[Any]]:
        """The page in colour from the top, `TILE_PX` rows at a time, (h, W, 3 or 4)."""
        colours = self._colours(page)
        channels = 4 if page.has_alpha else 3
        top = 0
        for grey, alpha in page.strips(TILE_PX):
            strip = np.empty((*grey.shape, channels), page.dtype)
            self._paint(colours, top, grey, strip[..., :3])
            if alpha is not None:
                strip[..., 3] = alpha
            top += len(grey)
            self.done += len(grey)
            if self.on_rows is not None:
                self.on_rows(self.done, self.rows)
            yield strip

    def _colours(self, page: ScanPage) -> ColoursOver:
        """What the network sees in the whole page, laid over its full size."""
        size = network_size(page.height, page.width, min(SEEN_PX, page.height, page.width))
        seen = page.small_grey(*size)
        photo = self.colorizer.colorize(upright(seen, page.orientation), vividness=self.vividness)
        ab = as_stored(photo.ab, page.orientation) * np.float32(self.strength)
        height, width = guide_size(ab.shape[:2], *size, GUIDE_PER_AB)
        guide = small_lightness(seen, height, width)
        return ColoursOver(guide, ab, (page.height, page.width))

    def _paint(self, colours: ColoursOver, top: int, grey: NDArray[Any], rgb: NDArray[Any]) -> None:
        def paint(rows: slice, scratch: NDArray[np.float32]) -> None:
            own = slice(top + rows.start, top + rows.stop)
            colours.paint(own, grey[rows], rgb[rows], scratch)

        height, width = grey.shape
        each_strip(height, width, paint, planes=MERGE_PLANES, threads=self.threads)
