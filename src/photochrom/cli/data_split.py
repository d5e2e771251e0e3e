"""`photochrom data split`: photos to train on, to validate with and to test with."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Annotated

import typer

from photochrom.cli import data, options
from photochrom.errors import InputError
from photochrom.training.data.parts import (
    Form,
    Parts,
    lists_of,
    places_of,
    write_lists,
    write_photos,
)
from photochrom.training.data.split import Part
from photochrom.training.data.split import split as split_photos
from photochrom.training.data.survey import Progress, Survey, survey


def split(
    paths: data.Sources,
    *,
    out: Annotated[
        Path,
        typer.Option("-o", "--out", metavar="OUT", help="The folder for the lists or the photos."),
    ],
    validation: Annotated[
        float, typer.Option(min=0, max=1, help="The share that is to validate.")
    ] = 0.1,
    test: Annotated[float, typer.Option(min=0, max=1, help="The share that is to test.")] = 0.1,
    form: Annotated[
        Form,
        typer.Option(
            "--as",
            help="lists writes OUT/train.txt, validation.txt and test.txt; copies and links put "
            "the photos themselves into OUT/train, validation and test. `train` takes either.",
        ),
    ] = Form.LISTS,
    include: data.Include = None,
    exclude: data.Exclude = None,
    limit: data.Limit = 0,
    overwrite: options.Overwrite = False,
    dry_run: options.DryRun = False,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Split photos into train, validation and test, near-duplicates kept together.

    Where a photo goes follows from its contents, not from its name or place: the same photos are
    always split alike, and when more come, those that are there stay where they are (unless one
    gets a near-duplicate). Photos that cannot be read are left out and listed.
    """
    require_shares(validation, test)
    photos = data.photos_in(paths, include=include, exclude=exclude, limit=limit, out=out)
    silent = quiet or as_json
    with data.counted("looking at photos", quiet=silent) as on_progress:
        found = survey(photos, on_progress=on_progress)
    data.require_sound(found)
    parts = split_photos(found, validation_share=validation, test_share=test)
    if not dry_run:
        with data.counted("writing photos", quiet=silent) as on_progress:
            write(parts, out, form, overwrite=overwrite, on_progress=on_progress)
    if as_json:
        say_json(found, parts)
    elif not quiet:
        say(found, parts, out, form)
    if not as_json:
        data.say_broken([(str(bad.path), bad.reason) for bad in found.broken])
    raise typer.Exit(data.exit_code(found.broken, len(photos)))


def require_shares(validation: float, test: float) -> None:
    """Raise an `InputError` where the shares leave nothing to train on."""
    if not validation + test < 1:
        raise InputError(
            f"--validation {validation:g} and --test {test:g} are shares of 1, "
            "and leave nothing to train on: together they must be less than 1"
        )


def write(parts: Parts, out: Path, form: Form, *, overwrite: bool, on_progress: Progress) -> None:
    """Write the parts in that form."""
    if form is Form.LISTS:
        write_lists(lists_of(parts, out), overwrite=overwrite)
    else:
        places = places_of(parts, out)
        write_photos(places, out, form, overwrite=overwrite, on_progress=on_progress)


def say(found: Survey, parts: Parts, out: Path, form: Form) -> None:
    """A line for each part, and what was kept together."""
    total = len(found.photos)
    for part, photos in parts.items():
        if not photos:
            continue
        place = out / (f"{part}.txt" if form is Form.LISTS else part)
        typer.echo(f"{place}  {data.many(len(photos), 'photo')}, {len(photos) / total:.1%}")
    together = found.near_duplicates
    if together:
        count = sum(len(group) for group in together)
        groups = data.many(len(together), "group")
        typer.echo(f"kept together: {count:,} near-duplicates in {groups}")
    typer.echo(f"to train: photochrom train RECIPE {training_options(parts, out, form)}")


def training_options(parts: Parts, out: Path, form: Form) -> str:
    """How `photochrom train` is given these parts; it finds the folders' meaning by itself."""
    if form is not Form.LISTS:
        return f"--data {shlex.quote(str(out))}"
    options_said = f"--data {shlex.quote(str(out / f'{Part.TRAIN}.txt'))}"
    if not parts[Part.VALIDATION]:
        return options_said
    paths = json.dumps([str(out / f"{Part.VALIDATION}.txt")])
    return f"{options_said} --set {shlex.quote(f'data.validation_paths={paths}')}"


def say_json(found: Survey, parts: Parts) -> None:
    """One object a photo: its part, or why it cannot be read."""
    for part, photos in parts.items():
        for facts in photos:
            found_one = {"path": str(facts.path), "part": str(part), "sha256": facts.sha256}
            typer.echo(json.dumps(found_one, ensure_ascii=False))
    for bad in found.broken:
        lost = {"path": str(bad.path), "part": None, "error": bad.reason}
        typer.echo(json.dumps(lost, ensure_ascii=False))
