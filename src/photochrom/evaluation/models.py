"""Everything that can be measured: baselines, model files, checkpoints, folders of pictures."""

from __future__ import annotations

import difflib
import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

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

Rgb = NDArray[np.uint8]
RUN_CHECKPOINTS = ("best", "last")
CPU = "CPUExecutionProvider"


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
        device: str = CPU,
    ) -> None:
        """`predict_hinted` is there where it takes hints."""
        self.name, self.kind, self.source = facts.name, facts.kind, facts.source
        self._sha256 = facts.sha256
        self._predict = predict
        self._paints = paints
        self._short_side_px = short_side_px
        self._predict_hinted = predict_hinted
        self.device = device

    def sha256(self) -> str:
        return self._sha256

    def key(self, _: str, /) -> str:
        return f"{self._sha256} {self.device}"

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
    texts: Sequence[str], *, threads: int, device: str, unpack: Callable[[str], str] = str
) -> tuple[list[Model], list[Skipped]]:
    """The models that command-line words mean, and those that could not be opened.

    `unpack` may give another path for a word: a folder of frames for a film. Raises the error of
    the first where none can be opened.
    """
    models: list[Model] = []
    failures: list[tuple[str, PhotochromError]] = []
    for text in texts:
        try:
            model = open_model(unpack(text), threads=threads, device=device)
        except PhotochromError as error:
            failures.append((text, error))
        else:
            model.source = text
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


def is_model(text: str) -> bool:
    """Whether a word means a model that can be nothing else: no folder of pictures."""
    path = Path(text).expanduser()
    by_name = text in BASELINES or text in {facts.name for facts in shipped()}
    return (by_name and not path.exists()) or path.suffix.lower() in (".onnx", ".safetensors")


def _holds_checkpoints(folder: Path) -> bool:
    return any((folder / f"{name}.safetensors").is_file() for name in RUN_CHECKPOINTS)


def _name_of(checkpoint: Path) -> str:
    """Its run's, the folder's; its own where it has left its run."""
    if checkpoint.is_dir():
        return checkpoint.absolute().name
    if checkpoint.stem in RUN_CHECKPOINTS:
        return checkpoint.absolute().parent.name
    return checkpoint.stem


def _open_network(text: str, *, threads: int, device: str) -> Trained:
    from photochrom.models.network import Network

    network = Network(text, threads=threads, device=device)
    facts = ModelFacts(network.identity.name, "onnx", network.identity.sha256, text)

    def predict_hinted(lightness: Floats, hints: Floats) -> Floats:
        return network.paint(lightness, hints=hints)

    return Trained(
        facts,
        network.paint_rgb if network.paints == "rgb" else network.paint,
        paints=network.paints,
        short_side_px=network.short_side_px,
        predict_hinted=predict_hinted if network.takes_hints else None,
        device=network.session.get_providers()[0],
    )


def _open_checkpoint(path: Path, text: str) -> Trained:
    try:
        import torch

        from photochrom.export import open_origin, usual_look
        from photochrom.training.networks import painter_of
    except ModuleNotFoundError as error:
        raise missing_extra("Measuring a checkpoint", str(error.name), "train") from error
    origin = open_origin(path)
    painter = painter_of(origin.checkpoint)

    def colours(lightness: Floats, hints: Floats | None = None) -> Floats:
        planes = None if hints is None else torch.from_numpy(hints)[None]
        with torch.inference_mode():
            painted = painter(torch.from_numpy(lightness)[None, None], hints=planes)
        found = (painted[0] if isinstance(painted, tuple) else painted)[0].float().numpy()
        if not np.isfinite(found).all():
            raise WeightsError(f"{text} paints values that are no numbers: its training failed")
        return np.ascontiguousarray(np.moveaxis(found, 0, -1))

    def rgb(lightness: Floats) -> NDArray[np.uint16]:
        levels: NDArray[np.uint16] = np.rint(colours(lightness) * 65535).astype(np.uint16)
        return levels

    return Trained(
        ModelFacts(_name_of(path), "checkpoint", origin.sha256, text),
        rgb if painter.paints == "rgb" else colours,
        paints=painter.paints,
        short_side_px=usual_look(origin.checkpoint).short_side_px,
        predict_hinted=colours if painter.paints == "ab" and painter.takes_hints else None,
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
