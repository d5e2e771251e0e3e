"""`photochrom train`: train a colorizer from a recipe, or go on training it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from photochrom.errors import InputError, missing_extra

if TYPE_CHECKING:
    from photochrom.training.recipe import Recipe


def train(
    recipe: Annotated[
        str | None, typer.Argument(help="A shipped recipe's name or a .toml file.")
    ] = None,
    *,
    data: Annotated[
        list[str] | None,
        typer.Option(help="A folder, zip or tar of colour photos; may be given several times."),
    ] = None,
    minutes: Annotated[
        float | None,
        typer.Option(help="Time budget in minutes, those of earlier sittings included."),
    ] = None,
    variant: Annotated[
        str | None, typer.Option(help="One of the recipe's own [variants.NAME].")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="One recipe key, such as run.batch=16; may be repeated."),
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option(help="The run's folder: checkpoints, log, page, samples. [runs/RECIPE]"),
    ] = None,
    cache: Annotated[
        Path | None, typer.Option(help="Where decoded photos are kept. [RUN's parent/cache]")
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Print the whole recipe as TOML, and as its comments the networks' sizes, the "
            "pictures, the steps and the memory that it needs; train nothing.",
        ),
    ] = False,
    list_all: Annotated[
        bool,
        typer.Option("--list", help="Print the recipes, generators, discriminators and losses."),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")] = False,
) -> None:
    """Train a colorizer. The same command goes on where a stopped run was.

    While it trains, RUN/index.html shows curves and samples over time.
    """
    try:
        if list_all:
            from photochrom.cli.train_list import parts_list

            typer.echo(parts_list(), nl=False)
            return
        resolved = read(recipe, settings_of(data, minutes, settings), variant)
        if dry_run:
            typer.echo(planned(resolved), nl=False)
            return
        from photochrom.training.loop import train as train_recipe
    except ModuleNotFoundError as error:
        raise missing_extra("Training", str(error.name), "train") from error
    folder = run or Path("runs") / resolved.name
    checkpoint = train_recipe(
        resolved, folder, cache_folder=cache or folder.parent / "cache", quiet=quiet
    )
    typer.echo(checkpoint)


def settings_of(
    data: list[str] | None, minutes: float | None, settings: list[str] | None
) -> tuple[str, ...]:
    """The options as settings of recipe keys, later ones stronger."""
    import json

    overrides = list(settings or [])
    if data:
        overrides.append(f"data.paths={json.dumps(data)}")
    if minutes is not None:
        # The last word on the budget, whatever the recipe counts it in.
        overrides += [f"run.minutes={float(minutes)}", "run.steps=0", "run.epochs=0.0"]
    return tuple(overrides)


def read(name: str | None, settings: tuple[str, ...], variant: str | None) -> Recipe:
    """The recipe that was asked for."""
    from photochrom.training.recipe_file import read_recipe

    if name is None:
        raise InputError(
            "Which recipe? Give a shipped one's name or a .toml file: photochrom train RECIPE; "
            "photochrom train --list names them."
        )
    return read_recipe(name, settings, variant=variant)


def planned(recipe: Recipe) -> str:
    """The recipe as a file that can be trained, its plan as comments above."""
    from photochrom.training.plan import plan
    from photochrom.training.recipe_text import recipe_to_toml

    facts = plan(recipe)
    width = max(len(name) for name, _ in facts)
    comments = [f"# {name:{width}}  {words}\n" for name, words in facts]
    return "".join(comments) + "\n" + recipe_to_toml(recipe)
