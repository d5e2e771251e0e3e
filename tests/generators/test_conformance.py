"""What every generator must do: one set of tests over the whole table, by registration alone."""

from __future__ import annotations

import copy
import logging
import warnings
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor

from photochrom.generators.generator import Generator
from photochrom.generators.registry import GENERATORS, make_generator
from photochrom.generators.supervised import Supervised

BINS = 9
PARITY = 1e-3  # of the largest absolute value, as for an exported model
SIZES = ((1, 1), (33, 47), (97, 64))
every_generator = pytest.mark.parametrize("name", sorted(GENERATORS))


def small(name: str, outputs: int = BINS, *, inputs: int = 1, seed: int = 1) -> Generator:
    """The generator's small sibling, painting, with weights that the seed decides."""
    torch.manual_seed(seed)
    return make_generator(name, outputs, GENERATORS[name].small, inputs=inputs).eval()


def picture(*size: int, batch: int = 1, seed: int = 3) -> Tensor:
    """Lightness (batch, 1, H, W), L* 0…100, at random."""
    return torch.rand(batch, 1, *size, generator=torch.Generator().manual_seed(seed)) * 100


def all_planes(painted: Tensor | Supervised) -> tuple[Tensor, ...]:
    """What a generator in training returns, as a flat tuple."""
    if isinstance(painted, Tensor):
        return (painted,)
    return (*painted.planes, *([] if painted.has_colour is None else [painted.has_colour]))


def expected_shape(network: Generator, batch: int, outputs: int, size: tuple[int, int]) -> object:
    stride = network.output_stride
    return (batch, outputs, -(-size[0] // stride), -(-size[1] // stride))


@every_generator
@pytest.mark.parametrize("size", SIZES)
@torch.no_grad()
def test_any_size_goes_in_and_its_share_comes_out(name: str, size: tuple[int, int]) -> None:
    network = small(name)
    painted = network(picture(*size, batch=2))
    assert painted.shape == expected_shape(network, 2, BINS, size)
    assert torch.isfinite(painted).all()


@every_generator
@torch.no_grad()
def test_it_paints_with_its_default_options(name: str) -> None:
    network = make_generator(name, 3, {}).eval()
    painted = network(picture(33, 47))
    assert painted.shape == expected_shape(network, 1, 3, (33, 47))
    assert torch.isfinite(painted).all()


@every_generator
@pytest.mark.parametrize("inputs", [1, 3])
@pytest.mark.parametrize("outputs", [2, 3, BINS])
@torch.no_grad()
def test_one_or_three_planes_become_as_many_as_the_head_wants(
    name: str, inputs: int, outputs: int
) -> None:
    painted = small(name, outputs, inputs=inputs)(picture(32, 64))
    assert painted.shape[1] == outputs


@every_generator
@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
def test_every_parameter_learns(name: str, precision: torch.dtype) -> None:
    network = small(name).train()
    with torch.autocast("cpu", dtype=precision, enabled=precision != torch.float32):
        painted = all_planes(network(picture(64, 64, batch=2)))
    torch.stack([planes.float().square().mean() for planes in painted]).sum().backward()
    grads = {parameter_name: p.grad for parameter_name, p in network.named_parameters()}
    assert not [n for n, grad in grads.items() if grad is None or not torch.isfinite(grad).all()]


@every_generator
def test_planes_in_training_are_all_of_the_painted_size(name: str) -> None:
    network = small(name)
    size = network(picture(33, 47, batch=2)).shape
    painted = network.train()(picture(33, 47, batch=2))
    planes = painted.planes if isinstance(painted, Supervised) else (painted,)
    assert {tuple(each.shape) for each in planes} == {tuple(size)}


@every_generator
@torch.no_grad()
def test_saved_weights_load_and_paint_the_same(name: str, tmp_path: Path) -> None:
    first, second = small(name, seed=1), small(name, seed=2)
    assert not torch.equal(first(picture(33, 47)), second(picture(33, 47)))
    save_file(first.state_dict(), tmp_path / "weights.safetensors")
    second.load_state_dict(load_file(tmp_path / "weights.safetensors"), strict=True)
    assert torch.equal(first(picture(33, 47)), second(picture(33, 47)))


@every_generator
@torch.no_grad()
def test_the_same_seed_paints_the_same_picture(name: str) -> None:
    first, second, lightness = small(name), small(name), picture(33, 47)
    before = lightness.clone()
    painted = first(lightness)
    assert isinstance(painted, Tensor)
    assert torch.equal(painted, first(lightness))
    assert torch.equal(painted, second(lightness))
    assert torch.equal(lightness, before), "the picture itself was changed"


@every_generator
@torch.no_grad()
def test_pictures_of_a_batch_do_not_see_each_other(name: str) -> None:
    network, pair = small(name), picture(33, 47, batch=2)
    alone = torch.cat([network(pair[:1]), network(pair[1:])])
    assert torch.allclose(network(pair), alone, atol=1e-4)


@every_generator
@torch.no_grad()
def test_it_pads_by_repeating_the_edges_and_crops_them_off(name: str) -> None:
    network, lightness = small(name), picture(61, 94)
    padded = F.pad(lightness, (0, 2, 0, 3), mode="replicate")  # to multiples of 32
    painted = network(lightness)
    assert torch.allclose(painted, network(padded)[..., : painted.shape[2], : painted.shape[3]])


@every_generator
@torch.no_grad()
def test_channels_last_paints_the_same(name: str) -> None:
    network, lightness = small(name), picture(33, 47, batch=2)
    painted = network(lightness)
    last = copy.deepcopy(network).to(memory_format=torch.channels_last)
    assert torch.allclose(painted, last(lightness), atol=1e-4)


@every_generator
def test_onnx_runtime_paints_what_torch_does(name: str) -> None:
    network = small(name)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(onnx_bytes(network), options)
    for batch, *size in ((2, 96, 64), (1, 33, 47), (3, 1, 1)):
        lightness = picture(*size, batch=batch)
        with torch.no_grad():
            expected = network(lightness)
        (painted,) = session.run(None, {"lightness": lightness.numpy()})
        assert painted.shape == expected.shape
        scale = max(float(expected.abs().max()), 1.0)
        assert np.abs(painted - expected.numpy()).max() / scale <= PARITY


def onnx_bytes(network: Generator) -> bytes:
    """The generator as ONNX with free batch, height and width, as a model file has it."""
    free = torch.export.Dim.DYNAMIC
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it names operators that we lack
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's own deprecations
        program = torch.onnx.export(
            network,
            (picture(96, 128, batch=2),),
            dynamo=True,
            verbose=False,
            input_names=["lightness"],
            dynamic_shapes=({0: free, 2: free, 3: free},),
        )
    assert program is not None
    return bytes(program.model_proto.SerializeToString())
