"""Recipes as TOML: found by name, read, changed by settings, checked."""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
import typing
from pathlib import Path
from typing import Any

from photochrom.errors import InputError
from photochrom.training.recipe import Recipe
from photochrom.training.sound import require_sound

SHIPPED = Path(__file__).resolve().parents[1] / "recipes"  # in an installed wheel
SOURCES = Path(__file__).resolve().parents[3] / "recipes"  # in a checkout
VARIANTS = "variants"  # the section of a recipe file that holds other settings by name


def read_recipe(
    name_or_path: str, settings: tuple[str, ...] = (), *, variant: str | None = None
) -> Recipe:
    """The recipe of that path or shipped name, with `key.subkey=value` settings applied.

    `variant` names one of the file's `[variants.NAME]` tables, whose keys replace the recipe's
    before the settings do. Raises `InputError` for a file that is absent or no TOML, an unknown
    key or variant (with the near ones) or a value of the wrong type.
    """
    path = find_recipe(name_or_path)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not valid TOML: {error}") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    variants = typed(dict[str, dict[str, Any]], table.pop(VARIANTS, {}), where=VARIANTS)
    for changes in variants.values():  # a misspelt key is found before its variant is wanted
        typed(Recipe, merged({"name": path.stem} | table, changes), where="")
    if variant is not None:
        table = merged(table, named_variant(variants, variant, path))
    for setting in settings:
        apply_setting(table, setting)
    recipe: Recipe = typed(Recipe, {"name": path.stem} | table, where="")
    require_sound(recipe)
    return recipe


def named_variant(variants: dict[str, dict[str, Any]], name: str, path: Path) -> dict[str, Any]:
    """The changes that this variant makes."""
    if name in variants:
        return variants[name]
    near = difflib.get_close_matches(name, variants) or sorted(variants)
    raise InputError(f"{path.stem} has no variant {name!r}; it has: {', '.join(near) or 'none'}.")


def merged(table: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The table with the changes put in, section by section; neither is touched."""
    result = dict(table)
    for key, value in changes.items():
        old = result.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            value = merged(old, value)
        result[key] = value
    return result


def find_recipe(name_or_path: str) -> Path:
    """The file of a recipe given by path or by shipped name."""
    path = Path(name_or_path)
    if path.suffix == ".toml":
        if path.is_file():
            return path
        raise InputError(f"There is no recipe file {path}.")
    shipped = {file.stem: file for root in (SHIPPED, SOURCES) for file in root.glob("*.toml")}
    if name_or_path in shipped:
        return shipped[name_or_path]
    near = difflib.get_close_matches(name_or_path, shipped) or sorted(shipped)
    raise InputError(
        f"There is no recipe {name_or_path!r}. Shipped ones: {', '.join(near)}; "
        "or give the path of a .toml file."
    )


def apply_setting(table: dict[str, Any], setting: str) -> None:
    """Put one `key.subkey=value` into the table; a value that is no TOML is taken as text."""
    dotted, equals, text = setting.partition("=")
    if not equals:
        raise InputError(f"--set wants key=value, not {setting!r}; for example run.batch=16")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    *parents, last = dotted.strip().split(".")
    for parent in parents:
        table = table.setdefault(parent, {})
        if not isinstance(table, dict):
            raise InputError(f"--set {setting}: {parent} is a value, not a section")
    table[last] = value


def typed(kind: Any, value: Any, *, where: str) -> Any:
    """`value`, from TOML, as the annotated type `kind`; else an `InputError` names the place."""
    if dataclasses.is_dataclass(kind) and isinstance(value, dict):
        return typed_table(kind, value, where=where)
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple and isinstance(value, list | tuple):
        return tuple(typed(inner[0], item, where=where) for item in value)
    if origin is dict and isinstance(value, dict):
        return {key: typed(inner[1], item, where=f"{where}.{key}") for key, item in value.items()}
    if kind is Any:
        return value
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    is_bool_for_number = isinstance(value, bool) and kind is not bool
    if origin is None and isinstance(value, kind) and not is_bool_for_number:
        return value
    expected = getattr(kind, "__name__", str(kind))
    raise InputError(f"Recipe key {where or 'recipe'}: {value!r} is not of type {expected}.")


def typed_table(kind: Any, table: dict[str, Any], *, where: str) -> Any:
    """A dataclass from a TOML table; unknown keys are an `InputError` that names the near ones."""
    hints = typing.get_type_hints(kind)
    for key in table:
        if key not in hints:
            near = difflib.get_close_matches(key, hints) or sorted(hints)
            raise InputError(
                f"Unknown recipe key {f'{where}.{key}'.lstrip('.')!r}. "
                f"Did you mean: {', '.join(near)}?"
            )
    values = {k: typed(hints[k], v, where=f"{where}.{k}".lstrip(".")) for k, v in table.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise InputError(f"Recipe section {where or 'recipe'} is incomplete: {error}") from error
