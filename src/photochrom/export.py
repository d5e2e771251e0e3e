"""From a checkpoint to one ONNX file: weights as float16, everything scaled inside, parity checked.

The file runs anywhere ONNX Runtime does and carries its facts in its own metadata.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from photochrom.errors import WeightsError
from photochrom.generators.annealed_mean import AnnealedMean
from photochrom.generators.registry import make_generator
from photochrom.media.atomic import write_atomic
from photochrom.models.look import Look
from photochrom.models.network import MARK
from photochrom.training.checkpoint import Checkpoint, load_checkpoint

if TYPE_CHECKING:
    import onnx

FORMAT = "1"
PARITY = 1e-3  # of the largest absolute value, between torch and ONNX Runtime
PARITY_SIZES = ((2, 96, 128), (1, 161, 97), (1, 33, 250))  # batch, height, width
SMALL_TENSOR = 64  # tensors of at most so many values stay float32


class WholeNetwork(nn.Module):
    """The whole of what a model file computes: lightness, temperature, alpha → ab, logits."""

    def __init__(self, generator: nn.Module, mean: AnnealedMean) -> None:
        super().__init__()
        self.generator = generator
        self.mean = mean

    def forward(
        self, lightness: Tensor, temperature: Tensor, alpha: Tensor
    ) -> tuple[Tensor, Tensor]:
        logits = self.generator(lightness)
        return self.mean(logits, temperature, alpha), logits


@dataclass(frozen=True)
class Facts:
    """What the makers say of a model; `scores` maps a measure's name to its value in words."""

    name: str
    version: str
    licence: str
    trained_on: str
    scores: Mapping[str, str] = field(default_factory=dict)


def export(
    checkpoint_path: Path, onnx_path: Path, *, facts: Facts, look: Look, float16: bool = True
) -> None:
    """Write the checkpoint's averaged network to `onnx_path`, checked against torch.

    Beside it goes NAME.json, the entry that `models.catalog` reads. Raises `WeightsError` where
    ONNX Runtime's answer differs from torch's by more than 1e-3 of the largest value.
    """
    checkpoint = load_checkpoint(checkpoint_path)
    network = averaged_network(checkpoint)
    if float16:
        round_to_float16(network)
    model = to_onnx(network)
    set_default(model, "temperature", look.temperature)
    set_default(model, "alpha", look.alpha)
    if float16:
        store_as_float16(model)
    for key, value in metadata_of(checkpoint, checkpoint_path, facts, look).items():
        model.metadata_props.add(key=key, value=value)
    encoded = model.SerializeToString()
    check_parity(network, encoded, look)
    write_atomic(onnx_path, encoded)
    entry = {
        **dataclasses.asdict(facts),
        "bytes": len(encoded),
        "sha256": hashlib.sha256(encoded).hexdigest(),
        "recipe": checkpoint.recipe.name,
        "commit": checkpoint.facts["commit"],
    }
    write_atomic(onnx_path.with_suffix(".json"), (json.dumps(entry, indent=2) + "\n").encode())


def metadata_of(
    checkpoint: Checkpoint, checkpoint_path: Path, facts: Facts, look: Look
) -> dict[str, str]:
    """Everything that the file says of itself."""
    return {
        MARK: FORMAT,
        "paints": "ab",
        "name": facts.name,
        "version": facts.version,
        "licence": facts.licence,
        "trained_on": facts.trained_on,
        "scores": json.dumps(dict(facts.scores)),
        "short_side_px": str(look.short_side_px),
        "bin_centres": json.dumps(checkpoint.centres.tolist()),
        "class_weights": json.dumps([round(float(w), 6) for w in checkpoint.class_weights]),
        "recipe": json.dumps(dataclasses.asdict(checkpoint.recipe)),
        "steps": str(checkpoint.step),
        "samples": str(checkpoint.samples),
        "checkpoint_sha256": hashlib.sha256(checkpoint_path.read_bytes()).hexdigest(),
        **{f"training_{key}": value for key, value in checkpoint.facts.items()},
    }


def averaged_network(checkpoint: Checkpoint) -> WholeNetwork:
    """The network with the run's averaged weights, ready to paint."""
    recipe = checkpoint.recipe.generator
    generator = make_generator(recipe.name, len(checkpoint.centres), recipe.options)
    generator.load_state_dict(checkpoint.ema)
    mean = AnnealedMean(
        torch.from_numpy(checkpoint.centres), torch.from_numpy(checkpoint.class_weights)
    )
    return WholeNetwork(generator, mean).eval()


def round_to_float16(network: nn.Module) -> None:
    """Round every larger tensor to what float16 holds, so that parity compares like with like."""
    with torch.no_grad():
        for tensor in network.state_dict().values():
            if tensor.numel() > SMALL_TENSOR and tensor.is_floating_point():
                tensor.copy_(tensor.half().float())


def to_onnx(network: WholeNetwork) -> onnx.ModelProto:
    """The network as ONNX with free batch, height and width."""
    dynamic = torch.export.Dim.DYNAMIC
    example = (torch.rand(2, 1, 96, 128) * 100, torch.tensor([0.3]), torch.tensor([0.35]))
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it names operators that we lack
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's own deprecations
        program = torch.onnx.export(
            network,
            example,
            dynamo=True,
            verbose=False,
            input_names=["lightness", "temperature", "alpha"],
            output_names=["ab", "logits"],
            dynamic_shapes=({0: dynamic, 2: dynamic, 3: dynamic}, None, None),
        )
    if program is None:
        raise WeightsError("torch returned no ONNX program")
    return program.model_proto


def set_default(model: onnx.ModelProto, name: str, value: float) -> None:
    """Make an input optional: an initializer of the same name is its default (ONNX IR ≥ 4)."""
    from onnx import numpy_helper

    model.graph.initializer.append(numpy_helper.from_array(np.array([value], np.float32), name))


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


def check_parity(network: WholeNetwork, encoded: bytes, look: Look) -> float:
    """The largest difference to torch, relative to the largest value; an error above `PARITY`."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # it warns of every input with a default
    session = onnxruntime.InferenceSession(encoded, options, providers=["CPUExecutionProvider"])
    generator = torch.Generator().manual_seed(7)
    worst = 0.0
    for batch, height, width in PARITY_SIZES:
        lightness = torch.rand(batch, 1, height, width, generator=generator) * 100
        with torch.no_grad():
            expected = network(
                lightness, torch.tensor([look.temperature]), torch.tensor([look.alpha])
            )
        painted = session.run(["ab", "logits"], {"lightness": lightness.numpy()})
        for ours, theirs in zip(painted, expected, strict=True):
            scale = max(float(theirs.abs().max()), 1.0)
            worst = float(np.maximum(worst, np.abs(ours - theirs.numpy()).max() / scale))
    if not worst <= PARITY:  # written so that it catches a NaN as well
        raise WeightsError(
            f"The ONNX file differs from the checkpoint by {worst:.2g} of the largest value; "
            f"at most {PARITY:g} is allowed. Nothing was written."
        )
    return worst
