"""Everything that can be measured: baselines, model files, checkpoints, folders of pictures."""

from __future__ import annotations

import difflib
import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from photochrom.color.colorize import colorize, network_size
from photochrom.color.drawing import dark_on_white, merge_drawing
from photochrom.color.merge import merge, small_lightness
from photochrom.color.srgb import Floats
from photochrom.errors import InputError, PhotochromError, WeightsError, missing_extra
from photochrom.evaluation.baselines import BASELINES, baseline_sha256, paint_baseline
from photochrom.evaluation.result import ModelFacts, Skipped
from photochrom.models.catalog import shipped

if TYPE_CHECKING:
    from photochrom.models.network import Network

Rgb = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Given:
    """What a model is given: grey (H, W), and where the photo's coloured copy may lie."""

    grey: NDArray[np.uint8]
    partner_name: str
    full_size: tuple[int, int]  # (height, width) of the photo's file [px]


class Model(Protocol):
    """A model that is measured; used from several threads."""

    name: str
    kind: str
    source: str
    paints_anything: bool  # False where it has pictures of the photos only

    def sha256(self) -> str:
        """What identifies it: of a folder, the pictures that were asked for."""

    def key(self, partner_name: str, /) -> str:
        """What a photo's picture depends on besides the photo; `InputError` where it has none."""

    def paint(self, given: Given) -> Rgb:
        """Its picture rgb (H, W, 3). Raises `PhotochromError` where it has none."""


def facts_of(model: Model) -> ModelFacts:
    """The model's entry in an evaluation."""
    return ModelFacts(model.name, model.kind, model.sha256(), model.source)


class Baseline:
    """One of `BASELINES`."""

    kind = "baseline"
    paints_anything = True

    def __init__(self, name: str) -> None:
        self.name = self.source = name

    def sha256(self) -> str:
        return baseline_sha256(self.name)

    def key(self, _: str, /) -> str:
        return self.sha256()

    def paint(self, given: Given) -> Rgb:
        return paint_baseline(self.name, given.grey)


class Trained:
    """A network: `predict` gives ab (h, w, 2), or for `paints` "rgb" uint16 (h, w, 3)."""

    paints_anything = True

    def __init__(
        self,
        facts: ModelFacts,
        predict: Callable[[Floats], NDArray[Any]],
        *,
        paints: str,
        short_side_px: int,
        predict_hinted: Callable[[Floats, Floats], Floats] | None = None,
    ) -> None:
        self.name, self.kind, self.source = facts.name, facts.kind, facts.source
        self._sha256 = facts.sha256
        self._predict = predict
        self._paints = paints
        self._short_side_px = short_side_px
        self._predict_hinted = predict_hinted

    def sha256(self) -> str:
        return self._sha256

    def key(self, _: str, /) -> str:
        return self._sha256

    def paint(self, given: Given) -> Rgb:
        """As `Colorizer` does, on one thread: several pictures are worked on at a time."""
        if self._paints == "rgb":
            outline = dark_on_white(given.grey)
            painted = colorize(outline, self._predict, short_side_px=self._short_side_px)
            return merge_drawing(outline, painted, threads=1).astype(np.uint8, copy=False)
        ab = colorize(given.grey, self._predict, short_side_px=self._short_side_px)
        return merge(given.grey, ab, threads=1).astype(np.uint8, copy=False)

    @property
    def takes_hints(self) -> bool:
        """True where `paint_hinted` may be called."""
        return self._predict_hinted is not None

    def grid(self, given: Given) -> tuple[int, int]:
        """The size (h, w) at which the network sees the picture."""
        return network_size(given.grey.shape[0], given.grey.shape[1], self._short_side_px)

    def paint_hinted(self, given: Given, hints: Floats) -> Rgb:
        """Its picture with hints (3, h, w) on the network's `grid`: a*, b* and where they hold."""
        if self._predict_hinted is None:
            raise ValueError(f"{self.name} takes no hints")
        ab = self._predict_hinted(small_lightness(given.grey, *self.grid(given)), hints)
        return merge(given.grey, ab, threads=1).astype(np.uint8, copy=False)


