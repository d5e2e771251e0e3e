"""`photochrom colorize`: colour for files, folders and patterns of photographs."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from photochrom.cli import options
from photochrom.cli.background import begin
from photochrom.cli.options import Device, Effort, JpegWay
from photochrom.cli.settings import Settings
from photochrom.errors import InputError
from photochrom.models.network import Network

if TYPE_CHECKING:
    from photochrom.api import Colorizer
    from photochrom.cli.destination import Destination
    from photochrom.cli.inputs import Findings
    from photochrom.cli.job import Job


def colorize(
    paths: options.Paths,
    *,
    out: options.Out = None,
    strength: options.Strength = 1.0,
    vividness: options.Vividness = None,
    hint: options.HintWords = None,
    hints: options.HintsFile = None,
    candidates: options.Candidates = 1,
    uncertainty: options.Uncertainty = False,
    effort: options.EffortChoice = Effort.USUAL,
    model: options.Model = "flagship",
    format_name: options.Format = None,
    quality: options.Quality = None,
    jpeg: options.Jpeg = None,
    recolor: options.Recolor = False,
    overwrite: options.Overwrite = False,
    recursive: options.Recursive = False,
    dry_run: options.DryRun = False,
    allow_truncated: options.AllowTruncated = False,
    max_megapixels: options.MaxMegapixels = 250.0,
    device: options.DeviceChoice = Device.AUTO,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Give black-and-white photographs believable colour.

    The photo's own lightness, size, EXIF, colour profile and date are kept. Without -o the result
    lies beside its original as NAME.color.EXT. With -o it lies in that folder, which keeps the
    tree of the folders given; OUT is a file when a single picture is given and OUT ends in a
    picture suffix.

    Colours that are known can be told with --hint or --hints: each spreads over the object that
    it lies on and ends at its edges. --candidates 4 also writes NAME.color.candidate-2 … 4 and
    NAME.color.candidates.jpg, which differ where the model is unsure.

    A model that paints lightness too, such as one for drawings, paints the whole picture under the
    drawing's lines; light lines on dark are turned round.

    A second run skips what is finished. Photos that have real colour already are left out
    (sepia is not real colour). Results, and everything in OUT, are never inputs.
    """
    loading = begin(lambda: Network(model, threads=threads, device=device.value))
    from photochrom.api import Colorizer
    from photochrom.cli.destination import destination
    from photochrom.cli.extras import refuse_extras
    from photochrom.cli.hint_options import gather_hints
    from photochrom.cli.run import choose_report, default_workers, run
    from photochrom.painting import check_wishes

    to = destination(out, paths)
    settings = Settings(
        strength=strength,
        format=_one_format(format_name, to),
        quality=quality,
        jpeg=None,
        recolor=recolor,
        overwrite=overwrite,
        dry_run=dry_run,
        max_megapixels=max_megapixels,
        allow_truncated=allow_truncated,
        vividness=vividness,
        hints=gather_hints(hint or (), hints),
        effort=effort.value,
        candidates=candidates,
        uncertainty=uncertainty,
    )
    findings = _findings(paths, recursive, to)
    refuse_extras(settings, to, len(findings))
    network = loading.result()
    check_wishes(network, settings.wishes, uncertainty=uncertainty)
    job = _job(Colorizer(network, threads=threads), settings, jpeg, to, findings)
    report = choose_report(len(findings), quiet=quiet, as_json=as_json, err=to.stdout)
    raise typer.Exit(run(findings, job.colorize, report, workers=default_workers(threads)))


def _job(
    colorizer: Colorizer,
    settings: Settings,
    jpeg: JpegWay | None,
    to: Destination,
    findings: Findings,
) -> Job:
    from photochrom.cli.clashes import find_clashes
    from photochrom.cli.job import Job

    return Job(
        colorizer=colorizer,
        settings=replace(settings, jpeg=_unusual_way(jpeg, colorizer)),
        to=to,
        clashes=find_clashes(findings.pictures, to, settings),
        inputs=frozenset(Path(os.path.realpath(found.path)) for found in findings.pictures),
        alone=len(findings) == 1,
    )


def _unusual_way(asked_for: JpegWay | None, colorizer: Colorizer) -> str | None:
    """How grey JPEGs become JPEGs where that is not the model's own way; else None.

    Raises `InputError` for a way that the model cannot go.
    """
    from photochrom.drawing import why_no_splice

    if asked_for is JpegWay.SPLICE and colorizer.paints == "rgb":
        raise InputError(why_no_splice(colorizer.model.name))
    return None if asked_for in (None, colorizer.default_jpeg) else asked_for.value


def _findings(paths: list[str], recursive: bool, to: Destination) -> Findings:
    from photochrom.cli.destination import STREAM
    from photochrom.cli.inputs import Findings, Picture, find_pictures

    if STREAM in paths:
        return Findings(pictures=[Picture(Path(STREAM), Path(STREAM))])
    findings = find_pictures(paths, recursive=recursive, out=to.folder)
    if findings.passed_over and len(findings.passed_over) == len(findings):
        raise InputError(
            f"nothing to colour: everything given lies under {to.folder}, and what lies there "
            f"is never an input. Choose another place with -o, or none to write beside"
        )
    return findings


def _one_format(asked_for: str | None, to: Destination) -> str | None:
    """The format that `--format` or the suffix of OUT asks for; `InputError` where they differ."""
    from photochrom.media.formats import format_named, format_of_path

    wanted = None if asked_for is None else format_named(asked_for).name
    if to.file is None:
        return wanted
    said = format_of_path(to.file).name
    if wanted not in (None, said):
        raise InputError(f"-o {to.file} says {said}, --format says {wanted}: leave one of them out")
    return said
