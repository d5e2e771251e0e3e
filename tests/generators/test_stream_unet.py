"""The scenery system's generator: its block's sums, and where its skips go."""

from __future__ import annotations

import torch
from torch import nn

from photochrom.generators.stream_unet import StreamBlock, StreamUNet


@torch.no_grad()
def times(block: StreamBlock, name: str, factor: float) -> None:
    """Make one of the block's functions multiply by a factor."""
    convolution = block.get_submodule(name)[0]  # type: ignore[index]
    assert isinstance(convolution, nn.Conv2d) and convolution.bias is not None
    nn.init.dirac_(convolution.weight)
    convolution.weight.mul_(factor)
    convolution.bias.zero_()


def test_the_streams_of_a_block_are_summed_as_the_report_writes() -> None:
    block = StreamBlock(3, 3, "none")
    for name, factor in {"f1": 2, "f2": 3, "f3": 5, "f4": 7, "f5": 11, "g": 13}.items():
        times(block, name, factor)
    x = torch.rand(1, 3, 4, 4)
    y1 = 3  # x + 2x
    y2 = 10  # x + 3 · 3x
    y3 = 60  # 10x + 5 · 10x
    y4 = 430  # 10x + 7 · 60x
    y5 = 4730  # 11 · 430x
    assert y1 * 3 + 1 == y2 and y2 * 6 == y3 and y2 + y3 * 7 == y4 and y4 * 11 == y5
    assert torch.allclose(block(x), (1 + y5 + 13) * x, rtol=1e-5)


def test_the_input_is_projected_only_where_the_channels_differ() -> None:
    assert isinstance(StreamBlock(4, 4, "batch").project, nn.Identity)
    assert isinstance(StreamBlock(3, 4, "batch").project, nn.Conv2d)


def test_each_function_is_convolution_relu_batchnorm() -> None:
    block = StreamBlock(4, 4, "batch")
    for name in ("f1", "f2", "f3", "f4", "f5", "g"):
        kinds = [type(layer) for layer in block.get_submodule(name).children()]
        assert kinds == [nn.Conv2d, nn.ReLU, nn.BatchNorm2d]


def test_four_halvings_and_the_skips_before_each_are_concatenated() -> None:
    network = StreamUNet(3, inputs=3)
    strided = [down[0] for down in network.downs]
    assert [(c.in_channels, c.out_channels, c.stride) for c in strided] == [
        (3, 64, (2, 2)),
        (64, 128, (2, 2)),
        (128, 256, (2, 2)),
        (256, 512, (2, 2)),
    ]
    taken = [block.project.in_channels for block in network.ups]
    assert taken == [512 + 256, 256 + 128, 128 + 64, 64 + 3]


def test_the_input_itself_reaches_the_last_block() -> None:
    network = StreamUNet(3, widths=(4, 6)).eval()
    seen: list[torch.Tensor] = []
    network.ups[-1].register_forward_pre_hook(lambda _, given: seen.append(given[0][:, -1:]))
    lightness = torch.rand(1, 1, 8, 8) * 100
    network(lightness)
    assert torch.allclose(seen[0], lightness / 50 - 1)
