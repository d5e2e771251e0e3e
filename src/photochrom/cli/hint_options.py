"""The hints of the command line: `--hint x,y=#a03020`, and files of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from photochrom.color.hints import Hint, parse_hint, read_hints
from photochrom.errors import InputError


def gather_hints(words: Sequence[str], file: Path | None) -> tuple[Hint, ...]:
    """The hints of a JSON file, if there is one, and then those of `--hint`.

    Raises `InputError` where one is not understood or the file cannot be read.
    """
    from_file = [] if file is None else _read_file(file)
    return (*from_file, *map(parse_hint, words))


def _read_file(file: Path) -> list[Hint]:
    try:
        return read_hints(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"the hints in {file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is no text: hints are JSON in UTF-8") from error
    except InputError as error:
        raise InputError(f"{file}: {error}") from error
