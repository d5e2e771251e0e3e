"""A model file that takes hints and chooses among bins, out of a few ONNX operators."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

CELL_PX = 4  # of what it is given, per pixel that it paints
CENTRES = ((0.0, 0.0), (40.0, 30.0), (-30.0, 30.0), (0.0, -40.0))
WEIGHTS = (0.5, 2.0, 2.0, 2.0)


def write_hint_model(path: Path, *, short_side_px: int = 32, **metadata: str) -> Path:
    """A file of our contract: ab is the mean of the hints in each cell, times `alpha`.

    Where lightness is 50 or more the logits say the first of `CENTRES`; where it is less all of
    them alike. `temperature` is taken, and changes nothing.
    """
    planes = ["B", 3, "H", "W"]
    given = {"lightness": ["B", 1, "H", "W"], "hints": planes, "alpha": [1], "temperature": [1]}
    taken = {"ab": ["B", 2, "h", "w"], "logits": ["B", len(CENTRES), "h", "w"]}
    graph = helper.make_graph(
        steps(),
        "told",
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in given.items()],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in taken.items()],
        [numpy_helper.from_array(values, name) for name, values in constants().items()],
    )
    opset = helper.make_opsetid("", 18)
    model: ModelProto = helper.make_model(graph, opset_imports=[opset], ir_version=9)
    said = {
        "photochrom.format": "1",
        "paints": "ab",
        "name": "told",
        "version": "1",
        "short_side_px": str(short_side_px),
        "bin_centres": json.dumps(CENTRES),
        "class_weights": json.dumps(WEIGHTS),
    }
    helper.set_model_props(model, said | metadata)
    path.write_bytes(model.SerializeToString())
    return path


def steps() -> list[NodeProto]:
    """From hints to ab, and from lightness to logits."""
    cell = {"kernel_shape": [CELL_PX] * 2, "strides": [CELL_PX] * 2}
    return [
        helper.make_node("Mul", ["lightness", "nothing"], ["zeros"]),
        helper.make_node("Add", ["hints", "zeros"], ["planes"]),
        helper.make_node("AveragePool", ["planes"], ["pooled"], **cell),
        helper.make_node("Slice", ["pooled", "0", "2", "1"], ["colours"]),
        helper.make_node("Slice", ["pooled", "2", "3", "1"], ["mask"]),
        helper.make_node("Max", ["mask", "tiny"], ["share"]),
        helper.make_node("Div", ["colours", "share"], ["told"]),
        helper.make_node("Mul", ["told", "alpha"], ["scaled"]),
        helper.make_node("Mul", ["temperature", "nothing"], ["none"]),
        helper.make_node("Add", ["scaled", "none"], ["ab"]),
        helper.make_node("AveragePool", ["lightness"], ["light"], **cell),
        helper.make_node("Sub", ["light", "fifty"], ["above"]),
        helper.make_node("Clip", ["above", "zero", "ten"], ["sure"]),
        helper.make_node("Mul", ["sure", "first"], ["logits"]),
    ]


def constants() -> dict[str, np.ndarray]:
    """What the steps compute with, and the defaults of optional inputs."""
    first = np.zeros((1, len(CENTRES), 1, 1), np.float32)
    first[0, 0] = 10
    return {
        "nothing": np.zeros(1, np.float32),
        "tiny": np.full(1, 1e-6, np.float32),
        "fifty": np.full(1, 50, np.float32),
        "zero": np.array(0, np.float32),
        "ten": np.array(10, np.float32),
        "first": first,
        **{str(number): np.array([number], np.int64) for number in range(4)},
        # The defaults of optional inputs:
        "hints": np.zeros((1, 3, 1, 1), np.float32),
        "alpha": np.ones(1, np.float32),
        "temperature": np.ones(1, np.float32),
    }
