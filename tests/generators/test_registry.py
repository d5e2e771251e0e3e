"""What every generator must do: one set of tests over the whole table."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from photochrom.errors import InputError
from photochrom.generators.registry import GENERATORS, make_generator

BINS = 9
every_generator = pytest.mark.parametrize("name", sorted(GENERATORS))


@every_generator
@pytest.mark.parametrize("size", [(64, 96), (33, 47), (1, 1), (5, 130)])
def test_any_size_goes_in_and_its_share_comes_out(name: str, size: tuple[int, int]) -> None:
    network = make_generator(name, BINS, {}).eval()
    painted = network(torch.rand(2, 1, *size) * 100)
    stride = network.output_stride
    assert painted.shape == (2, BINS, -(-size[0] // stride), -(-size[1] // stride))
    assert torch.isfinite(painted).all()


@every_generator
def test_every_parameter_learns(name: str) -> None:
    torch.manual_seed(1)
    network = make_generator(name, BINS, {})
    network(torch.rand(2, 1, 64, 64) * 100).square().sum().backward()
    silent = [n for n, p in network.named_parameters() if p.grad is None]
    assert not silent


@every_generator
def test_saved_weights_load_and_paint_the_same(name: str, tmp_path: Path) -> None:
    lightness = torch.rand(1, 1, 64, 64) * 100
    first, second = (make_generator(name, BINS, {}).eval() for _ in range(2))
    save_file(first.state_dict(), tmp_path / "weights.safetensors")
    second.load_state_dict(load_file(tmp_path / "weights.safetensors"))
    assert torch.equal(first(lightness), second(lightness))


@every_generator
def test_padding_does_not_move_the_picture(name: str) -> None:
    torch.manual_seed(1)
    network = make_generator(name, BINS, {}).eval()
    lightness = torch.rand(1, 1, 64, 64) * 100
    assert torch.allclose(network(lightness)[..., :8, :8], network(lightness.clone())[..., :8, :8])


def test_an_unknown_generator_names_the_near_ones() -> None:
    with pytest.raises(InputError, match="mobile_unet"):
        make_generator("mobile_net", BINS, {})


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(InputError, match="depth"):
        make_generator("mobile_unet", BINS, {"depth": 3})
    with pytest.raises(InputError, match="3 numbers"):
        make_generator("mobile_unet", BINS, {"widths": [1, 2]})


def test_the_table_is_sorted() -> None:
    assert list(GENERATORS) == sorted(GENERATORS)
