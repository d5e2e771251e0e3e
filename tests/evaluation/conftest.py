"""Photos to measure on, models to measure, and a model that takes hints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.evaluation.cache import Cache
from photochrom.evaluation.models import open_models
from photochrom.evaluation.result import Evaluation
from photochrom.evaluation.score import Finished, evaluate
from photochrom.evaluation.settings import Settings

FAST = ("psnr", "delta_e", "colourfulness")  # need no network


def chart(seed: int, height: int = 48, width: int = 64) -> np.ndarray:
    """A smooth picture of many colours, another one for every seed."""
    patches = np.random.default_rng(seed).integers(0, 256, (4, 5, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(patches).resize((width, height), Image.Resampling.BICUBIC))


@pytest.fixture
def colour_folder(tmp_path: Path) -> Path:
    """Six colour photos in a folder with a subfolder."""
    folder = tmp_path / "photos"
    (folder / "sub").mkdir(parents=True)
    for seed in range(6):
        name = f"sub/{seed}.png" if seed > 3 else f"{seed}.png"
        Image.fromarray(chart(seed)).save(folder / name)
    return folder


@pytest.fixture
def run_evaluation() -> Iterator[Callable[..., Finished]]:
    """Evaluate models by name on a folder, fast metrics only unless told otherwise.

    The cache of a run stays open for its pictures until the next one.
    """
    with ExitStack() as opened_caches:

        def run(
            models: list[str], *data: Path, cache: Path | None = None, threads: int = 2, **settings
        ) -> Finished:
            opened_caches.close()
            opened, skipped = open_models(models, threads=1, device="cpu")
            settings.setdefault("metrics", FAST)
            return evaluate(
                opened,
                [str(path) for path in data],
                Settings(**settings),
                cache=opened_caches.enter_context(Cache(cache)),
                threads=threads,
                skipped=skipped,
            )

        yield run


def same_scores(first: Evaluation, second: Evaluation) -> bool:
    """Whether two evaluations found the same, bit for bit."""
    return all(
        np.array_equal(values, second.scores[model][metric], equal_nan=True)
        for model, scores in first.scores.items()
        for metric, values in scores.items()
    )


@pytest.fixture
def hint_model(tmp_path: Path) -> Path:
    """An ONNX file that paints the hints that it gets, and grey elsewhere."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    sizes = ["B", 1, "H", "W"], ["B", 3, "H", "W"], ["B", 2, "H", "W"]
    names = ("lightness", "hints", "ab")
    infos = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, size)
        for name, size in zip(names, sizes, strict=True)
    ]
    bounds = [
        numpy_helper.from_array(np.array([value], np.int64), name)
        for name, value in (("first", 0), ("behind", 2), ("axis", 1))
    ]
    no_hints = numpy_helper.from_array(np.zeros((1, 3, 1, 1), np.float32), "hints")
    nodes = [
        helper.make_node("Slice", ["hints", "first", "behind", "axis"], ["painted"]),
        helper.make_node("Mul", ["lightness", "none"], ["nothing"]),
        helper.make_node("Add", ["painted", "nothing"], ["ab"]),
    ]
    zero = numpy_helper.from_array(np.array([0], np.float32), "none")
    graph = helper.make_graph(
        nodes, "hinted", infos[:2], infos[2:], initializer=[*bounds, zero, no_hints]
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    facts = {"photochrom.format": "1", "paints": "ab", "name": "hinted", "short_side_px": "64"}
    for key, value in facts.items():
        model.metadata_props.add(key=key, value=value)
    path = tmp_path / "hinted.onnx"
    onnx.save(model, path)
    return path