def open_models(
    texts: Sequence[str], *, threads: int, device: str
) -> tuple[list[Model], list[Skipped]]:
    """The models that command-line words mean, and those that could not be opened.

    Raises the error of the first where none can be.
    """
    models: list[Model] = []
    failures: list[tuple[str, PhotochromError]] = []
    for text in texts:
        try:
            model = open_model(text, threads=threads, device=device)
        except PhotochromError as error:
            failures.append((text, error))
        else:
            model.name = _unused(model.name, [other.name for other in models])
            models.append(model)
    if not models:
        raise failures[0][1]
    skipped = [
        Skipped(text, str(error), model=text, exit_code=error.exit_code) for text, error in failures
    ]
    return models, skipped


def open_model(text: str, *, threads: int = 1, device: str = "auto") -> Model:
    """A baseline, a shipped name, an .onnx file, a checkpoint, or a folder of coloured pictures.

    A run's folder means its best checkpoint. Raises `InputError` or `WeightsError`.
    """
    path = Path(text).expanduser()
    if text in BASELINES:
        return Baseline(text)
    if text.lower().endswith(".onnx") or text in {facts.name for facts in shipped()}:
        return _open_network(text, threads=threads, device=device)
    if path.suffix == ".safetensors" or _holds_checkpoints(path):
        return _open_checkpoint(path, text)
    if path.exists():
        from photochrom.evaluation.folder import ColouredFolder

        return ColouredFolder(text)
    known = [*BASELINES, *(facts.name for facts in shipped())]
    near = difflib.get_close_matches(text, known) or known
    raise InputError(
        f"there is no model {text!r}. Give {', '.join(near)}, an .onnx file, a checkpoint "
        "(.safetensors), or a folder of coloured pictures that exists"
    )


def _holds_checkpoints(folder: Path) -> bool:
    return any((folder / name).is_file() for name in ("best.safetensors", "last.safetensors"))


def _open_network(text: str, *, threads: int, device: str) -> Trained:
    from photochrom.models.network import Network

    network = Network(text, threads=threads, device=device)
    facts = ModelFacts(network.identity.name, "onnx", network.identity.sha256, text)
    session = network.session  # an input with a default is an "overridable initializer"
    inputs = [*session.get_inputs(), *session.get_overridable_initializers()]
    hinted = network.paints == "ab" and "hints" in {entry.name for entry in inputs}
    return Trained(
        facts,
        network.paint_rgb if network.paints == "rgb" else network.paint,
        paints=network.paints,
        short_side_px=network.short_side_px,
        predict_hinted=partial(_predict_hinted, network) if hinted else None,
    )


def _predict_hinted(network: Network, lightness: Floats, hints: Floats) -> Floats:
    """The colours ab (h, w, 2) of lightness (H, W) with hints (3, H, W)."""
    planes = {"lightness": lightness[None, None], "hints": hints[None]}
    (ab,) = network.session.run(["ab"], planes)
    return np.ascontiguousarray(np.moveaxis(ab[0], 0, -1))


def _open_checkpoint(path: Path, text: str) -> Trained:
    try:
        import torch

        from photochrom.export import open_origin, usual_look
        from photochrom.training.networks import painter_of
    except ModuleNotFoundError as error:
        raise missing_extra("Measuring a checkpoint", str(error.name), "train") from error
    origin = open_origin(path)
    painter = painter_of(origin.checkpoint)

    def predict(lightness: Floats) -> NDArray[Any]:
        with torch.inference_mode():
            colours = painter.colours(torch.from_numpy(lightness)[None, None])[0].float().numpy()
        if not np.isfinite(colours).all():
            raise WeightsError(f"{text} paints values that are no numbers: its training failed")
        planes = np.ascontiguousarray(np.moveaxis(colours, 0, -1))
        return np.rint(planes * 65535).astype(np.uint16) if painter.paints == "rgb" else planes

    name = path.parent.name if path.is_file() and path.parent.name else path.stem
    return Trained(
        ModelFacts(name, "checkpoint", origin.sha256, text),
        predict,
        paints=painter.paints,
        short_side_px=usual_look(origin.checkpoint).short_side_px,
    )


def _unused(name: str, others: Sequence[str]) -> str:
    """`name`, or with a number where another model has it."""
    number, free = 2, name
    while free in others:
        free, number = f"{name} ({number})", number + 1
    return free


def sha256_of(parts: Sequence[str]) -> str:
    """SHA-256 of several hashes, whatever their order."""
    return hashlib.sha256(os.fsencode("\n".join(sorted(parts)))).hexdigest()
