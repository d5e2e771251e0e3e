"""What an evaluation found: every score of every picture, the means, and how it was measured."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from photochrom.errors import InputError

FORMAT = 1  # of the JSON
Better = Literal["higher", "lower", "closest", "none"]
Scores = Mapping[str, NDArray[np.float64]]  # a metric's name → one value a picture, NaN: n/a


@dataclass(frozen=True)
class MetricFacts:
    """One measure: its name in JSON, its title for people, and which way is better.

    `better` is "closest" where `target` is the best value (a ratio's is 1), "none" where the value
    only describes, such as a picture's colourfulness. `per_picture` is False for what only a whole
    set has, such as a Fréchet distance.
    """

    name: str
    title: str
    group: str  # "reference", "distribution", "colour", "film", "hints" or "video"
    better: Better
    digits: int
    meaning: str  # a sentence: definition, unit, source
    target: float | None = None
    per_picture: bool = True


@dataclass(frozen=True)
class Interval:
    """A mean (or a set's one value) and its 95 % bootstrap interval over `count` pictures.

    `low` and `high` are NaN where there is none, `value` too where nothing could be measured.
    """

    value: float
    low: float = math.nan
    high: float = math.nan
    count: int = 0


@dataclass(frozen=True)
class Difference:
    """The mean of first − second, picture by picture; they differ where it excludes zero.

    For a metric whose better is "closest" the distances to its target are compared.
    """

    metric: str
    first: str
    second: str
    interval: Interval

    @property
    def differs(self) -> bool:
        """True where the paired interval excludes zero."""
        return self.interval.low > 0 or self.interval.high < 0


@dataclass(frozen=True)
class ModelFacts:
    """A model that was measured; `name` is unique in its evaluation."""

    name: str
    kind: str  # "baseline", "onnx", "checkpoint" or "folder"
    sha256: str
    source: str  # what was given on the command line


@dataclass(frozen=True)
class PictureFacts:
    """A photo that was measured, at the size (height, width) [px] that it was measured at."""

    name: str
    height: int
    width: int
    sha256: str
    is_grey: bool = False  # it has no colour that could be missed


@dataclass(frozen=True)
class Skipped:
    """A photo that was left out or failed, and why; `model` names whose picture it was."""

    name: str
    reason: str
    model: str | None = None
    failed: bool = True  # False where it was left out on request
    exit_code: int = 2


@dataclass(frozen=True)
class MeasuringProtocol:
    """How everything was measured: titles and words, in the order in which they are printed."""

    facts: Mapping[str, str]

    def lines(self) -> list[str]:
        """One `title: words` a line."""
        return [f"{title}: {words}" for title, words in self.facts.items()]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Scores of models on pictures. Arrays are in the order of `pictures`; NaN is n/a.

    `scores[model][metric]` and `truth[metric]` (N,) hold what every picture got, the latter of the
    photos' own colours where a metric has a value for them; `summaries[model][metric]` and
    `truth_summaries[metric]` the means with intervals, and the values that only whole sets have.
    """

    protocol: MeasuringProtocol
    metrics: tuple[MetricFacts, ...]
    models: tuple[ModelFacts, ...]
    pictures: tuple[PictureFacts, ...]
    scores: Mapping[str, Scores]
    truth: Scores
    summaries: Mapping[str, Mapping[str, Interval]]
    truth_summaries: Mapping[str, Interval]
    differences: tuple[Difference, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)  # where the time went

    def metric(self, name: str) -> MetricFacts:
        """The facts of a metric; `KeyError` where it was not measured."""
        return {facts.name: facts for facts in self.metrics}[name]

    def difference(self, metric: str, first: str, second: str) -> Difference | None:
        """The paired difference of two models, either way round; None where there is none."""
        for found in self.differences:
            if (found.metric, found.first, found.second) == (metric, first, second):
                return found
            if (found.metric, found.first, found.second) == (metric, second, first):
                old = found.interval
                turned = Interval(-old.value, -old.high, -old.low, old.count)
                return Difference(metric, first, second, turned)
        return None

    def as_json(self) -> dict[str, Any]:
        """Everything, in plain values; what is n/a is null."""
        return {
            "format": FORMAT,
            "protocol": dict(self.protocol.facts),
            "metrics": [asdict(facts) for facts in self.metrics],
            "models": [asdict(facts) for facts in self.models],
            "pictures": [asdict(facts) for facts in self.pictures],
            "scores": {model: _lists(scores) for model, scores in self.scores.items()},
            "truth": _lists(self.truth),
            "summaries": {
                model: {name: _plain(asdict(interval)) for name, interval in intervals.items()}
                for model, intervals in self.summaries.items()
            },
            "truth_summaries": {
                name: _plain(asdict(interval)) for name, interval in self.truth_summaries.items()
            },
            "differences": [_difference_as_json(found) for found in self.differences],
            "skipped": [asdict(skipped) for skipped in self.skipped],
            "seconds": dict(self.seconds),
        }


class Pictures(Protocol):
    """The pictures behind an evaluation, `i` in the order of `Evaluation.pictures`, at its size.

    Any may be asked for in any order; at most a few are held.
    """

    def truth(self, i: int) -> NDArray[np.uint8]:
        """The photo rgb (H, W, 3)."""

    def grey(self, i: int) -> NDArray[np.uint8]:
        """What the models were given, grey (H, W)."""

    def painted(self, model: str, i: int) -> NDArray[np.uint8]:
        """A model's picture rgb (H, W, 3)."""


def read_evaluation(text: str) -> Evaluation:
    """The evaluation that `photochrom evaluate --json` printed.

    Raises `InputError` where `text` is something else.
    """
    try:
        stored = json.loads(text)
        if stored["format"] != FORMAT:
            raise InputError(
                f"this evaluation has format {stored['format']}, and this version reads {FORMAT}: "
                "measure again"
            )
        return Evaluation(
            protocol=MeasuringProtocol(stored["protocol"]),
            metrics=tuple(MetricFacts(**facts) for facts in stored["metrics"]),
            models=tuple(ModelFacts(**facts) for facts in stored["models"]),
            pictures=tuple(PictureFacts(**facts) for facts in stored["pictures"]),
            scores={model: _arrays(scores) for model, scores in stored["scores"].items()},
            truth=_arrays(stored["truth"]),
            summaries={
                model: _intervals(intervals) for model, intervals in stored["summaries"].items()
            },
            truth_summaries=_intervals(stored["truth_summaries"]),
            differences=tuple(_difference(found) for found in stored["differences"]),
            skipped=tuple(Skipped(**skipped) for skipped in stored["skipped"]),
            seconds=stored["seconds"],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"this is no evaluation ({error}): give what `photochrom evaluate --json` prints"
        ) from error


def _lists(scores: Scores) -> dict[str, list[float | None]]:
    return {name: [_number(value) for value in values] for name, values in scores.items()}


def _arrays(stored: Mapping[str, Sequence[float | None]]) -> Scores:
    return {name: np.array(values, np.float64) for name, values in stored.items()}


def _number(value: float) -> float | None:
    """JSON has no NaN."""
    return float(value) if math.isfinite(value) else None


def _plain(interval: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _number(value) if key != "count" else value for key, value in interval.items()}


def _interval(stored: Mapping[str, Any]) -> Interval:
    value, low, high = (
        math.nan if stored[key] is None else float(stored[key]) for key in ("value", "low", "high")
    )
    return Interval(value, low, high, int(stored["count"]))


def _intervals(stored: Mapping[str, Mapping[str, Any]]) -> dict[str, Interval]:
    return {name: _interval(interval) for name, interval in stored.items()}


def _difference_as_json(found: Difference) -> dict[str, Any]:
    plain = _plain(asdict(found.interval))
    names = {"metric": found.metric, "first": found.first, "second": found.second}
    return {**names, "interval": plain, "differs": found.differs}


def _difference(stored: Mapping[str, Any]) -> Difference:
    names = (stored["metric"], stored["first"], stored["second"])
    return Difference(*names, _interval(stored["interval"]))
