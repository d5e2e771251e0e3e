"""A recipe written as TOML: what a dry run prints, and what can be trained again."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

from photochrom.training.recipe import Recipe

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")  # other keys stand in quotes


def recipe_to_toml(recipe: Recipe) -> str:
    """The whole recipe, defaults included; reading it gives the same recipe.

    >>> recipe_to_toml(Recipe("mine")).splitlines()[:5]
    ['name = "mine"', 'description = ""', 'paints = "ab"', '', '[data]']
    """
    fields = shallow(recipe)
    values = {name: value for name, value in fields.items() if not is_section(value)}
    sections = {name: shallow(value) for name, value in fields.items() if is_section(value)}
    parts = [lines_of(values)]
    parts += [f"[{name}]\n{lines_of(table)}" for name, table in sections.items() if table]
    return "\n".join(parts)


def is_section(value: object) -> bool:
    """Whether this is a table, not a value."""
    return dataclasses.is_dataclass(value) or isinstance(value, dict)


def shallow(table: Any) -> dict[str, Any]:
    """The fields of a dataclass, or a table as it is."""
    if isinstance(table, dict):
        return table
    return {entry.name: getattr(table, entry.name) for entry in dataclasses.fields(table)}


def lines_of(table: dict[str, Any]) -> str:
    """`key = value` for each entry."""
    return "".join(f"{key_text(key)} = {value_text(value)}\n" for key, value in table.items())


def key_text(key: str) -> str:
    """A key, quoted where it must be."""
    return key if BARE_KEY.fullmatch(key) else value_text(key)


def value_text(value: Any) -> str:
    """A value as TOML writes it.

    >>> value_text({"a b": (1, 2.5, True), "c": "“"})
    '{ "a b" = [1, 2.5, true], c = "“" }'
    """
    if is_section(value):
        inside = ", ".join(f"{key_text(k)} = {value_text(v)}" for k, v in shallow(value).items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(value_text, value))}]"
    if isinstance(value, str):  # JSON's strings are TOML's, but for the delete character
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)
