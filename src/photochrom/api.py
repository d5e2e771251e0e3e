"""The public way in: a `Colorizer` is made once, and gives a `Photo` for every photograph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from photochrom.color.hints import HintLike, as_hints
from photochrom.drawing import Drawing
from photochrom.errors import InputError, PhotochromError
from photochrom.media.photo import DEFAULT_MAX_MEGAPIXELS, Source, SourcePhoto, open_photo
from photochrom.media.saved import Saved
from photochrom.models.network import ModelIdentity, Network
from photochrom.painting import Painting, Wishes
from photochrom.pipeline import in_order
from photochrom.result import Photo

__all__ = ["Colorizer", "Photo", "Saved"]

AHEAD = 2  # photographs that `colorize_many` works on at a time
STRONGEST = 2.0
MOST_CANDIDATES = 8


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

    @property
    def takes_hints(self) -> bool:
        """True where colours may be told: for every model that paints colour only."""
        return self.paints == "ab"

    @property
    def default_vividness(self) -> float | None:
        """The model's own vividness, 0 cautious … 1 vivid; None where it has none to choose."""
        return self._network.curve.default if self._network.takes_vividness else None

    def colorize(
        self,
        source: Source,
        *,
        strength: float = 1.0,
        vividness: float | None = None,
        hints: Sequence[HintLike] = (),
        effort: str = "usual",
        max_megapixels: float = DEFAULT_MAX_MEGAPIXELS,
        allow_truncated: bool = False,
    ) -> Photo:
        """The photograph in colour; the work is done when something is asked of it.

        `source` is a path, encoded bytes, a binary file object, a Pillow image, or an array: uint8
        or uint16 sRGB, (H, W) grey or (H, W, 1…4) grey, grey + alpha, rgb, rgba. `strength` 0…2
        multiplies chroma. A model that paints lightness too gives a `Drawing`.

        `vividness` 0 cautious … 1 vivid is the model's own where it is None. `hints` are colours
        that the user knows, `Hint` or (x, y, "#rrggbb"), in pixels of the photo as displayed; each
        spreads over the object that it lies on. `effort` "best" takes several times as long.

        Raises `InputError` for what is no photograph or too large, for a hint outside it, and for
        what the model cannot do.
        """
        photo = open_photo(source, max_megapixels=max_megapixels, allow_truncated=allow_truncated)
        placed = as_hints(hints, width=photo.width, height=photo.height)
        wishes = Wishes(vividness=vividness, hints=placed, effort=effort)
        return self._photo(photo, wishes, strength)

    def candidates(
        self,
        source: Source,
        n: int = 4,
        *,
        strength: float = 1.0,
        vividness: float | None = None,
        hints: Sequence[HintLike] = (),
        effort: str = "usual",
        max_megapixels: float = DEFAULT_MAX_MEGAPIXELS,
        allow_truncated: bool = False,
    ) -> list[Photo]:
        """`n` plausible pictures, 1…8, the first of them the ordinary one; the rest as `colorize`.

        They differ as wholes where the model is unsure, and agree where it is sure.
        Raises `InputError` too for a model that does not choose among colours.
        """
        if not 1 <= n <= MOST_CANDIDATES:
            raise InputError(f"{n} candidates were asked for: 1 to {MOST_CANDIDATES} can be had.")
        photo = open_photo(source, max_megapixels=max_megapixels, allow_truncated=allow_truncated)
        placed = as_hints(hints, width=photo.width, height=photo.height)
        wishes = [Wishes(vividness, placed, effort, candidate) for candidate in range(n)]
        return [self._photo(photo, wish, strength) for wish in wishes]

    def _photo(self, source: SourcePhoto, wishes: Wishes, strength: float) -> Photo:
        if not 0.0 <= strength <= STRONGEST:
            raise InputError(f"strength must lie between 0 and 2, not {strength}.")
        painting = Painting(self._network, wishes, height=source.height, width=source.width)
        return self._kind(
            source, painting, self.model, strength=float(strength), threads=self._threads
        )

    def colorize_many(
        self,
        sources: Iterable[Source],
        *,
        strength: float = 1.0,
        vividness: float | None = None,
        effort: str = "usual",
        on_error: Callable[[Source, PhotochromError], None] | None = None,
    ) -> Iterator[Photo]:
        """The photographs in colour, in order, the next ones painted while one is looked at.

        Only a few are held at a time, however many there are. A photograph that fails raises its
        error in its turn, which ends the iteration; with `on_error` it is reported there and left
        out, and the rest go on. Raises `TypeError` for one source in place of several.
        """
        if isinstance(sources, str | bytes):
            raise TypeError("colorize_many takes several sources; for one there is colorize")

        def attempt(source: Source) -> tuple[Source, Photo | PhotochromError]:
            try:
                photo = self.colorize(source, strength=strength, vividness=vividness, effort=effort)
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
