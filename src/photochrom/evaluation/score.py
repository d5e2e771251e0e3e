"""An evaluation from end to end: photos one after the other, then means, intervals, protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from photochrom.errors import InputError, SetupError
from photochrom.evaluation.cache import Cache
from photochrom.evaluation.folder import ColouredFolder
from photochrom.evaluation.left_out import LeftOut
from photochrom.evaluation.measure import TRUTH, Examiner, Measured
from photochrom.evaluation.measures import FRECHET, METRICS, choose_metrics
from photochrom.evaluation.metrics.extractors import open_extractors
from photochrom.evaluation.models import CPU, Model, Trained, facts_of
from photochrom.evaluation.photos import Source, find_sources
from photochrom.evaluation.protocol import protocol_of
from photochrom.evaluation.result import Evaluation, Pictures, Skipped
from photochrom.evaluation.saved_pictures import SavedPictures
from photochrom.evaluation.settings import Settings
from photochrom.evaluation.steadiness import film_records
from photochrom.evaluation.summary import (
    differences,
    differences_of_sets,
    means,
    measured,
    set_values,
)
from photochrom.evaluation.tally import Tally
from photochrom.heap import TRIM_EVERY, trim_heap
from photochrom.pipeline import in_order
from photochrom.resources import cores

Progress = Callable[[int, int], None]  # photos done, of how many


@dataclass(frozen=True)
class Finished:
    """An evaluation, and its pictures for a report."""

    evaluation: Evaluation
    pictures: Pictures


def evaluate(
    models: Sequence[Model],
    data: Sequence[str],
    settings: Settings,
    *,
    cache: Cache,
    threads: int | None = None,
    skipped: Sequence[Skipped] = (),
    on_progress: Progress = lambda _done, _of: None,
) -> Finished:
    """Measure the models on the colour photos in `data`: folders, zips, tar shards.

    A photo that cannot be measured for every model is left out for all, and listed in the result's
    `skipped` behind those given here. Memory does not grow with the number of photos, but for the
    scores themselves. Raises `InputError` where no photo is left.
    """
    wanted = choose_metrics(
        settings.metrics, inception=settings.inception is not None, video=settings.video
    )
    sources = find_sources(data, settings.limit, in_order=settings.video)
    extractors, unopened = open_extractors(settings, wanted)
    wanted = [name for name in wanted if name not in FRECHET or name in extractors]
    if not wanted:
        raise unopened[0]
    without = [Skipped("FID", str(error), exit_code=error.exit_code) for error in unopened]
    models, strangers = acquainted(models, sources)
    tally = Tally(models, [*skipped, *without, *strangers])
    with one_torch_thread():
        examiner = Examiner(models, settings, _of_photos(wanted), cache, extractors=extractors)
        outcomes = _outcomes(examiner, sources, threads or cores())
        for done, outcome in enumerate(outcomes, 1):
            tally.add(outcome)
            on_progress(done, len(sources))
            if done % TRIM_EVERY == 0:
                trim_heap()
        tally.require_photos(data)
        pictures = SavedPictures(examiner, tally.sources)
        if settings.video:
            films = film_records(examiner, pictures, tally.sources, tally.facts)
            tally.add_records(films)
    return Finished(_evaluation(examiner, tally, wanted), pictures)


def acquainted(
    models: Sequence[Model], sources: Sequence[Source]
) -> tuple[list[Model], list[Skipped]]:
    """The models that can have a picture of a photo, and the others.

    Raises `InputError` where there are only others.
    """
    known: list[Model] = []
    errors: list[tuple[Model, InputError]] = []
    for model in models:
        try:
            if isinstance(model, ColouredFolder):
                model.require_any_of([source.partner_name for source in sources])
        except InputError as error:
            errors.append((model, error))
        else:
            known.append(model)
    if not known:
        raise errors[0][1]
    return known, [
        Skipped(model.source, str(error), model=model.source, exit_code=error.exit_code)
        for model, error in errors
    ]


@contextmanager
def one_torch_thread() -> Iterator[None]:
    """Let torch work on one thread: photos side by side keep the cores busier than its own."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _outcomes(
    examiner: Examiner, sources: Sequence[Source], workers: int
) -> Iterator[Measured | Skipped]:
    """What was measured of each photo, in order, a few at a time."""

    def attempt(source: Source) -> Measured | Skipped:
        try:
            return examiner.measure(source)
        except LeftOut as left_out:
            return left_out.skipped
        except MemoryError:
            error = SetupError("it needs more memory than this machine has free")
            return Skipped(source.name, str(error), exit_code=error.exit_code)

    yield from in_order(attempt, sources, workers=workers)


def _of_photos(wanted: Sequence[str]) -> list[str]:
    """What is measured of every photo by itself, so that all that is wanted can be told."""
    needed = {
        name for name in wanted if METRICS[name].per_picture and METRICS[name].group != "video"
    }
    if any(name.startswith("colourfulness") for name in wanted):
        needed |= {"colourfulness", "colourfulness_difference"}
    return [name for name in METRICS if name in needed]


def _evaluation(examiner: Examiner, tally: Tally, wanted: Sequence[str]) -> Evaluation:
    singles = [name for name in METRICS if name in wanted and METRICS[name].per_picture]
    inner = [*singles, *_inner(wanted, singles)]
    columns = {model.name: tally.columns(model.name, inner) for model in examiner.models}
    of_truth = [name for name in inner if name == "colourfulness" or METRICS[name].group == "video"]
    truth = tally.columns(TRUTH, of_truth)
    metrics = measured(wanted, columns, asked=bool(examiner.settings.metrics))
    shown = [facts.name for facts in metrics if facts.per_picture]
    frechet = [name for name in wanted if name in FRECHET]
    summaries = {
        name: means({metric: own[metric] for metric in shown})
        | set_values(wanted, own, truth, {kind: tally.frechet(name, kind) for kind in frechet})
        for name, own in columns.items()
    }
    scores = {name: {metric: own[metric] for metric in shown} for name, own in columns.items()}
    return Evaluation(
        protocol=protocol_of(
            examiner.settings, tally.facts, shown + frechet, _devices(examiner.models)
        ),
        metrics=tuple(metrics),
        models=tuple(facts_of(model) for model in examiner.models),
        pictures=tuple(tally.facts),
        scores=scores,
        truth={name: values for name, values in truth.items() if name in shown},
        summaries=summaries,
        truth_summaries=means(truth) | set_values(wanted, truth, None, {}),
        differences=(
            *differences(scores, metrics),
            *differences_of_sets(wanted, columns, truth),
        ),
        skipped=tuple(tally.skipped),
        seconds={work: round(spent, 3) for work, spent in examiner.clock.seconds.items()},
    )


def _devices(models: Sequence[Model]) -> dict[str, str]:
    """Where models painted that did not on the CPU."""
    return {
        model.name: model.device
        for model in models
        if isinstance(model, Trained) and model.device != CPU
    }


def _inner(wanted: Sequence[str], singles: Sequence[str]) -> list[str]:
    """Metrics of single photos that a set's wanted value is made of."""
    needed = []
    if "colourfulness_of_means" in wanted:
        needed.append("colourfulness")
    if "cdc" in wanted:
        needed += [name for name in METRICS if name.startswith("cdc_")]
    return [name for name in needed if name not in singles]
