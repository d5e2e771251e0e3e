"""`photochrom data pack`: photos as tar shards, for sets that are streamed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from photochrom.cli import data, options
from photochrom.cli.survey_report import size_in_words
from photochrom.training.data.packing import (
    INDEX,
    Packing,
    PackOptions,
    pack_photos,
    remove_packing,
)
from photochrom.training.data.sample import SampleOptions

MEGABYTE = 1_000_000


def pack(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SRC…", help="Folders, zips and tars of photos, and patterns of these."
        ),
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder for the shards.")],
    *,
    shard_mb: Annotated[
        int, typer.Option(min=1, metavar="N", help="Size of a shard in megabytes, about.")
    ] = 200,
    short_side_px: Annotated[
        int,
        typer.Option(
            min=0,
            metavar="N",
            help="Make larger photos this small, short side, as WebP; 0 keeps every photo's own "
            "bytes.",
        ),
    ] = 0,
    quality: Annotated[
        int, typer.Option(min=1, max=100, help="Of photos that are made smaller.")
    ] = SampleOptions.quality,
    include: data.Include = None,
    exclude: data.Exclude = None,
    limit: data.Limit = 0,
    overwrite: options.Overwrite = False,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Pack photos into tar shards that WebDataset and `train` read, with an index of counts.

    Photos keep their own bytes, in a mixed order that is always the same; JPEG, PNG and WebP stay
    what they are, other formats become PNG. A stopped packing goes on with the same command.
    Photos that cannot be read are left out and listed.
    """
    photos = data.photos_in(sources, include=include, exclude=exclude, limit=limit, out=out)
    wanted = PackOptions(shard_mb * MEGABYTE, SampleOptions(short_side_px, quality))
    if overwrite:
        remove_packing(out)
    with data.counted("packing photos", quiet=quiet or as_json) as on_progress:
        packing = pack_photos(photos, out, wanted, on_progress=on_progress)
    if as_json:
        say_json(packing)
    else:
        if not quiet:
            say(packing, out)
        data.say_broken(packing.broken)
    raise typer.Exit(data.exit_code(packing.broken, len(photos)))


def say(packing: Packing, out: Path) -> None:
    """A line for each shard, and one for all."""
    for shard in packing.shards:
        typer.echo(
            f"{out / shard.name}  {data.many(shard.count, 'photo')}, {size_in_words(shard.bytes)}"
        )
    size = size_in_words(sum(shard.bytes for shard in packing.shards))
    shards = data.many(len(packing.shards), "shard")
    typer.echo(f"{out / INDEX}  {data.many(packing.total, 'photo')} in {shards}, {size}")


def say_json(packing: Packing) -> None:
    """One object a shard, then one for each photo that cannot be read."""
    for shard in packing.shards:
        typer.echo(json.dumps(asdict(shard)))
    for path, reason in packing.broken:
        typer.echo(json.dumps({"path": path, "error": reason}, ensure_ascii=False))
