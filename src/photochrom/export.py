"""From a checkpoint to one ONNX file: any generator, any head, everything scaled inside.

The file runs anywhere ONNX Runtime does, was compared with torch before it was written, and
carries its facts in its own metadata.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from photochrom.errors import InputError, WeightsError
from photochrom.generators.heads import BinsHead
from photochrom.generators.hint_planes import with_hints_scaled
from photochrom.generators.painter import Painter
from photochrom.generators.registry import options_of
from photochrom.media.atomic import write_atomic
from photochrom.models.look import Look, curve_text
from photochrom.models.network import MARK
from photochrom.onnx_graph import difference, store_as_float16, to_onnx
from photochrom.training.checkpoint import Checkpoint, load_checkpoint
from photochrom.training.networks import painter_of
from photochrom.training.recipe import Recipe

FORMAT = "1"
PARITY = 1e-3  # of the largest value, between torch and the graph
ROUNDING = 2e-2  # of the largest value, that weights as float16 may cost at the worst pixel
SIZE_STEP_PX = 16
BEST_FIRST = ("best.safetensors", "last.safetensors")  # in a run's folder


@dataclass(frozen=True)
class Facts:
    """What the makers say of a model; `scores` maps a measure's name to its value in words."""

    name: str
    version: str
    licence: str
    trained_on: str
    scores: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Origin:
    """A checkpoint, the SHA-256 of its file, and where that lies."""

    checkpoint: Checkpoint
    sha256: str
    path: Path


@dataclass(frozen=True)
class Exported:
    """A trained model as a file, not written yet, and what it was made of."""

    onnx: bytes
    painter: Painter
    origin: Origin
    facts: Facts
    look: Look


def export(
    checkpoint_path: Path,
    onnx_path: Path,
    *,
    facts: Facts,
    look: Look | None = None,
    float16: bool = True,
) -> None:
    """Write the checkpoint's averaged network to `onnx_path`, checked against torch.

    The two steps of it are `open_origin` with `export_model`, and `write_model`, which say the
    rest. Without a `look` it is `usual_look`.
    """
    origin = open_origin(checkpoint_path)
    look = look or usual_look(origin.checkpoint)
    write_model(onnx_path, export_model(origin, facts, look, float16=float16))


def open_origin(path: Path) -> Origin:
    """The checkpoint at `path`, or the best one of the run in that folder, else its last.

    Raises `WeightsError` where there is none.
    """
    if path.is_dir():
        found = [path / name for name in BEST_FIRST if (path / name).is_file()]
        if not found:
            raise WeightsError(
                f"The folder {path} holds neither {' nor '.join(BEST_FIRST)}: no run has saved "
                "anything there yet."
            )
        path = found[0]
    checkpoint = load_checkpoint(path)
    return Origin(checkpoint, hashlib.sha256(path.read_bytes()).hexdigest(), path)


def with_agreement(origin: Origin, likeness: float) -> Origin:
    """The same network, in which near places of a lightness agree (`generators.agreement`); 0: not.

    Nothing of it is learned, so that it can be had afterwards. Raises `InputError` for a generator
    without that option.
    """
    recipe = origin.checkpoint.recipe
    generator = recipe.generator
    if "agreement" not in options_of(generator.name):
        raise InputError(f"--agreement means nothing to {generator.name}: leave it out.")
    options = {**generator.options, "agreement": likeness}
    recipe = dataclasses.replace(recipe, generator=dataclasses.replace(generator, options=options))
    checkpoint = dataclasses.replace(origin.checkpoint, recipe=recipe)
    return dataclasses.replace(origin, checkpoint=checkpoint)


def with_saturation(origin: Origin, factor: float) -> Origin:
    """The same network, whose every colour has `factor` times its chroma.

    The mean of a distribution is duller than the colours in it; more of the class weights instead
    (`alpha`) makes rare hues likelier as well. A colour that it is told it paints as it was told.
    Raises `InputError` for a head without bins.
    """
    checkpoint = origin.checkpoint
    if checkpoint.centres is None:
        raise InputError(
            "--saturation counts for a head over bins, and this model has the head "
            f"{checkpoint.recipe.generator.head!r}: leave it out."
        )
    more = dataclasses.replace(
        checkpoint,
        centres=checkpoint.centres * np.float32(factor),
        ema=with_hints_scaled(checkpoint.ema, 1 / factor),
    )
    return dataclasses.replace(origin, checkpoint=more)


def usual_look(checkpoint: Checkpoint) -> Look:
    """How to paint where nobody says: at the scale at which things were seen in training.

    There a crop of the last stage's size was on average so large a share of a picture.
    """
    recipe = checkpoint.recipe
    share = (recipe.crop.least_area + recipe.crop.most_area) / 2
    whole_px = recipe.run.stages[-1].px / math.sqrt(share)
    return Look(short_side_px=SIZE_STEP_PX * math.ceil(whole_px / SIZE_STEP_PX))


