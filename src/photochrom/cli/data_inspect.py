"""`photochrom data inspect`: what a set of photos holds, before one trains on it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Annotated

import typer

from photochrom.cli import data, options
from photochrom.cli.destination import make_folder_for
from photochrom.errors import InputError

SHEET_FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}


def inspect(
    paths: data.Sources,
    *,
    sheet: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Draw a contact sheet there (.jpg, .png or .webp): photos of the whole set, "
            "grey and toned ones, near-duplicates side by side.",
        ),
    ] = None,
    include: data.Include = None,
    exclude: data.Exclude = None,
    limit: data.Limit = 0,
    overwrite: options.Overwrite = False,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Say what photos there are: sizes, which are broken, grey or toned, and near-duplicates.

    Near-duplicates are copies of another size, quality or brightness: their 64-bit difference
    hashes differ in 4 bits at most, and those of the photos turned in 6. Toned is what holds one
    tone only, such as sepia.
    """
    from photochrom.training.data.survey import survey

    if sheet is not None:
        require_sheet(sheet, overwrite=overwrite)
    photos = data.photos_in(paths, include=include, exclude=exclude, limit=limit)
    with data.counted("looking at photos", quiet=quiet or as_json) as on_progress:
        found = survey(photos, on_progress=on_progress)
    data.require_sound(found)
    if as_json:
        from photochrom.cli.survey_report import records

        for record in records(found):
            typer.echo(json.dumps(record, ensure_ascii=False))
    elif not quiet:
        from photochrom.cli.survey_report import report

        typer.echo("\n".join(report(found)))
    if sheet is not None:
        from photochrom.media.atomic import write_atomic
        from photochrom.training.data.survey_sheet import survey_sheet

        encoded = io.BytesIO()
        page = survey_sheet(found)
        page.save(encoded, SHEET_FORMATS[sheet.suffix.lower()], quality=88)
        make_folder_for(sheet)
        write_atomic(sheet, encoded.getvalue())
        if not quiet and not as_json:
            typer.echo(sheet)
    if not as_json:
        data.say_broken([(str(bad.path), bad.reason) for bad in found.broken])
    raise typer.Exit(data.exit_code(found.broken, len(photos)))


def require_sheet(sheet: Path, *, overwrite: bool) -> None:
    """Raise an `InputError` where a sheet cannot be written there, before the work."""
    if sheet.suffix.lower() not in SHEET_FORMATS:
        raise InputError(f"--sheet {sheet} must end in {', '.join(SHEET_FORMATS)}")
    if sheet.exists() and not overwrite:
        raise InputError(
            f"{sheet} exists already. Choose another name, or replace it with --overwrite"
        )
