"""A folder that a model hub takes as it is, and the painter that comes back out of it.

model.safetensors   the averaged weights
config.json         the generator, its head and its bins: all that `PretrainedPainter` is made of
model.onnx          the same network, for `Colorizer` and for anything that runs ONNX
README.md           the model card, with its header
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import torch
from huggingface_hub import PyTorchModelHubMixin, hf_hub_download
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor

from photochrom.errors import InputError, SetupError, WeightsError
from photochrom.export import Exported
from photochrom.generators.heads import BinsHead, make_head
from photochrom.generators.painter import Painter
from photochrom.generators.registry import make_generator
from photochrom.media.atomic import write_atomic
from photochrom.model_card import TAGS, TASK, card_text
from photochrom.version import __version__

WEIGHTS, CONFIG, ONNX, CARD = "model.safetensors", "config.json", "model.onnx", "README.md"
REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
DOWNLOAD = ("revision", "cache_dir", "force_download", "local_files_only", "token")


class PretrainedPainter(
    Painter, PyTorchModelHubMixin, library_name="photochrom", pipeline_tag=TASK, tags=list(TAGS)
):
    """A `Painter` that loads with `from_pretrained`, from a folder or from the hub.

    `generator` holds its name, inputs and options; `bins` the centres (K, 2) and class weights (K,)
    of a head over bins; `look` that head's temperature and alpha.
    """

    def __init__(
        self,
        *,
        generator: dict[str, Any],
        head: str,
        paints: str,
        bins: dict[str, list[Any]] | None = None,
        look: dict[str, float] | None = None,
    ) -> None:
        chosen = make_head(
            head, **{name: torch.tensor(each) for name, each in (bins or {}).items()}
        )
        if isinstance(chosen, BinsHead) and look is not None:
            chosen.temperature.fill_(look["temperature"])
            chosen.alpha.fill_(look["alpha"])
        network = make_generator(
            generator["name"], chosen.outputs, generator["options"], inputs=generator["inputs"]
        )
        super().__init__(network, chosen, paints=paints)

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path: str | Path, **options: Any) -> Self:
        """The painter of a folder that `photochrom export --hub` wrote, or of a hub's repository.

        `options` are `huggingface_hub`'s: `revision`, `token`, `cache_dir`, `local_files_only`, …
        A folder is read without a network. Raises `WeightsError` where what is there is not ours,
        not whole or cannot be had.
        """
        place = str(pretrained_model_name_or_path)
        if not Path(place).is_dir() and not REPOSITORY.fullmatch(place):
            raise WeightsError(
                f"There is no folder {place}, and it is no repository's name (owner/name)."
            )
        try:
            painter: Self = super().from_pretrained(place, **options)
        except (KeyError, TypeError, ValueError, OSError, InputError) as error:
            raise WeightsError(
                f"{place} is neither a folder of `photochrom export --hub` nor a repository "
                f"that can be had: {error}"
            ) from error
        return painter

    @classmethod
    def _from_pretrained(cls, *, model_id: str, **options: Any) -> Self:
        asked_for = {name: options.pop(name) for name in DOWNLOAD if name in options}
        painter = cls(**options)
        path = Path(model_id, WEIGHTS)
        if not path.parent.is_dir():
            path = Path(hf_hub_download(model_id, WEIGHTS, **asked_for))
        try:
            painter.load_state_dict(load_file(path), strict=True)
        except (RuntimeError, SafetensorError) as error:
            raise WeightsError(f"{path} does not fit its {CONFIG}: {error}") from error
        return painter.eval()


def write_hub_folder(folder: Path, model: Exported, *, overwrite: bool = False) -> None:
    """Write the model to `folder`, ready for a model hub; its weights there keep their 32 bits.

    Everything is made before anything is written. Raises `InputError` where a file is in the way
    and `overwrite` is not said, `SetupError` where the folder cannot be made or written.
    """
    refuse_to_replace(folder, overwrite=overwrite)
    files = {
        WEIGHTS: save(_whole(model.painter.state_dict()), metadata={"format": "pt"}),
        CONFIG: (json.dumps(config_of(model), indent=2) + "\n").encode(),
        ONNX: model.onnx,
        CARD: card_text(model).encode(),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(f"The folder {folder} cannot be made: {error.strerror}.") from error
    for name, content in files.items():
        write_atomic(folder / name, content)


def refuse_to_replace(folder: Path, *, overwrite: bool) -> None:
    """Raise `InputError` where `folder` is a file, or holds files that would be replaced."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file, and a hub's folder is wanted. Choose another name.")
    there = [name for name in (WEIGHTS, CONFIG, ONNX, CARD) if (folder / name).exists()]
    if there and not overwrite:
        raise InputError(
            f"{folder} holds {', '.join(there)} already. Replace them with --overwrite, or choose "
            "another folder."
        )


def config_of(model: Exported) -> dict[str, Any]:
    """What config.json holds: `PretrainedPainter`'s arguments, and which model it is."""
    checkpoint, look = model.origin.checkpoint, model.look
    wanted = checkpoint.recipe.generator
    bins = None
    if checkpoint.centres is not None and checkpoint.class_weights is not None:
        bins = {
            "centres": checkpoint.centres.tolist(),
            "class_weights": checkpoint.class_weights.tolist(),
        }
    return {
        "model": model.facts.name,
        "version": model.facts.version,
        "photochrom": __version__,
        "paints": checkpoint.recipe.paints,
        "head": wanted.head,
        "generator": {
            "name": wanted.name,
            "inputs": wanted.inputs,
            "options": wanted.options,
        },
        "look": {"temperature": look.temperature, "alpha": look.alpha},
        "short_side_px": look.short_side_px,
        "bins": bins,
    }


def _whole(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors, each with memory of its own, as safetensors wants them."""
    return {name: tensor.detach().clone().contiguous() for name, tensor in state.items()}
