"""Colours that a user names at points of a photograph, read from words, tuples and JSON."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias

from photochrom.errors import InputError

MOST_HINTS = 256
HOW_COLOURS_ARE_WRITTEN = "#rrggbb, such as #a03020"
_HEX = re.compile(r"#?(?:[0-9a-f]{6}|[0-9a-f]{3})", re.IGNORECASE | re.ASCII)

Rgb: TypeAlias = tuple[int, int, int]


class Hint(NamedTuple):
    """The pixel under (x, y) shall have the hue and chroma of `colour`; its lightness stays.

    `x` 0…width and `y` 0…height [px] are of the photo as displayed, at full size, orientation
    applied: pixel (0, 0) reaches from 0 to 1. `colour` is R, G, B 0…255 in sRGB.
    """

    x: float
    y: float
    colour: Rgb

    def __str__(self) -> str:
        red, green, blue = self.colour
        return f"{self.x:g},{self.y:g}=#{red:02x}{green:02x}{blue:02x}"


# What is taken where hints are asked for: a `Hint`, or x, y and a colour in either spelling.
HintLike: TypeAlias = Hint | tuple[float, float, str | tuple[int, int, int]]


def parse_colour(text: str) -> Rgb:
    """R, G, B 0…255 of "#rrggbb" or "#rgb", with or without its #.

    Raises `InputError` for anything else.

    >>> parse_colour("#a03020")
    (160, 48, 32)
    >>> parse_colour("fff")
    (255, 255, 255)
    """
    if not _HEX.fullmatch(text.strip()):
        raise InputError(f"{text!r} is no colour: write it as {HOW_COLOURS_ARE_WRITTEN}")
    digits = text.strip().removeprefix("#")
    pairs = [2 * digit for digit in digits] if len(digits) == 3 else re.findall("..", digits)
    red, green, blue = (int(pair, 16) for pair in pairs)
    return red, green, blue


def parse_hint(text: str) -> Hint:
    """The hint in the words of the command line, x,y=colour.

    Raises `InputError` for anything else.

    >>> parse_hint("120,80.5=#a03020")
    Hint(x=120.0, y=80.5, colour=(160, 48, 32))
    """
    place, _, colour = text.partition("=")
    numbers = place.split(",")
    if len(numbers) != 2 or not colour:
        raise InputError(f"the hint {text!r} is not understood: write x,y=#rrggbb, in pixels")
    x, y = (_number(number, f"the hint {text!r}") for number in numbers)
    return Hint(x, y, parse_colour(colour))


def read_hints(text: str) -> list[Hint]:
    """The hints in JSON: a list of [x, y, "#rrggbb"] or {"x": …, "y": …, "colour": "#rrggbb"}.

    "color" is understood as well. Raises `InputError` for anything else.

    >>> read_hints('[[3, 4, "#fff"], {"x": 5, "y": 6, "colour": "#a03020"}]')
    [Hint(x=3.0, y=4.0, colour=(255, 255, 255)), Hint(x=5.0, y=6.0, colour=(160, 48, 32))]
    """
    entries = hint_entries(text, as_written='[[x, y, "#rrggbb"], …]')
    return [as_hint(_row(entry), f"hint {number}") for number, entry in enumerate(entries, 1)]


def hint_entries(text: str, *, as_written: str) -> list[Any]:
    """The entries of a list of hints in JSON, which should look `as_written`.

    Raises `InputError` where it is none.
    """
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"the hints are no JSON: {error}") from error
    if not isinstance(entries, list):
        raise InputError(f"the hints are no list: write {as_written}")
    return entries


def as_hints(hints: Iterable[HintLike], *, width: int, height: int) -> tuple[Hint, ...]:
    """The hints, checked, for a photo displayed at `width` × `height` px.

    Raises `InputError` where one lies outside the photo, is no hint, or there are too many.
    """
    checked = tuple(as_hint(hint, f"hint {number}") for number, hint in enumerate(hints, 1))
    for hint in checked:
        if not (0 <= hint.x <= width and 0 <= hint.y <= height):
            raise InputError(
                f"the hint {hint} lies outside the photo, which is displayed at {width} × "
                f"{height} px: x goes from 0 to {width}, y from 0 to {height}"
            )
    if len(checked) > MOST_HINTS:
        raise InputError(f"{len(checked)} hints are too many: give at most {MOST_HINTS}")
    return checked


def as_hint(given: Any, name: str = "the hint") -> Hint:
    """A `Hint` of (x, y, colour), the colour as text or as R, G, B 0…255.

    Raises `InputError`, which calls it `name`, for anything else.
    """
    if not isinstance(given, tuple | list) or len(given) != 3:
        raise InputError(f'{name} is {given!r}, and a hint is x, y and a colour: [x, y, "#rrggbb"]')
    x, y, colour = given
    return Hint(_number(x, name), _number(y, name), _colour(colour, name))


def _row(entry: Any) -> Any:
    """An object's values in the order of a list's; anything else as it is."""
    if not isinstance(entry, dict):
        return entry
    known = {"x", "y", "colour", "color"}
    if set(entry) - known or len(entry) != 3:
        return entry  # as_hint says what is wrong with it
    return [entry.get("x"), entry.get("y"), entry.get("colour", entry.get("color"))]


def _number(given: Any, name: str) -> float:
    """A finite number [px]; text counts where it spells one."""
    try:
        number = math.nan if isinstance(given, bool) else float(given)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"{name} has the coordinate {given!r}, and a number of pixels is wanted")
    return number


def _colour(given: Any, name: str) -> Rgb:
    if isinstance(given, str):
        return parse_colour(given)
    levels = tuple(given) if isinstance(given, tuple | list) else ()
    if len(levels) != 3 or not all(_is_level(level) for level in levels):
        raise InputError(
            f"{name} has the colour {given!r}: write it as {HOW_COLOURS_ARE_WRITTEN}, or as three "
            "whole numbers 0…255"
        )
    red, green, blue = levels
    return int(red), int(green), int(blue)


def _is_level(given: Any) -> bool:
    whole = hasattr(given, "__index__") and not isinstance(given, bool)
    return whole and 0 <= given.__index__() <= 255
