"""`photochrom archive`: colour for whole archives, on one machine or a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from photochrom.cli import archive_options as own
from photochrom.cli import options
from photochrom.cli.options import Device, Effort

if TYPE_CHECKING:
    from photochrom.archive.run import Run
    from photochrom.cli.archive_report import Report

REST_S = 2.0  # how long a file must not have changed before --watch takes it


def archive(
    source: own.Source,
    target: own.Target,
    *,
    manifest: own.ManifestFile = None,
    processes: own.Processes = None,
    scheduler: own.Scheduler = None,
    workers: own.Workers = None,
    watch: own.Watch = False,
    every: own.Every = 5.0,
    sheets: own.Sheets = False,
    model: options.Model = "flagship",
    strength: options.Strength = 1.0,
    vividness: options.Vividness = None,
    effort: options.EffortChoice = Effort.USUAL,
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
    what was made from it, by which model, and what failed; a Parquet copy is put into DST. The same
    command again does only what is new, has changed, or failed; killed at any moment it loses
    nothing and does nothing twice.
    """
    from photochrom.archive.begin import Who, beginning
    from photochrom.archive.records import Order
    from photochrom.cli.archive_report import choose_report
    from photochrom.media.formats import format_named

    order = Order(
        source=source,
        target=target,
        model=model,
        device=device.value,
        strength=strength,
        vividness=vividness,
        effort=effort.value,
        format=None if format_name is None else format_named(format_name).name,
        quality=quality,
        jpeg=None if jpeg is None else jpeg.value,
        recolor=recolor,
        overwrite=overwrite,
        max_megapixels=max_megapixels,
        allow_truncated=allow_truncated,
        thumbnails=sheets,
    )
    report = choose_report(quiet=quiet, as_json=as_json)
    who = Who(processes, scheduler, workers)
    with report, beginning(order, report, manifest=manifest, who=who) as run:
        run.rest_s = REST_S if watch else 0.0
        _go(run, report, every_s=every if watch else None)
    raise typer.Exit(report.exit_code)


def _go(run: Run, report: Report, *, every_s: float | None) -> None:
    """The whole run: prepare, work, perhaps watch; then the sheets and the manifest's copy."""
    from photochrom.archive.parquet import upload_parquet
    from photochrom.archive.sheet import write_sheets
    from photochrom.cli.archive_report import links_in_words
    from photochrom.cli.interrupt import stoppable
    from photochrom.errors import SetupError

    report.at_work(run)
    run.prepare()
    with stoppable():
        try:
            run.work()
            if every_s is not None:
                run.watch(every_s)
        except KeyboardInterrupt:
            report.interrupted = not run.idle
            run.finish_under_way()
    report.end(run.manifest)
    if run.source.links:
        report.note(links_in_words(run.source.links))
    if run.order.thumbnails:
        report.note(f"contact sheets: {write_sheets(run)}")
    try:
        report.note(f"manifest: {run.manifest.path}, copied to {upload_parquet(run)}")
    except SetupError as error:
        report.note(f"manifest: {run.manifest.path}; no copy of it in DST: {error}")
