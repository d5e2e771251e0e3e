"""`photochrom verify`: what can be proven of results, file by file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from photochrom.cli import options
from photochrom.errors import InputError, PhotochromError, SetupError

if TYPE_CHECKING:
    from photochrom.archive.place import Place
    from photochrom.archive.verify import Verdict

DIFFERS = 1
Check = Callable[[], "Verdict | None"]

Targets = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH…",
        help="Results, folders of results, and archives: their DST, wherever it was moved or "
        "copied to, or their manifest.",
        show_default=False,
    ),
]
ManifestFile = Annotated[
    Path | None,
    typer.Option(
        "--manifest",
        metavar="FILE",
        help="The manifest of an archive whose DST is elsewhere, or remote.",
    ),
]


def verify(
    paths: Targets,
    *,
    manifest: ManifestFile = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Prove that results are what they say: one line a file.

    A result that carries its original is proven: the original is taken out and compared with the
    hashes, and the luma of both is the same to the last coefficient. Of an archive every result is
    also compared with its manifest: there, unchanged, of that source and model. The exit code is 1
    where any differs, else 4 where any could not be checked.
    """
    from photochrom.archive.verify import Finding
    from photochrom.cli.run import default_workers
    from photochrom.pipeline import in_order

    counts: Counter[str] = Counter()
    for verdict in in_order(_run, _checks(paths, manifest), workers=default_workers()):
        if verdict is None:
            continue
        counts[verdict.finding] += 1
        if as_json:
            typer.echo(json.dumps(_as_json(verdict), ensure_ascii=False))
        elif not quiet or verdict.finding in (Finding.DIFFERS, Finding.NOT_CHECKED):
            typer.echo(_line(verdict))
    if not counts:
        raise InputError(f"{', '.join(paths)}: no results of Photochrom there")
    if not quiet and not as_json:
        typer.echo(
            ", ".join(f"{counts[finding]} {finding}" for finding in Finding if counts[finding])
        )
    if counts[Finding.DIFFERS]:
        raise typer.Exit(DIFFERS)
    raise typer.Exit(SetupError.exit_code if counts[Finding.NOT_CHECKED] else 0)


def _run(check: Check) -> Verdict | None:
    return check()


def _checks(paths: list[str], manifest: Path | None) -> Iterator[Check]:
    """What is to be checked, one file after the other, whatever holds it."""
    from photochrom.archive.place import is_remote, local_path, open_place
    from photochrom.archive.reading import manifest_of

    if manifest is not None:
        for path in paths:
            is_place = is_remote(path) or Path(local_path(path)).is_dir()
            yield from _noted(manifest, path if is_place else None)
        return
    for path in paths:
        found = manifest_of(path)
        if found is not None:
            yield from _noted(found, None)
        elif is_remote(path) or Path(path).is_dir():
            place = open_place(path)
            for entry in place.walk():
                yield partial(_check, place, entry.name, is_named=False)
        else:
            yield partial(
                _check, open_place(str(Path(path).parent)), Path(path).name, is_named=True
            )


def _noted(manifest: Path, results_at: str | None) -> Iterator[Check]:
    """Every result that a manifest notes, at that address or where they lie now."""
    from photochrom.archive.place import open_place
    from photochrom.archive.reading import reading
    from photochrom.archive.verify import recorded, verify_at

    with reading(manifest) as noted:
        place, source = open_place(results_at or noted.results_at), open_place(noted.source)
        for row in noted.results():
            yield partial(verify_at, place, recorded(row), source)


def _check(place: Place, name: str, *, is_named: bool) -> Verdict | None:
    """A file by itself; None for one that is no result of ours and was not asked for by name."""
    from photochrom.archive.names import shown
    from photochrom.archive.verify import Verdict, finding_of
    from photochrom.archive.verify import verify as verify_bytes
    from photochrom.media.provenance import read_provenance

    try:
        encoded = place.read(name)[0].encoded
    except PhotochromError as error:
        if is_named:
            raise
        return Verdict(shown(name), finding_of(error), str(error))
    if not is_named and read_provenance(encoded) is None:
        return None
    return verify_bytes(encoded, shown(name))


def _line(verdict: Verdict) -> str:
    by = ""
    if verdict.made is not None:
        by = f"  ({verdict.made.model} {verdict.made.model_version}, sha256 {verdict.sha256})"
    return f"{verdict.name}  {verdict.finding}: {verdict.words}{by}"


def _as_json(verdict: Verdict) -> dict[str, object]:
    made = verdict.made
    return {
        "result": verdict.name,
        "finding": str(verdict.finding),
        "words": verdict.words,
        "sha256": verdict.sha256,
        "source_sha256": made and made.source_sha256,
        "model": made and made.model,
        "model_version": made and made.model_version,
        "model_sha256": made and made.model_sha256,
        "photochrom_version": made and made.photochrom_version,
    }
