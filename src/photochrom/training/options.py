"""Making what a recipe names out of a visible table; a wrong name or option says the near ones."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from photochrom.errors import InputError

Made = TypeVar("Made")


def make_named(
    kind: str,
    name: str,
    table: Mapping[str, Callable[..., Made]],
    arguments: Iterable[Any],
    options: Mapping[str, Any],
) -> Made:
    """`table[name](*arguments, **options)`; options are its keyword-only parameters.

    Raises `InputError` for an unknown name or option, and for a value that does not fit.
    """
    if name not in table:
        raise InputError(f"There is no {kind} {name!r}. {near(name, table)}")
    parameters = inspect.signature(table[name]).parameters.values()
    known = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
    for option in options:
        if option not in known:
            raise InputError(f"The {kind} {name!r} has no option {option!r}. {near(option, known)}")
    try:
        return table[name](*arguments, **options)
    except (TypeError, ValueError) as error:
        raise InputError(f"The {kind} {name!r} does not take these options: {error}") from error


def near(name: str, known: Iterable[str]) -> str:
    """A sentence that says which names are near, or which there are.

    >>> near("hubber", ["huber", "l1"])
    'Did you mean: huber?'
    """
    names = sorted(known)
    if not names:
        return "It has none."
    return f"Did you mean: {', '.join(difflib.get_close_matches(name, names) or names)}?"
