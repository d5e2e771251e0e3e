"""The public way in: a `Colorizer` is made once, and gives a `Photo` for every photograph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from photochrom.color.colorize import colorize
from photochrom.color.srgb import Coded
from photochrom.drawing import Drawing
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

    @property
    def paints(self) -> str:
        """What the model paints: "ab", colour only, or "rgb", lightness too, as for drawings."""
        return self._network.paints

    @property
    def default_jpeg(self) -> str:
        """How a grey JPEG becomes a JPEG where nothing else is asked for: see `Photo.encode`."""
        return self._kind.default_jpeg

    @property
    def _kind(self) -> type[Photo]:
        return Drawing if self.paints == "rgb" else Photo

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
        multiplies chroma. A model that paints lightness too gives a `Drawing`.
        Raises `InputError` for what is no photograph or too large.
        """
        if not 0.0 <= strength <= STRONGEST:
            raise InputError(f"strength must lie between 0 and 2, not {strength}.")
        photo = open_photo(source, max_megapixels=max_megapixels, allow_truncated=allow_truncated)
        return self._kind(
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

    def _paint(self, grey: Coded) -> NDArray[Any]:
        """The colours ab (h, w, 2), or rgb (h, w, 3), of upright sRGB-coded grey (H, W)."""
        network = self._network
        predict = network.paint_rgb if network.paints == "rgb" else network.paint
        return colorize(grey, predict, short_side_px=network.short_side_px)
