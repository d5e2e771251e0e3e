"""`photochrom archive`: colour for whole archives, on one machine or a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from photochrom.cli import options
from photochrom.cli.options import Device, JpegWay

Source = Annotated[
    str,
    typer.Argument(
        metavar="SRC", help="A folder, or an address: s3://, gs://, az://, …", show_default=False
    ),
]
Target = Annotated[
    str,
    typer.Argument(
        metavar="DST", help="A folder or an address for the results.", show_default=False
    ),
]
ManifestFile = Annotated[
    Path | None,
    typer.Option(
        "--manifest",
        metavar="FILE",
        help="Where the manifest lies, on this machine. Without it photochrom.sqlite in a local "
        "DST, else a file of its own in ~/.local/state/photochrom.",
    ),
]
ProcessCount = Annotated[
    int | None,
    typer.Option("--processes", min=1, metavar="N", help="Processes; one a core without it."),
]


def archive(
    source: Source,
    target: Target,
    *,
    manifest: ManifestFile = None,
    processes: ProcessCount = None,
    model: options.Model = "flagship",
    strength: options.Strength = 1.0,
    format_name: options.Format = None,
    quality: options.Quality = None,
    jpeg: options.Jpeg = None,
    recolor: options.Recolor = False,
    overwrite: options.Overwrite = False,
    allow_truncated: options.AllowTruncated = False,
    max_megapixels: options.MaxMegapixels = 250.0,
    device: options.DeviceChoice = Device.AUTO,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Give every picture of an archive colour: a folder with all below it, or an object store.

    Results get the same names below DST. The manifest, an SQLite file, holds for every picture
    what was made from it, by which model, and what failed. The same command again does only what is
    new, has changed, or failed; killed at any moment it loses nothing and does nothing twice.
    """
    from photochrom.archive.begin import beginning
    from photochrom.archive.records import Order
    from photochrom.cli.archive_report import choose_report
    from photochrom.media.formats import format_named

    order = Order(
        source=source,
        target=target,
        model=model,
        device=device.value,
        strength=strength,
        format=None if format_name is None else format_named(format_name).name,
        quality=quality,
        jpeg=None if jpeg in (None, JpegWay.SPLICE) else jpeg.value,
        recolor=recolor,
        overwrite=overwrite,
        max_megapixels=max_megapixels,
        allow_truncated=allow_truncated,
    )
    report = choose_report(quiet=quiet, as_json=as_json)
    with report, beginning(order, report, manifest=manifest, processes=processes) as run:
        report.at_work(run)
        run.prepare()
        try:
            run.work()
        except KeyboardInterrupt:
            report.interrupted = True
            run.finish_under_way()
        report.end(run.manifest)
    raise typer.Exit(report.exit_code)
