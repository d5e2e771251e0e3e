"""An evaluation that nobody measured: drawn pictures and drawn numbers, to try reports on.

Every number follows from the seed, so that tests can say what a page must show.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from photochrom.evaluation.intervals import mean_intervals
from photochrom.evaluation.result import (
    Difference,
    Evaluation,
    Interval,
    MeasuringProtocol,
    MetricFacts,
    ModelFacts,
    PictureFacts,
    Skipped,
)

MODELS = ("ours", "a <b>other</b> & more", "grey")
METRICS = (
    MetricFacts("psnr", "PSNR", "reference", "higher", 2, "dB of 8-bit sRGB."),
    MetricFacts("delta_e", "ΔE2000", "reference", "lower", 3, "Sharma et al. 2005, mean."),
    MetricFacts("colourfulness", "colourfulness", "distribution", "none", 2, "Hasler 2003."),
    MetricFacts("fmd", "FMD", "distribution", "lower", 3, "Fréchet.", per_picture=False),
    MetricFacts("saturation_ratio", "saturation", "colour", "closest", 3, "A ratio.", target=1.0),
    *(
        MetricFacts(f"hints_{count}_psnr", f"PSNR, {count} hints", "hints", "higher", 2, "dB.")
        for count in (0, 1, 10)
    ),
)
SIZES = ((96, 144), (128, 96), (90, 160), (120, 120))  # (height, width) of pictures in turn


class DrawnPictures:
    """Colourful pictures by number; a model's have less of the colour, `grey`'s none."""

    def __init__(self, times: int = 1) -> None:
        self.times = times  # larger than `SIZES`
        self.asked = 0

    def truth(self, i: int) -> NDArray[np.uint8]:
        """Two colours that blend into each other, a block, and some grain."""
        self.asked += 1
        height, width = (side * self.times for side in SIZES[i % len(SIZES)])
        rng = np.random.default_rng(i)
        one, other, block = rng.uniform(20, 235, (3, 3))
        blend = np.linspace(0, 1, width)[None, :, None] * np.ones((height, 1, 1))
        rgb = one * (1 - blend) + other * blend
        rgb[height // 3 : 2 * height // 3, width // 4 : width // 2] = block
        rgb += rng.normal(0, 8, (height, width, 1))
        return np.clip(rgb, 0, 255).astype(np.uint8)

    def grey(self, i: int) -> NDArray[np.uint8]:
        """The mean of the channels."""
        grey: NDArray[np.uint8] = self.truth(i).mean(axis=2).astype(np.uint8)
        return grey

    def painted(self, model: str, i: int) -> NDArray[np.uint8]:
        """The truth with the model's share of colour."""
        share = 0.8 / (1 + MODELS.index(model)) * (model != "grey")
        grey = self.grey(i)[..., None].astype(float)
        return (grey + share * (self.truth(i) - grey)).clip(0, 255).astype(np.uint8)


def example(count: int) -> Evaluation:
    """An evaluation of `MODELS` on `count` pictures; picture 1 has no saturation ratio."""
    rng = np.random.default_rng(7)
    hard = rng.gamma(6, 1.2, count)
    scores = {}
    for place, model in enumerate(MODELS):
        columns = {
            "psnr": 34 - hard - place + rng.normal(0, 0.6, count),
            "delta_e": hard + 1.1 * place + rng.normal(0, 0.8, count).clip(-2, 2) + 3,
            "colourfulness": rng.gamma(9, 3.5, count) / (1 + place) * (model != "grey"),
            "saturation_ratio": rng.normal(0.8 - 0.3 * place, 0.1, count),
        }
        if place == 0:
            columns |= {f"hints_{n}_psnr": 30 - hard + np.log1p(n) for n in (0, 1, 10)}
        columns["saturation_ratio"][1:2] = np.nan
        scores[model] = columns
    truth = {"colourfulness": rng.gamma(9, 4.5, count)}
    summaries = {model: _summaries(columns) for model, columns in scores.items()}
    for place, model in enumerate(MODELS):
        summaries[model]["fmd"] = Interval(20.0 + 9 * place, 18.0 + 9 * place, 23.0 + 9 * place)
    return Evaluation(
        protocol=MeasuringProtocol({"Size": "as they are", "Resampling": "none < needed"}),
        metrics=METRICS,
        models=tuple(
            ModelFacts(model, "baseline" if model == "grey" else "onnx", "ab" * 32, model)
            for model in MODELS
        ),
        pictures=tuple(_picture(i) for i in range(count)),
        scores=scores,
        truth=truth,
        summaries=summaries,
        truth_summaries=_summaries(truth),
        differences=_differences(scores),
        skipped=(
            Skipped("broken.jpg", "the file ends after 12 bytes"),
            Skipped("old.jpg", "it has no colour to measure", failed=False),
        ),
    )


def _picture(i: int) -> PictureFacts:
    height, width = SIZES[i % len(SIZES)]
    name = "</script><b>bold.png" if i == 0 else f"folder/photo-{i:04}.png"
    return PictureFacts(name, height, width, f"{i:064x}", is_grey=i == 2)


def _summaries(columns: dict[str, NDArray[np.float64]]) -> dict[str, Interval]:
    found = mean_intervals(np.stack(list(columns.values()), axis=1))
    return dict(zip(columns, found, strict=True))


def _differences(scores: dict[str, dict[str, NDArray[np.float64]]]) -> tuple[Difference, ...]:
    """Every pair by every metric, as an evaluation holds them."""
    found = []
    for metric in METRICS:
        for first, second in combinations(MODELS, 2):
            if metric.name in scores[first] and metric.name in scores[second]:
                pair = [scores[model][metric.name] for model in (first, second)]
                if metric.target is not None:
                    pair = [np.abs(values - metric.target) for values in pair]
                [interval] = mean_intervals((pair[0] - pair[1])[:, None])
                found.append(Difference(metric.name, first, second, interval))
    return tuple(found)
