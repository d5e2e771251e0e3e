"""`photochrom restore`: the original files that spliced results carry, byte for byte."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import typer

from photochrom.cli import options
from photochrom.cli.clashes import errors_of_sharing
from photochrom.cli.destination import STREAM, Destination, destination, make_folder_for
from photochrom.cli.inputs import Findings, Picture, find_pictures
from photochrom.cli.outcome import Outcome, Status
from photochrom.cli.run import choose_report, run
from photochrom.cli.streams import read_stdin, write_stdout
from photochrom.errors import InputError, PhotochromError
from photochrom.media import jpeg_restore
from photochrom.media.atomic import write_atomic
from photochrom.media.formats import FORMATS
from photochrom.media.reading import read_source

_NO_RECORD = "it carries no original: not a spliced result of Photochrom"


def restore(
    paths: options.Paths,
    *,
    out: options.Out = None,
    overwrite: options.Overwrite = False,
    recursive: options.Recursive = False,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Give back the original of a colour JPEG, byte for byte, checked by its SHA-256.

    That works for what was spliced (the default for JPEGs), and needs nothing but the file. The
    originals of toned ones need the extra jpeg; where their coding cannot be repeated, all their
    coefficients are given back. Without -o the original of NAME.color.jpg is written beside it as
    NAME.original.jpg; with -o as NAME.jpg in that folder. A file that was edited since is refused.

    The DST of an archive, or its manifest, with -o gives all its originals under their own names.
    """
    if len(paths) == 1 and (manifest := _manifest(paths[0], out)) is not None:
        from photochrom.cli.restore_archive import restore_archive

        report = choose_report(1, quiet=quiet, as_json=as_json)  # plain lines, however many
        raise typer.Exit(restore_archive(manifest, out, report, overwrite=overwrite))
    to = destination(out, paths)
    if STREAM in paths:
        findings = Findings(pictures=[Picture(Path(STREAM), Path(STREAM))])
    else:
        suffixes = frozenset(FORMATS["JPEG"].suffixes)
        # OUT may be the results' own folder: originals get other names there.
        findings = find_pictures(paths, recursive=recursive, suffixes=suffixes)
    job = _Job(
        to,
        overwrite=overwrite,
        named=frozenset(Path(path) for path in paths),
        inputs=frozenset(Path(os.path.realpath(found.path)) for found in findings.pictures),
        clashes=_clashes(findings.pictures, to),
    )
    report = choose_report(len(findings), quiet=quiet, as_json=as_json, err=to.stdout)
    raise typer.Exit(run(findings, job.restore, report))


def _manifest(path: str, out: str | None) -> Path | None:
    """The manifest of the archive that a path means; without -o only where it is one itself."""
    if path == STREAM or (out is None and Path(path).is_dir()):
        return None
    from photochrom.archive.reading import manifest_of

    return manifest_of(path)


@dataclass(frozen=True)
class _Job:
    """Where originals go.

    `named` were given by name: one of them without a record is an error. `inputs` are the real
    paths of all, none of which is written over; `clashes` those that share their result.
    """

    to: Destination
    overwrite: bool
    named: frozenset[Path]
    inputs: frozenset[Path]
    clashes: Mapping[Path, InputError]

    def restore(self, picture: Picture) -> Outcome:
        name = str(picture.path)
        if name == STREAM:
            coloured, modified_ns = read_stdin(), None
        else:
            read = read_source(picture.path)
            coloured, modified_ns = read.encoded, read.modified_ns
        if picture.path not in self.named and not jpeg_restore.has_restore_record(coloured):
            return Outcome(name, Status.PASSED_OVER, reason=_NO_RECORD)
        if picture.path in self.clashes:
            raise self.clashes[picture.path]
        restored = jpeg_restore.restored(coloured)
        original, note = restored.jpeg, None if restored.is_exact else jpeg_restore.NEW_CODING
        if self.to.stdout:
            write_stdout(original)
            return Outcome(name, Status.RESTORED, Path(STREAM), "JPEG", reason=note)
        result = _result(picture, self.to)
        if Path(os.path.realpath(result)) in self.inputs:
            raise InputError(
                f"{result} is an input itself, and nothing is written over it. "
                f"Choose another place with -o"
            )
        if result.is_file() and result.read_bytes() == original:
            return Outcome(name, Status.FINISHED, result, "JPEG")
        if result.exists() and not self.overwrite:
            raise InputError(
                f"{result} exists already and is another file. "
                f"Choose another place with -o, or replace it with --overwrite"
            )
        make_folder_for(result)
        write_atomic(result, original, modified_ns=modified_ns)
        return Outcome(name, Status.RESTORED, result, "JPEG", reason=note)


def _result(picture: Picture, to: Destination) -> Path:
    """Where the original of a coloured picture goes."""
    if to.file is not None:
        return to.file
    stem = picture.path.stem.removesuffix(".color")
    if to.folder is None:
        return picture.path.with_name(f"{stem}.original{picture.path.suffix}")
    return to.folder / picture.place.with_name(stem + picture.path.suffix)


def _clashes(pictures: Iterable[Picture], to: Destination) -> dict[Path, InputError]:
    """An error for every coloured picture whose original would be written where another's is."""
    by_result: defaultdict[str, list[Picture]] = defaultdict(list)
    if not to.stdout:
        for picture in pictures:
            by_result[os.path.normcase(_result(picture, to))].append(picture)
    return errors_of_sharing(
        {
            Path(result): [found for found in sharing if _has_record(found.path)]
            for result, sharing in by_result.items()
            if len(sharing) > 1
        }
    )


def _has_record(path: Path) -> bool:
    try:
        return jpeg_restore.has_restore_record(read_source(path).encoded)
    except PhotochromError:
        return False  # said when its turn comes
