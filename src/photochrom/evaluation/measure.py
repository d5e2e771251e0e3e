"""One photo measured: every model's picture of it, compared with the photo by every metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from photochrom.color.tone import has_real_colour
from photochrom.errors import PhotochromError
from photochrom.evaluation.cache import Cache, key_of
from photochrom.evaluation.clock import Clock
from photochrom.evaluation.compare import Comparer, Record, plain
from photochrom.evaluation.left_out import LeftOut, failed, of_model
from photochrom.evaluation.metrics.colourfulness import colourfulness
from photochrom.evaluation.metrics.extractors import Extractors
from photochrom.evaluation.models import Model
from photochrom.evaluation.photos import Source, open_source
from photochrom.evaluation.planes import Planes
from photochrom.evaluation.result import PictureFacts, Skipped
from photochrom.evaluation.settings import Settings
from photochrom.evaluation.subject import Subject

Rgb = NDArray[np.uint8]
Vector = NDArray[np.float32]
PIXELS_TOGETHER = 1 << 22  # of the models' pictures of a photo: bounds the memory
TRUTH = ""  # in place of a model's name: the photo itself


@dataclass(frozen=True, eq=False)
class Measured:
    """A photo's scores by model, `TRUTH` among them, and features by model and kind."""

    source: Source
    facts: PictureFacts
    records: Mapping[str, Record]
    features: Mapping[tuple[str, str], Vector]


class Examiner:
    """Measures photos, from several threads; what a cache holds is not measured again."""

    def __init__(
        self,
        models: Sequence[Model],
        settings: Settings,
        wanted: Sequence[str],
        cache: Cache,
        *,
        extractors: Extractors | None = None,
    ) -> None:
        """`wanted` are metrics of single photos, `extractors` are for Fréchet distances."""
        self.models = models
        self.settings = settings
        self.wanted = list(wanted)
        self.cache = cache
        self.clock = Clock()
        self._comparer = Comparer(wanted, self.clock)
        self._extractors = extractors or {}

    def measure(self, source: Source) -> Measured:
        """The photo's scores. Raises `LeftOut` where it is not measured, with the reason."""
        try:
            with self.clock("reading"):
                subject = Subject(open_source(source), self.settings)
            facts, truth = self._truth(subject)
            if self.settings.skip_grey and facts.is_grey:
                raise LeftOut(Skipped(source.name, "it has no colour to measure", failed=False))
            keys = {}
            for model in self.models:
                with of_model(source, model):
                    keys[model.name] = model.key(source.partner_name)
            records = {TRUTH: truth} | self._records(subject, keys)
            return Measured(source, facts, records, self._features(subject, keys))
        except PhotochromError as error:
            raise LeftOut(failed(source, error)) from error

    def painted(self, subject: Subject, model: Model, key: str) -> Rgb:
        """The model's picture, from the cache where that has it."""
        if model.name in subject.painted:
            return subject.painted[model.name]
        kept = self._key("picture", subject, key)
        rgb = None if model.kind == "baseline" else self.cache.picture(kept)
        if rgb is None:
            rgb = self._comparer.paint(subject, model, subject.given)
            if model.kind in ("onnx", "checkpoint"):
                self.cache.keep_picture(kept, rgb)
        if self._extractors:  # which want it soon
            subject.painted[model.name] = rgb
        return rgb

    def _truth(self, subject: Subject) -> tuple[PictureFacts, Record]:
        """What the photo itself is."""
        key = self._key("truth", subject, "")
        record = self.cache.scores(key)
        if "is_grey" not in record:
            with self.clock("reading"):
                height, width = subject.photo.rgb.shape[:2]
                is_grey = not has_real_colour(subject.photo.rgb)
            [colour] = plain(colourfulness(subject.truth))
            record = {"height": height, "width": width, "is_grey": is_grey, "colourfulness": colour}
            self.cache.keep_scores(key, record)
        facts = PictureFacts(
            subject.opened.source.name,
            int(record["height"] or 0),
            int(record["width"] or 0),
            subject.opened.sha256,
            bool(record["is_grey"]),
        )
        return facts, {"colourfulness": record["colourfulness"]}

    def _records(self, subject: Subject, keys: Mapping[str, str]) -> dict[str, Record]:
        """The models' scores: those that are kept, and the others measured now."""
        records, missing = {}, {}
        for name, key in keys.items():
            record = self.cache.scores(self._key("scores", subject, key))
            records[name] = record
            missing[name] = [metric for metric in self.wanted if metric not in record]
        models = [model for model in self.models if missing[model.name]]
        if models:
            together = max(1, PIXELS_TOGETHER // (subject.truth.height * subject.truth.width))
            for first in range(0, len(models), together):
                self._measure(subject, models[first : first + together], keys, records, missing)
        return records

    def _measure(
        self,
        subject: Subject,
        models: Sequence[Model],
        keys: Mapping[str, str],
        records: Mapping[str, Record],
        missing: Mapping[str, Sequence[str]],
    ) -> None:
        """Measure some models' pictures together."""
        names = [name for name in self.wanted if any(name in missing[m.name] for m in models)]
        painted = Planes([self.painted(subject, model, keys[model.name]) for model in models])
        compared = self._comparer.compare(painted, subject.truth, names)
        films = self._comparer.film(subject, models, names)
        for model, comparison, film in zip(models, compared, films, strict=True):
            record = records[model.name]
            record |= comparison | film | self._comparer.hints(subject, model, names)
            self.cache.keep_scores(self._key("scores", subject, keys[model.name]), record)

    def _features(self, subject: Subject, keys: Mapping[str, str]) -> dict[tuple[str, str], Vector]:
        """The photo's and the models' features for Fréchet distances."""
        found: dict[tuple[str, str], Vector] = {}
        for kind, (identity, extractor) in self._extractors.items():
            for model in (None, *self.models):
                name = TRUTH if model is None else model.name
                key = self._key("features", subject, keys.get(name, ""), kind, identity)
                vector = self.cache.features(key)
                if vector is None:
                    rgb = (
                        subject.photo.rgb
                        if model is None
                        else self.painted(subject, model, keys[name])
                    )
                    with self.clock("networks"), torch.inference_mode():
                        vector = extractor(Planes([rgb]).levels / 255)[0].numpy()
                    self.cache.keep_features(key, vector)
                found[name, kind] = vector
        return found

    def _key(self, what: str, subject: Subject, model_key: str, *more: str) -> str:
        return key_of(what, *subject.key, model_key, *more)
