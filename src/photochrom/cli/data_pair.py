"""`photochrom data pair`: side-by-side pairs out of colour photos."""

from __future__ import annotations

import io
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from PIL import Image

from photochrom.cli import data, options
from photochrom.cli.clashes import errors_of_sharing
from photochrom.cli.destination import make_folder_for
from photochrom.cli.inputs import Findings, Picture
from photochrom.cli.outcome import Outcome, Status
from photochrom.cli.run import choose_report, run
from photochrom.errors import InputError
from photochrom.media.atomic import write_atomic
from photochrom.training.data.find import PhotoName
from photochrom.training.data.pairing import Side, make_pair, other_side, read_square
from photochrom.training.data.picture import compressed_tar, place_of

_NO_COLOUR = "it is grey or holds one tone only, and would teach that (--keep-grey takes it)"


def pair(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SRC", help="A folder, zip or tar of colour photos, or a pattern of these."
        ),
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder for the pairs.")],
    *,
    left: Annotated[
        Side, typer.Option(help="The left half: grey as light as the photo, outline or colour.")
    ] = Side.GREY,
    right: Annotated[
        Side | None,
        typer.Option(
            metavar="grey|outline|colour",
            help="The right half. [colour; beside colour on the left an outline, as the public "
            "sets of drawings have it]",
        ),
    ] = None,
    size_px: Annotated[
        int,
        typer.Option("--size", min=16, max=4096, help="Width and height of each half, in pixels."),
    ] = 256,
    keep_grey: Annotated[
        bool, typer.Option("--keep-grey", help="Pair grey and toned photos too.")
    ] = False,
    include: data.Include = None,
    exclude: data.Exclude = None,
    limit: data.Limit = 0,
    overwrite: options.Overwrite = False,
    dry_run: options.DryRun = False,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Make side-by-side pairs, as pix2pix reads them, out of colour photos.

    Of each photo the central square is taken, so that nothing is stretched; the pair is a PNG
    in OUT, in the same subfolder. Photos smaller than the size are enlarged, which is noted.
    """
    right = other_side(left, right)
    photos = data.photos_in([source], include=include, exclude=exclude, limit=limit, out=out)
    names = {photo.path: photo for photo in photos}
    findings = Findings(pictures=[Picture(path, place_of(photo)) for path, photo in names.items()])
    job = _Job(
        names,
        out,
        (left, right),
        size_px,
        keep_grey=keep_grey,
        overwrite=overwrite,
        dry_run=dry_run,
        clashes=_clashes(findings.pictures, out),
    )
    report = choose_report(len(findings), quiet=quiet, as_json=as_json)
    workers = 1 if compressed_tar(photos) else None
    raise typer.Exit(run(findings, job.pair, report, workers=workers))


@dataclass(frozen=True)
class _Job:
    """The photos by path, what their pairs are like and where these go."""

    photos: Mapping[Path, PhotoName]
    out: Path
    sides: tuple[Side, Side]
    size_px: int
    keep_grey: bool
    overwrite: bool
    dry_run: bool
    clashes: Mapping[Path, InputError]

    def pair(self, picture: Picture) -> Outcome:
        """Write the pair of one photo, unless it is there already or the photo has no colour."""
        name = str(picture.path)
        if picture.path in self.clashes:
            raise self.clashes[picture.path]
        square = read_square(self.photos[picture.path], self.size_px)
        if not self.keep_grey and not square.has_colour:
            return Outcome(name, Status.LEFT_OUT, reason=_NO_COLOUR)
        result = _result(picture, self.out)
        encoded = _png(Image.fromarray(make_pair(square.rgb, *self.sides)))
        if result.is_file() and result.read_bytes() == encoded:
            return Outcome(name, Status.FINISHED, result, "PNG")
        if result.exists() and not self.overwrite:
            raise InputError(
                f"{result} exists already and is another picture. "
                "Choose another folder, or replace it with --overwrite"
            )
        if self.dry_run:
            return Outcome(name, Status.PLANNED, result, "PNG")
        make_folder_for(result)
        write_atomic(result, encoded)
        enlarged = square.own_side_px < self.size_px
        reason = f"enlarged from {square.own_side_px} px" if enlarged else None
        return Outcome(name, Status.PAIRED, result, "PNG", reason=reason)


def _png(picture: Image.Image) -> bytes:
    encoded = io.BytesIO()
    picture.save(encoded, "PNG")
    return encoded.getvalue()


def _result(picture: Picture, out: Path) -> Path:
    return out / picture.place.with_suffix(".png")


def _clashes(pictures: Iterable[Picture], out: Path) -> dict[Path, InputError]:
    """An error for every photo whose pair would be written where another's is."""
    by_result: defaultdict[str, list[Picture]] = defaultdict(list)
    for picture in pictures:
        by_result[os.path.normcase(_result(picture, out))].append(picture)
    return errors_of_sharing({Path(result): sharing for result, sharing in by_result.items()})
