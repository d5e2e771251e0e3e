"""A generator as ONNX beside torch: for tests of parts that the table's small siblings lack."""

from __future__ import annotations

import numpy as np
import onnxruntime
import torch

from photochrom.generators.generator import Generator
from photochrom.onnx_graph import to_onnx


@torch.no_grad()
def worst_difference(network: Generator) -> float:
    """The largest difference of ONNX Runtime's planes, of the largest value, at two sizes."""
    session = onnxruntime.InferenceSession(to_onnx(network, ("planes",)).SerializeToString())
    worst = 0.0
    for batch, height, width in ((1, 45, 70), (2, 160, 96)):
        lightness = torch.rand(batch, 1, height, width) * 100
        (painted,) = session.run(None, {"lightness": lightness.numpy()})
        expected = network(lightness).numpy()
        worst = max(worst, float(np.abs(painted - expected).max() / np.abs(expected).max()))
    return worst
