"""A model file that paints rgb, as one for drawings does, out of a few ONNX operators."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

TINT = (0.9, 0.6, 0.3)  # what it paints on white paper


def write_rgb_model(path: Path, *, paints: str = "rgb", short_side_px: int = 32) -> Path:
    """A file of our contract: rgb = `TINT` · L*/100, so that paper is tinted and lines are dark."""
    tint = np.array(TINT, np.float32).reshape(1, 3, 1, 1) / 100
    given = helper.make_tensor_value_info("lightness", TensorProto.FLOAT, ["B", 1, "H", "W"])
    taken = helper.make_tensor_value_info("rgb", TensorProto.FLOAT, ["B", 3, "H", "W"])
    graph = helper.make_graph(
        [helper.make_node("Mul", ["lightness", "tint"], ["rgb"])],
        "drawing",
        [given],
        [taken],
        [numpy_helper.from_array(tint, "tint")],
    )
    opset = helper.make_opsetid("", 18)
    model: ModelProto = helper.make_model(graph, opset_imports=[opset], ir_version=9)
    metadata = {
        "photochrom.format": "1",
        "paints": paints,
        "name": "inks",
        "version": "1",
        "short_side_px": str(short_side_px),
    }
    helper.set_model_props(model, metadata)
    path.write_bytes(model.SerializeToString())
    return path
