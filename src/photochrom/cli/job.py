"""One picture of a `photochrom colorize` run: whether to colour it, where to, and doing it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from photochrom.cli.destination import STREAM, Destination, make_folder_for
from photochrom.cli.finished import is_finished, refuse_to_replace
from photochrom.cli.inputs import Picture
from photochrom.cli.outcome import Outcome, Status
from photochrom.cli.settings import Settings
from photochrom.cli.streams import read_stdin, write_stdout
from photochrom.errors import InputError
from photochrom.media.notes import HAS_COLOUR, IS_OURS
from photochrom.media.provenance import read_provenance

if TYPE_CHECKING:
    from photochrom import Colorizer, Photo, Saved


@dataclass(frozen=True)
class Job:
    """What to do with each picture; several threads may share one.

    `clashes` holds the pictures that may not be written, `inputs` the real paths of all pictures,
    `alone` says that exactly one was given.
    """

    colorizer: Colorizer
    settings: Settings
    to: Destination
    clashes: Mapping[Path, InputError]
    inputs: frozenset[Path]
    alone: bool

    def colorize(self, picture: Picture) -> Outcome:
        """Colour one picture, unless that is done already or not wanted.

        Raises `PhotochromError` where it cannot be done.
        """
        name = str(picture.path)
        source = read_stdin() if name == STREAM else picture.path
        if read_provenance(source) is not None:
            if self.alone:
                raise InputError(f"{name}: {IS_OURS}. Give its original")
            return Outcome(name, Status.PASSED_OVER, reason=IS_OURS)
        if picture.path in self.clashes:
            raise self.clashes[picture.path]
        photo = self.colorizer.colorize(source, **self._asked())
        if self.to.stdout:
            return self._to_stdout(photo, name)
        outcome = self._to_file(photo, picture, self._result(photo, picture))
        if outcome.result is None:
            return outcome
        return replace(outcome, extras=self._extras(photo, picture, source, outcome))

    def _asked(self) -> dict[str, Any]:
        """What `Colorizer.colorize` is asked for."""
        settings = self.settings
        return {
            "strength": settings.strength,
            "vividness": settings.vividness,
            "hints": settings.hints,
            "effort": settings.effort,
            "max_megapixels": settings.max_megapixels,
            "allow_truncated": settings.allow_truncated,
        }

    def _extras(
        self, photo: Photo, picture: Picture, source: Path | bytes, ordinary: Outcome
    ) -> tuple[Path, ...]:
        """Write what is wanted beside the ordinary result, and say where it lies."""
        from photochrom.cli.extras import candidate_path, write_candidate_sheet, write_uncertainty

        result, settings = ordinary.result, self.settings
        if result is None:
            return ()
        extras = []
        if settings.uncertainty:
            extras.append(write_uncertainty(photo, result, settings))
        if settings.candidates > 1:
            photos = self.colorizer.candidates(source, settings.candidates, **self._asked())
            for number, other in enumerate(photos[1:], 2):
                extras.append(candidate_path(result, number))
                self._to_file(other, picture, extras[-1])
            extras.append(write_candidate_sheet([photo, *photos[1:]], result, settings))
        return tuple(extras)

    def _to_stdout(self, photo: Photo, name: str) -> Outcome:
        if photo.source_has_real_colour and not self.settings.recolor:
            raise InputError(f"{name} is left out: {HAS_COLOUR}")
        format_name = self.settings.format or photo.default_format
        if self.settings.dry_run:
            return Outcome(name, Status.PLANNED, Path(STREAM), format_name)
        encoded, saved = photo.encode(
            format=format_name,
            quality=self.settings.quality,
            jpeg=self.settings.jpeg,
            options=self.settings.options_for(format_name),
        )
        write_stdout(encoded)
        return _coloured(name, Path(STREAM), saved)

    def _result(self, photo: Photo, picture: Picture) -> Path:
        return self.to.path(picture, self.settings.format or photo.default_format)

    def _to_file(self, photo: Photo, picture: Picture, result: Path) -> Outcome:
        name = str(picture.path)
        format_name = self.settings.format or photo.default_format
        self._refuse_inputs(result)
        options = self.settings.options_for(format_name)
        wanted = photo.provenance(options)
        if not self.settings.overwrite and is_finished(result, wanted):
            return Outcome(name, Status.FINISHED, result, format_name)
        if photo.source_has_real_colour and not self.settings.recolor:
            return Outcome(name, Status.LEFT_OUT, reason=HAS_COLOUR)
        if not self.settings.overwrite:
            refuse_to_replace(result, wanted)
        if self.settings.dry_run:
            return Outcome(name, Status.PLANNED, result, format_name)
        make_folder_for(result)
        saved = photo.save(
            result,
            format=format_name,
            quality=self.settings.quality,
            jpeg=self.settings.jpeg,
            options=options,
        )
        return _coloured(name, result, saved)

    def _refuse_inputs(self, result: Path) -> None:
        real = Path(os.path.realpath(result))
        if real in self.inputs and read_provenance(real) is None:
            raise InputError(
                f"{result} is an input itself, and nothing is written over it. "
                f"Choose another place with -o"
            )


def _coloured(name: str, result: Path, saved: Saved) -> Outcome:
    return Outcome(
        name, Status.COLOURED, result, format=saved.format, way=saved.way, reason=saved.note
    )
