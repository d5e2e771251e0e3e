"""A network as an ONNX graph: free sizes, optional numbers, small weights, parity with torch."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from photochrom.errors import WeightsError

if TYPE_CHECKING:
    import onnx
    import onnxruntime

PARITY_SIZES = ((2, 96, 128), (1, 161, 97), (1, 33, 250))  # batch, height, width
SMALL_TENSOR = 64  # tensors of at most so many values stay float32
NO_HINTS = np.zeros((1, 3, 1, 1), np.float32)  # the graph adds them to planes as large as lightness
FREE_PLANES = dict.fromkeys((0, 2, 3), torch.export.Dim.DYNAMIC)  # batch, height, width


def to_onnx(
    network: nn.Module,
    outputs: Sequence[str],
    numbers: Mapping[str, float] | None = None,
    *,
    takes_hints: bool = False,
) -> onnx.ModelProto:
    """The network as ONNX, with free batch, height and width of its input `lightness` (B, 1, H, W).

    Further inputs are optional in the file: `numbers`, each (1), with the value given as default,
    and for a network that takes them `hints` (B, 3, H, W), by default none.
    """
    numbers = numbers or {}
    planes = dict.fromkeys(["lightness", *["hints"] * takes_hints], FREE_PLANES)
    given = {"lightness": torch.rand(2, 1, 96, 128) * 100}
    if takes_hints:
        given["hints"] = torch.rand(2, 3, 96, 128)
    given |= _tensors(numbers)
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it names operators that we lack
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's own deprecations
        program = torch.onnx.export(
            network,
            (),
            kwargs=given,
            dynamo=True,
            verbose=False,
            input_names=list(given),
            output_names=list(outputs),
            dynamic_shapes={name: planes.get(name) for name in given},
        )
    if program is None:
        raise WeightsError("torch returned no ONNX program")
    model = program.model_proto
    strip(model)
    for name, value in numbers.items():
        set_default(model, name, np.array([value], np.float32))
    if takes_hints:
        set_default(model, "hints", NO_HINTS)
    return model


def strip(model: onnx.ModelProto) -> None:
    """Drop what the exporter notes of its own work: source lines, and the shapes in between.

    More than half a megabyte of the flagship, which nothing reads.
    """
    for node in model.graph.node:
        node.ClearField("metadata_props")
    model.graph.ClearField("value_info")


def set_default(model: onnx.ModelProto, name: str, value: NDArray[np.float32]) -> None:
    """Make an input optional: an initializer of the same name is its default (ONNX IR ≥ 4)."""
    from onnx import numpy_helper

    model.graph.initializer.append(numpy_helper.from_array(value, name))


def store_as_float16(model: onnx.ModelProto) -> None:
    """Keep larger float32 tensors as float16 and cast them back; loading folds the casts away."""
    import onnx
    from onnx import numpy_helper

    casts = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size <= SMALL_TENSOR:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        casts.append(
            onnx.helper.make_node("Cast", [tensor.name], [name], to=onnx.TensorProto.FLOAT)
        )
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def difference(
    network: nn.Module,
    encoded: bytes,
    numbers: Mapping[str, float] | None = None,
    *,
    takes_hints: bool = False,
) -> float:
    """The largest difference between the file's answers and torch's, of the largest value.

    NaN where either answers with no numbers. Hints are left out at the first size, given at others.
    """
    session = open_quietly(encoded)
    generator = torch.Generator().manual_seed(7)
    worst = 0.0
    for trial, (batch, height, width) in enumerate(PARITY_SIZES):
        given = {"lightness": torch.rand(batch, 1, height, width, generator=generator) * 100}
        if takes_hints and trial:
            given["hints"] = random_hints(batch, height, width, generator)
        with torch.no_grad():
            answer = network(**given, **_tensors(numbers or {}))
        expected = answer if isinstance(answer, tuple) else (answer,)
        painted = session.run(None, {name: planes.numpy() for name, planes in given.items()})
        for ours, theirs in zip(painted, expected, strict=True):
            scale = max(float(theirs.abs().max()), 1.0)
            worst = float(np.maximum(worst, np.abs(ours - theirs.numpy()).max() / scale))
    return worst


def open_quietly(encoded: bytes) -> onnxruntime.InferenceSession:
    """The file on the CPU, without the warnings about every input with a default."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(encoded, options, providers=["CPUExecutionProvider"])


def random_hints(batch: int, height: int, width: int, generator: torch.Generator) -> Tensor:
    """Colours at about one pixel of a hundred, (B, 3, H, W)."""
    planes = torch.rand(batch, 3, height, width, generator=generator)
    mask = (planes[:, 2:] < 0.01).float()
    return torch.cat([(planes[:, :2] * 160 - 80) * mask, mask], dim=1)


def _tensors(numbers: Mapping[str, float]) -> dict[str, Tensor]:
    return {name: torch.tensor([value]) for name, value in numbers.items()}
