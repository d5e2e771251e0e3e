"""`photochrom train`: train a colorizer from a recipe, or go on training it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from photochrom.errors import missing_extra


def train(
    recipe: Annotated[str, typer.Argument(help="A shipped recipe's name or a .toml file.")],
    *,
    data: Annotated[
        list[str] | None,
        typer.Option(help="A folder or zip of colour photos; may be given several times."),
    ] = None,
    minutes: Annotated[
        float | None,
        typer.Option(help="Time budget in minutes, those of earlier sittings included."),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="One recipe key, such as run.batch=16; may be repeated."),
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option(help="The run's folder: checkpoint, log, sample sheets. [runs/RECIPE]"),
    ] = None,
    cache: Annotated[
        Path | None, typer.Option(help="Where decoded photos are kept. [RUN's parent/cache]")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the resolved recipe and stop.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")] = False,
) -> None:
    """Train a colorizer. The same command goes on where a stopped run was."""
    import dataclasses
    import json

    from photochrom.training.recipe_file import read_recipe

    overrides = list(settings or [])
    if data:
        overrides.append(f"data.paths={json.dumps(data)}")
    if minutes is not None:
        # The last word on the budget, whatever the recipe counts it in.
        overrides += [f"run.minutes={float(minutes)}", "run.steps=0", "run.epochs=0.0"]
    resolved = read_recipe(recipe, tuple(overrides))
    if dry_run:
        typer.echo(json.dumps(dataclasses.asdict(resolved), indent=2))
        return
    try:
        from photochrom.training.loop import train as train_recipe
    except ModuleNotFoundError as error:
        raise missing_extra("Training", str(error.name), "train") from error
    folder = run or Path("runs") / resolved.name
    checkpoint = train_recipe(
        resolved, folder, cache_folder=cache or folder.parent / "cache", quiet=quiet
    )
    typer.echo(checkpoint)