def export_model(origin: Origin, facts: Facts, look: Look, *, float16: bool = True) -> Exported:
    """The model as an encoded ONNX file, its larger weights as float16 unless that is False.

    Raises `WeightsError` where ONNX Runtime answers otherwise than torch does.
    """
    painter = painter_of(origin.checkpoint)
    numbers = numbers_of(painter, look)
    model = to_onnx(painter, outputs_of(painter), numbers, takes_hints=painter.takes_hints)
    for key, value in metadata_of(painter, origin, facts, look).items():
        model.metadata_props.add(key=key, value=value)
    encoded: bytes = model.SerializeToString()
    require_parity(painter, encoded, numbers, at_most=PARITY)
    if float16:
        store_as_float16(model)
        encoded = model.SerializeToString()
        require_parity(painter, encoded, numbers, at_most=ROUNDING)
    return Exported(encoded, painter, origin, facts, look)


def write_model(path: Path, model: Exported) -> None:
    """Write the ONNX file and, beside it, NAME.json: the entry that `models.catalog` reads."""
    checkpoint = model.origin.checkpoint
    entry = {
        **dataclasses.asdict(model.facts),
        "bytes": len(model.onnx),
        "sha256": hashlib.sha256(model.onnx).hexdigest(),
        "recipe": checkpoint.recipe.name,
        "commit": checkpoint.facts.get("commit", "unknown"),
    }
    write_atomic(path, model.onnx)
    write_atomic(path.with_suffix(".json"), (json.dumps(entry, indent=2) + "\n").encode())


def outputs_of(painter: Painter) -> tuple[str, ...]:
    """The names of what the file gives, in the order in which the painter gives it."""
    return ("ab", "logits") if isinstance(painter.head, BinsHead) else (painter.paints,)


def numbers_of(painter: Painter, look: Look) -> dict[str, float]:
    """The optional inputs of the file with their defaults: a head over bins has two."""
    if not isinstance(painter.head, BinsHead):
        return {}
    return {"temperature": look.temperature, "alpha": look.alpha}


def metadata_of(painter: Painter, origin: Origin, facts: Facts, look: Look) -> dict[str, str]:
    """Everything that the file says of itself."""
    checkpoint = origin.checkpoint
    return {
        MARK: FORMAT,
        "paints": painter.paints,
        "name": facts.name,
        "version": facts.version,
        "licence": facts.licence,
        "trained_on": facts.trained_on,
        "scores": json.dumps(dict(facts.scores)),
        "short_side_px": str(look.short_side_px),
        **(curve_text(look.curve) if look.curve else {}),
        **_bins_of(checkpoint),
        "recipe": json.dumps(dataclasses.asdict(without_places(checkpoint.recipe))),
        "steps": str(checkpoint.step),
        "samples": str(checkpoint.samples),
        "checkpoint_sha256": origin.sha256,
        **{f"training_{key}": value for key, value in checkpoint.facts.items()},
    }


def without_places(recipe: Recipe) -> Recipe:
    """The recipe with the names of files only: where they lay on a machine is nobody's business."""
    data, generator = recipe.data, recipe.generator
    return dataclasses.replace(
        recipe,
        data=dataclasses.replace(
            data,
            paths=_names(data.paths),
            validation_paths=_names(data.validation_paths),
            input_paths=_names(data.input_paths),
        ),
        generator=dataclasses.replace(
            generator, encoder=Path(generator.encoder).name, start=Path(generator.start).name
        ),
    )


def _names(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(Path(path).name for path in paths)


def _bins_of(checkpoint: Checkpoint) -> dict[str, str]:
    """What candidates and uncertainty are computed with, outside the file."""
    if checkpoint.centres is None or checkpoint.class_weights is None:
        return {}
    return {
        "bin_centres": json.dumps(checkpoint.centres.tolist()),
        "class_weights": json.dumps([round(float(w), 6) for w in checkpoint.class_weights]),
    }


def require_parity(
    painter: Painter, encoded: bytes, numbers: Mapping[str, float], *, at_most: float
) -> None:
    """Raise `WeightsError` where the file's answers differ from the painter's by more."""
    worst = difference(painter, encoded, numbers, takes_hints=painter.takes_hints)
    if not worst <= at_most:  # written so that it catches a NaN as well
        rounded = " Weights of 16 bits are too coarse for it: try --float32."
        raise WeightsError(
            f"The ONNX file differs from the checkpoint by {worst:.2g} of the largest value; at "
            f"most {at_most:g} is allowed. Nothing was written."
            f"{rounded if at_most == ROUNDING else ''}"
        )
