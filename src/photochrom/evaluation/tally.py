"""What photos were found to be, gathered one after the other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from photochrom.evaluation.compare import Record
from photochrom.evaluation.left_out import error_of
from photochrom.evaluation.measure import TRUTH, Measured
from photochrom.evaluation.metrics.frechet import FeatureSums, frechet_distance
from photochrom.evaluation.models import Model
from photochrom.evaluation.photos import Source
from photochrom.evaluation.result import PictureFacts, Skipped

Columns = dict[str, NDArray[np.float64]]  # a metric's name → one value a photo


class Tally:
    """Facts, scores and sums of features of the photos that were measured, and the others."""

    def __init__(self, models: Sequence[Model], skipped: Iterable[Skipped]) -> None:
        self.names = [TRUTH, *(model.name for model in models)]
        self.sources: list[Source] = []
        self.facts: list[PictureFacts] = []
        self.skipped = list(skipped)
        self._before = len(self.skipped)  # these are no photos
        self._records: dict[str, list[Record]] = {name: [] for name in self.names}
        self._features: dict[tuple[str, str], FeatureSums] = {}

    def add(self, outcome: Measured | Skipped) -> None:
        """Take in one photo."""
        if isinstance(outcome, Skipped):
            self.skipped.append(outcome)
            return
        self.sources.append(outcome.source)
        self.facts.append(outcome.facts)
        for name in self.names:
            self._records[name].append(outcome.records[name])
        for whose, vector in outcome.features.items():
            self._features.setdefault(whose, FeatureSums(len(vector))).add(vector)

    def add_records(self, records: Mapping[str, Sequence[Record]]) -> None:
        """Take in further scores of every photo, by model."""
        for name, others in records.items():
            for record, more in zip(self._records[name], others, strict=True):
                record |= more

    def require_photos(self, data: Sequence[str]) -> None:
        """Raise the first photo's error where none was measured."""
        if self.facts:
            return
        of_photos = self.skipped[self._before :]
        first = next((skipped for skipped in of_photos if skipped.failed), of_photos[0])
        raise error_of(
            first,
            f"none of the photos in {', '.join(data)} could be measured. The first, {first.name}: "
            f"{first.reason}",
        )

    def columns(self, model: str, metrics: Iterable[str]) -> Columns:
        """The scores of a model, or of the photos themselves, NaN where a photo has none."""
        return {
            name: np.array([_number(record.get(name)) for record in self._records[model]])
            for name in metrics
        }

    def frechet(self, model: str, kind: str) -> float:
        """A model's Fréchet distance to the photos; NaN for fewer than two."""
        if len(self.facts) < 2:
            return math.nan
        moments = self._features[model, kind].moments()
        return frechet_distance(*moments, *self._features[TRUTH, kind].moments())


def _number(value: float | None) -> float:
    return math.nan if value is None else value
