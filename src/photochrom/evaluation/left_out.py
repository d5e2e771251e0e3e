"""Photos that are left out of an evaluation, and why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from photochrom.errors import InputError, PhotochromError, SetupError, WeightsError
from photochrom.evaluation.models import Model
from photochrom.evaluation.photos import Source
from photochrom.evaluation.result import Skipped

KINDS = {kind.exit_code: kind for kind in (InputError, WeightsError, SetupError)}


class LeftOut(Exception):  # noqa: N818 - no error: it says what becomes of a photo
    """A photo that is not measured, and why."""

    def __init__(self, skipped: Skipped) -> None:
        super().__init__(skipped.reason)
        self.skipped = skipped


@contextmanager
def of_model(source: Source, model: Model) -> Iterator[None]:
    """Say of which model a photo's picture failed."""
    try:
        yield
    except PhotochromError as error:
        raise LeftOut(failed(source, error, model)) from error


def failed(source: Source, error: PhotochromError, model: Model | None = None) -> Skipped:
    """The entry of a photo that failed, for one model or for all."""
    name = None if model is None else model.name
    return Skipped(source.name, str(error), model=name, exit_code=error.exit_code)


def error_of(skipped: Skipped, words: str) -> PhotochromError:
    """An error of the kind that the failure was, with these words."""
    return KINDS.get(skipped.exit_code, InputError)(words)
