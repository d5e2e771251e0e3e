"""`photochrom scan`: colour for scans too large for memory, deep, or of many pages."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from photochrom.cli import options
from photochrom.cli.background import begin
from photochrom.cli.options import Device
from photochrom.errors import InputError
from photochrom.models.network import Network

if TYPE_CHECKING:
    from photochrom.scan import OnRows


class Compression(StrEnum):
    """How the pixels are packed; nothing is lost by any."""

    ZLIB = "zlib"
    LZW = "lzw"
    ZSTD = "zstd"
    NONE = "none"


def scan(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="IN", help="A TIFF of any size, 8 or 16 bits, any pages.", show_default=False
        ),
    ],
    target: Annotated[
        Path, typer.Argument(metavar="OUT", help="A .tif for the result.", show_default=False)
    ],
    *,
    pyramid: Annotated[
        bool, typer.Option("--pyramid", help="Add ever smaller copies, for viewers of large scans.")
    ] = False,
    compression: Annotated[
        Compression, typer.Option(help="How the pixels are packed, without loss.")
    ] = Compression.ZLIB,
    strength: options.Strength = 1.0,
    vividness: options.Vividness = None,
    model: options.Model = "flagship",
    recolor: options.Recolor = False,
    overwrite: options.Overwrite = False,
    device: options.DeviceChoice = Device.AUTO,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Give a large scan believable colour, strip by strip, in little memory.

    Every page of the file is coloured. 16 bits stay 16; lightness, transparency, orientation and
    resolution are kept. The result is a tiled TIFF, a BigTIFF where it must be. Scans with real
    colour are refused without --recolor, results of Photochrom always.
    """
    loading = begin(lambda: Network(model, threads=threads, device=device.value))
    from photochrom.api import Colorizer
    from photochrom.scan import colour_scan

    if target.exists() and not overwrite:
        raise InputError(f"{target} exists already: --overwrite replaces it")
    with _progress(silent=quiet or as_json) as on_rows:
        outcome = colour_scan(
            source,
            target,
            Colorizer(loading.result(), threads=threads),
            strength=strength,
            vividness=vividness,
            recolor=recolor,
            pyramid=pyramid,
            compression=compression.value,
            threads=threads,
            on_rows=on_rows,
        )
    if as_json:
        record = {"source": str(source), "status": "coloured", "result": str(target)}
        typer.echo(json.dumps(record | {"pages": outcome.pages, "megapixels": outcome.megapixels}))
    elif not quiet:
        pages = "1 page" if outcome.pages == 1 else f"{outcome.pages} pages"
        typer.echo(f"{source} → {target}: {pages}, {outcome.megapixels:.1f} megapixels")


@contextmanager
def _progress(*, silent: bool) -> Iterator[OnRows | None]:
    """A bar on stderr at a terminal, counting rows."""
    if silent or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    from photochrom.cli.progress import bar

    with bar(Console(stderr=True)) as progress:
        task = progress.add_task("rows", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
