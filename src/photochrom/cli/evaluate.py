"""`photochrom evaluate`: measure colorizers, ours and anybody's, side by side."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from photochrom.cli import evaluate_options as own
from photochrom.cli import options
from photochrom.cli.data import counted
from photochrom.cli.destination import make_folder_for
from photochrom.cli.options import Device
from photochrom.cli.outcome import SOME_FAILED
from photochrom.errors import InputError, missing_extra

if TYPE_CHECKING:
    from photochrom.evaluation.cache import Cache
    from photochrom.evaluation.result import Evaluation
    from photochrom.evaluation.score import Finished
    from photochrom.evaluation.settings import Settings


def evaluate(
    paths: own.ModelsAndData,
    *,
    report: own.Report = None,
    sheet: own.Sheet = None,
    size: own.Size = 256,
    limit: own.Limit = None,
    metrics: own.Metrics = None,
    given: own.Given = own.GivenAs.GREY,
    skip_grey: own.SkipGrey = False,
    video: own.Video = False,
    inception: own.Inception = None,
    cache: own.CacheFolder = None,
    no_cache: own.NoCache = False,
    overwrite: options.Overwrite = False,
    device: options.DeviceChoice = Device.AUTO,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Measure models on colour photos: each is made grey, coloured, and compared.

    Prints every metric with its 95 % interval over the photos, and the protocol. A folder of
    coloured pictures, any tool's, is matched by name; its pictures are as large as the photos, or
    as large as they are measured. With --video a coloured film stands for the folder of its frames.
    A photo that fails for one model is left out for all, and named.

    A second run uses what is kept: nothing is painted or measured twice. `--json` prints one object
    with every score of every photo.
    """
    if len(paths) < 2:
        raise InputError(
            f"evaluate wants models and then photos, and got only {paths[0]}: "
            "photochrom evaluate flagship grey PHOTOS"
        )
    _refuse_outputs(report, sheet, overwrite=overwrite)
    from photochrom.evaluation.settings import Settings

    settings = Settings(
        size_px=size,
        limit=limit,
        given=given.value,
        metrics=tuple(metrics or ()),
        skip_grey=skip_grey,
        video=video,
        inception=inception,
    )
    with ExitStack() as stack:
        finished = _measure(
            paths,
            settings,
            stack,
            _opened_cache(None if no_cache else cache, stack, keep=not no_cache),
            threads=threads,
            device=device.value,
            quiet=quiet or as_json,
        )
        _say(finished.evaluation, quiet=quiet, as_json=as_json)
        _write(finished, report, sheet, quiet=quiet or as_json)
    raise typer.Exit(exit_code(finished.evaluation))


def exit_code(evaluation: Evaluation) -> int:
    """0 when nothing failed, else 1: something was measured, so what failed is one of several."""
    return SOME_FAILED if any(skipped.failed for skipped in evaluation.skipped) else 0


def _unpacked(text: str, settings: Settings, stack: ExitStack) -> str:
    """The same path, or of a film the folder of its frames."""
    from photochrom.evaluation.film_frames import is_film, opened_film

    path = Path(text).expanduser()
    if not is_film(path):
        return text
    if not settings.video:
        raise InputError(f"{text} is a film: add --video to compare its frames with each other too")
    film = opened_film(path, size_px=settings.size_px, limit=settings.limit)
    return str(stack.enter_context(film))


def _refuse_model(data: str) -> None:
    """Raise an `InputError` where a model stands where the photos should."""
    from photochrom.evaluation.models import is_model

    if is_model(data):
        raise InputError(
            f"{data} is a model, and the photos come last: photochrom evaluate {data} PHOTOS"
        )


def _measure(
    paths: Sequence[str],
    settings: Settings,
    stack: ExitStack,
    cache: Cache,
    *,
    threads: int | None,
    device: str,
    quiet: bool,
) -> Finished:
    from photochrom.evaluation.models import open_models

    try:
        from photochrom.evaluation.score import evaluate as evaluate_models
    except ModuleNotFoundError as error:
        raise missing_extra("Measuring", str(error.name), "evaluate") from error
    *texts, data = paths
    _refuse_model(data)
    unpack = partial(_unpacked, settings=settings, stack=stack)
    photos = unpack(data)
    models, skipped = open_models(texts, threads=1, device=device, unpack=unpack)
    with counted("measuring", quiet=quiet) as on_progress:
        return evaluate_models(
            models,
            [photos],
            settings,
            cache=cache,
            threads=threads,
            skipped=skipped,
            on_progress=on_progress,
        )


def _opened_cache(folder: Path | None, stack: ExitStack, *, keep: bool) -> Cache:
    from photochrom.evaluation.cache import Cache, cache_path

    return stack.enter_context(Cache(cache_path(folder) if keep else None))


def _say(evaluation: Evaluation, *, quiet: bool, as_json: bool) -> None:
    """The table, or the JSON object; then what failed, on stderr."""
    if as_json:
        typer.echo(json.dumps(evaluation.as_json(), ensure_ascii=False))
        return
    if not quiet:
        from photochrom.evaluation.table import skipped_lines, table_lines

        width = shutil.get_terminal_size((120, 24)).columns
        typer.echo("\n".join([*table_lines(evaluation, width), *skipped_lines(evaluation)]))
    for skipped in evaluation.skipped:
        if skipped.failed:
            of = f" ({skipped.model})" if skipped.model not in (None, skipped.name) else ""
            told = skipped.reason.startswith(skipped.name)
            name = "" if told else f"{skipped.name}{of}: "
            typer.echo(f"photochrom: {name}{skipped.reason}", err=True)


def _refuse_outputs(report: Path | None, sheet: Path | None, *, overwrite: bool) -> None:
    """Raise an `InputError` where a file cannot be written as asked, before the work."""
    for path, suffix, option in ((report, ".html", "--report"), (sheet, ".png", "--sheet")):
        if path is None:
            continue
        if path.suffix.lower() != suffix:
            raise InputError(f"{option} {path} must end in {suffix}")
        if path.exists() and not overwrite:
            raise InputError(
                f"{path} exists already. Choose another name, or replace it with --overwrite"
            )


def _write(finished: Finished, report: Path | None, sheet: Path | None, *, quiet: bool) -> None:
    if report is not None:
        from photochrom.evaluation.report import write_report

        make_folder_for(report)
        with counted("drawing the report", quiet=quiet) as on_progress:
            written = write_report(
                finished.evaluation, finished.pictures, report, on_progress=on_progress
            )
        if not quiet:
            typer.echo(f"{report} ({written.words})")
    if sheet is not None:
        from photochrom.evaluation.contact_sheet import write_contact_sheet

        make_folder_for(sheet)
        write_contact_sheet(finished.evaluation, finished.pictures, sheet)
        if not quiet:
            typer.echo(sheet)
