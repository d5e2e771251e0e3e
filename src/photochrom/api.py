"""The public way in: a `Colorizer` is made once, and gives a `Photo` for every photograph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from photochrom.color.colorize import colorize
from photochrom.color.srgb import Coded, Floats
from photochrom.errors import InputError, PhotochromError
from photochrom.media.photo import DEFAULT_MAX_MEGAPIXELS, Source, open_photo
from photochrom.models.network import ModelIdentity, Network
from photochrom.pipeline import in_order
from photochrom.result import Photo, Saved

__all__ = ["Colorizer", "Photo", "Saved"]

AHEAD = 2  # photographs that `colorize_many` works on at a time
STRONGEST = 2.0


class Colorizer:
    """Gives photographs colour. Make one and share it: it may be used from many threads.

    `model` is a shipped name (`photochrom models`), an .onnx file that `photochrom export` wrote,
    or a `Network` that is loaded already; `threads` are all cores by default; `device` is auto,
    cpu, cuda, coreml or directml. Raises `WeightsError` for a model that is missing, damaged or not
    ours, `SetupError` for a device that this machine lacks.
    """

    def __init__(
        self,
        model: str | Path | Network = "flagship",
        *,
        threads: int | None = None,
        device: str = "auto",
    ) -> None:
        if not isinstance(model, Network):
            model = Network(model, threads=threads, device=device)
        self._network = model
        self._threads = threads

    @property
    def model(self) -> ModelIdentity:
        """Name, version and SHA-256 of the model."""
        return self._network.identity

    def colorize(
        self,
        source: Source,
        *,
        strength: float = 1.0,
        max_megapixels: float = DEFAULT_MAX_MEGAPIXELS,
        allow_truncated: bool = False,
    ) -> Photo:
        """The photograph in colour; the work is done when something is asked of it.

        `source` is a path, encoded bytes, a binary file object, a Pillow image, or an array: uint8
        or uint16 sRGB, (H, W) grey or (H, W, 1…4) grey, grey + alpha, rgb, rgba. `strength` 0…2
        multiplies chroma. Raises `InputError` for what is no photograph or too large.
        """
        if not 0.0 <= strength <= STRONGEST:
            raise InputError(f"strength must lie between 0 and 2, not {strength}.")
        photo = open_photo(source, max_megapixels=max_megapixels, allow_truncated=allow_truncated)
        return Photo(
            photo, self._paint, self.model, strength=float(strength), threads=self._threads
        )

    def colorize_many(
        self,
        sources: Iterable[Source],
        *,
        strength: float = 1.0,
        on_error: Callable[[Source, PhotochromError], None] | None = None,
    ) -> Iterator[Photo]:
        """The photographs in colour, in order, the next ones painted while one is looked at.

        Only a few are held at a time, however many there are. A photograph that fails raises its
        error in its turn, which ends the iteration; with `on_error` it is reported there and left
        out, and the rest go on.
        """

        def attempt(source: Source) -> tuple[Source, Photo | PhotochromError]:
            try:
                photo = self.colorize(source, strength=strength)
                _ = photo.ab  # painted here, on the thread
            except PhotochromError as error:
                return source, error
            return source, photo

        for source, outcome in in_order(attempt, sources, workers=AHEAD):
            if isinstance(outcome, Photo):
                yield outcome
            elif on_error is None:
                raise outcome
            else:
                on_error(source, outcome)

    def _paint(self, grey: Coded) -> Floats:
        """The colours ab (h, w, 2) of upright sRGB-coded grey (H, W) of any size."""
        return colorize(grey, self._network.paint, short_side_px=self._network.short_side_px)
