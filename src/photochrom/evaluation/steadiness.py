"""How steady the colours of a film are: a pass over its frames in order, after they are painted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from photochrom.evaluation.cache import key_of
from photochrom.evaluation.compare import Record
from photochrom.evaluation.measure import TRUTH, Examiner
from photochrom.evaluation.measures import CDC_DISTANCES
from photochrom.evaluation.metrics.video import Flow, colour_histograms, divergence
from photochrom.evaluation.photos import Source
from photochrom.evaluation.result import PictureFacts
from photochrom.evaluation.saved_pictures import SavedPictures

Rgb = NDArray[np.uint8]
Frame = Callable[[str, int], Rgb]  # of a model, or of the film itself


def film_records(
    examiner: Examiner,
    pictures: SavedPictures,
    sources: Sequence[Source],
    photos: Sequence[PictureFacts],
) -> dict[str, list[Record]]:
    """CDC and warped error of every frame against those before it, by model, `TRUTH` among them.

    The first frames of a film, which have none so far before them, have no value. Raises
    `SetupError` without OpenCV.
    """
    names = [TRUTH, *(model.name for model in examiner.models)]
    records: dict[str, list[Record]] = {name: [] for name in names}
    film = _Film(examiner, pictures, names)
    for first, stop in _films(sources, photos):
        for i in range(first, stop):
            key = _key(examiner, sources, photos, range(max(first, i - max(CDC_DISTANCES)), i + 1))
            found = {name: examiner.cache.scores(key_of(key, name)) for name in names}
            if not all(found.values()):
                found = film.compare(i, first)
                for name, record in found.items():
                    examiner.cache.keep_scores(key_of(key, name), record)
            for name in names:
                records[name].append(dict(found[name]))
    return records


class _Film:
    """The last frames' histograms and pictures, so that each frame is read once."""

    def __init__(self, examiner: Examiner, pictures: SavedPictures, names: Sequence[str]) -> None:
        self._clock = examiner.clock
        self._pictures = pictures
        self._names = names
        self._histograms: dict[tuple[str, int], NDArray[np.float64]] = {}
        self._frames: dict[tuple[str, int], Rgb] = {}

    def compare(self, i: int, first: int) -> dict[str, Record]:
        """Frame `i` of the film that begins at `first`, by model."""
        with self._clock("comparing"):
            flow = Flow(self._frame(TRUTH, i - 1), self._frame(TRUTH, i)) if i > first else None
            records = {name: self._record(name, i, first, flow) for name in self._names}
        self._forget(i)
        return records

    def _record(self, name: str, i: int, first: int, flow: Flow | None) -> Record:
        record: Record = {}
        for distance in CDC_DISTANCES:
            before = i - distance
            record[f"cdc_{distance}"] = (
                divergence(self._histogram(name, before), self._histogram(name, i))
                if before >= first
                else None
            )
        error = None if flow is None else flow.error(self._frame(name, i - 1), self._frame(name, i))
        record["warp_error"] = None if error is None or np.isnan(error) else error
        return record

    def _frame(self, name: str, i: int) -> Rgb:
        if (name, i) not in self._frames:
            self._frames[name, i] = (
                self._pictures.truth(i) if name == TRUTH else self._pictures.painted(name, i)
            )
        return self._frames[name, i]

    def _histogram(self, name: str, i: int) -> NDArray[np.float64]:
        if (name, i) not in self._histograms:
            self._histograms[name, i] = colour_histograms(self._frame(name, i))
        return self._histograms[name, i]

    def _forget(self, i: int) -> None:
        """Drop what the next frame does not need."""
        for frame in [key for key in self._frames if key[1] < i]:
            del self._frames[frame]
        for histogram in [key for key in self._histograms if key[1] <= i - max(CDC_DISTANCES)]:
            del self._histograms[histogram]


def _films(sources: Sequence[Source], photos: Sequence[PictureFacts]) -> Iterator[tuple[int, int]]:
    """First frame and the one behind the last: neighbours of one folder and one size."""
    first = 0
    places = [
        (source.photo.container, PurePosixPath(source.photo.name).parent, facts.height, facts.width)
        for source, facts in zip(sources, photos, strict=True)
    ]
    for i in range(1, len(places) + 1):
        if i == len(places) or places[i] != places[first]:
            yield first, i
            first = i


def _key(
    examiner: Examiner, sources: Sequence[Source], photos: Sequence[PictureFacts], frames: range
) -> str:
    """What the scores of the last of these frames depend on."""
    settings = examiner.settings
    parts: list[str] = [str(settings.size_px), settings.given]
    for i in frames:
        parts.append(photos[i].sha256)
        parts += [model.key(sources[i].partner_name) for model in examiner.models]
    return key_of("film", *parts)
