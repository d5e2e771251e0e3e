"""Whether a result that exists already is the one that this run would make."""

from __future__ import annotations

from pathlib import Path

from photochrom.errors import InputError
from photochrom.media.provenance import Provenance, differences, read_provenance


def is_finished(result: Path, wanted: Provenance) -> bool:
    """True where `result` exists and was made from the same bytes, by the same model and options.

    A newer Photochrom does not make a result unfinished.
    """
    made = read_provenance(result) if result.is_file() else None
    return made is not None and not differences(made, wanted)


def refuse_to_replace(result: Path, wanted: Provenance) -> None:
    """Raise the `InputError` that says what lies at `result` and how to replace it."""
    if not result.exists():
        return
    made = read_provenance(result) if result.is_file() else None
    if made is None:
        raise InputError(
            f"{result} exists already and was not made by Photochrom. "
            f"Choose another place with -o, or replace it with --overwrite"
        )
    raise InputError(
        f"{result} exists already, made from {_and(differences(made, wanted))}. "
        f"Replace it with --overwrite"
    )


def _and(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
