"""Colours that a user tells for a moment of a film: points of a frame, or a whole frame in colour.

They count for the shot that the moment lies in. Places are pixels of the frame as it is displayed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from photochrom.color.hints import Hint, as_hint, hint_entries, parse_hint
from photochrom.errors import InputError, SetupError
from photochrom.media.video_formats import seconds_of


@dataclass(frozen=True)
class Told:
    """What is told of one frame: its time [s], and points or a picture of it."""

    time_s: float
    hints: tuple[Hint, ...] = ()
    picture: Path | None = None

    def identity(self) -> list[object]:
        """What a result depends on, as JSON."""
        picture = None if self.picture is None else read_key_frame(self.picture)
        digest = None if picture is None else hashlib.sha256(picture).hexdigest()
        return [self.time_s, [str(hint) for hint in self.hints], digest]


def parse_film_hint(words: str) -> Told:
    """What `--hint` says, TIME@x,y=#rrggbb.

    Raises `InputError` for anything else.

    >>> parse_film_hint("1:02@120,80=#a03020").time_s
    62.0
    """
    time, at, hint = words.partition("@")
    if not at:
        raise InputError(f"the hint {words!r} says no time: write TIME@x,y=#rrggbb")
    return Told(seconds_of(time, "--hint"), (parse_hint(hint),))


def parse_key_frame(words: str) -> Told:
    """What `--key` says, TIME=PICTURE.

    Raises `InputError` for anything else.

    >>> parse_key_frame("3.5=coat.png").picture.name
    'coat.png'
    """
    time, equals, picture = words.partition("=")
    if not equals or not picture:
        raise InputError(f"the key frame {words!r} is not understood: write TIME=PICTURE")
    return Told(seconds_of(time, "--key"), picture=Path(picture))


def read_film_hints(text: str) -> list[Told]:
    """The hints in JSON: [[time, x, y, "#rrggbb"], …], or objects with those names.

    Raises `InputError` for anything else.

    >>> [told.time_s for told in read_film_hints('[["0:03", 4, 5, "#fff"]]')]
    [3.0]
    """
    entries = hint_entries(text, as_written='[[time, x, y, "#rrggbb"], …]')
    return [_told(entry, f"hint {number}") for number, entry in enumerate(entries, 1)]


def _told(entry: Any, name: str) -> Told:
    if isinstance(entry, dict):
        colour = entry.get("colour", entry.get("color"))
        entry = [entry.get("time"), entry.get("x"), entry.get("y"), colour]
    if not isinstance(entry, list) or len(entry) != 4:
        raise InputError(
            f'{name} is {entry!r}, and a hint of a film is [time, x, y, "#rrggbb"], or an object '
            'with "time", "x", "y" and "colour"'
        )
    time, *point = entry
    if isinstance(time, bool) or not isinstance(time, str | int | float):
        raise InputError(f"{name} has the time {time!r}: seconds are wanted, or 1:02:03.5")
    return Told(seconds_of(str(time), name), (as_hint(point, name),))


def together(told: Iterable[Told]) -> tuple[Told, ...]:
    """One entry a moment, points of the same one joined, in order of time."""
    moments: dict[tuple[float, Path | None], list[Hint]] = {}
    for entry in told:
        moments.setdefault((entry.time_s, entry.picture), []).extend(entry.hints)
    joined = [Told(time, tuple(hints), picture) for (time, picture), hints in moments.items()]
    return tuple(sorted(joined, key=lambda entry: entry.time_s))


def read_key_frame(path: Path) -> bytes:
    """The bytes of a picture that is a key frame.

    Raises `InputError` where it is not there, `SetupError` where it may not be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"the key frame {path} does not exist") from error
    except OSError as error:
        raise SetupError(f"the key frame {path} cannot be read: {error.strerror}") from error


def within(told: Sequence[Told], begin_s: float, end_s: float | None) -> None:
    """Nothing where every moment is coloured; `InputError` where one is not."""
    for entry in told:
        if entry.time_s < begin_s or (end_s is not None and entry.time_s >= end_s):
            last = "its end" if end_s is None else f"{end_s:g} s"
            raise InputError(
                f"a colour is told for {entry.time_s:g} s, and only {begin_s:g} s to {last} is "
                "coloured"
            )
