"""The parts that generators share: planes, padding, norms, initialization, cost."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from photochrom.errors import InputError
from photochrom.generators.blocks import UpBlock, enlarge, grey_planes, pad_to_multiple
from photochrom.generators.cost import multiply_adds, parameters
from photochrom.generators.encoders import IMAGENET_MEAN, IMAGENET_STD, ImageNetGrey
from photochrom.generators.initialization import init_weights
from photochrom.generators.norms import FrozenBatchNorm2d, group_norm, make_norm


class Doubled(nn.Module):
    """One convolution used twice, and a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(1, 1, 3, padding=1)
        self.linear = nn.Linear(1, 5)

    def forward(self, lightness: torch.Tensor) -> torch.Tensor:
        features = self.convolution(self.convolution(lightness))
        vector: torch.Tensor = self.linear(features.mean(dim=(2, 3)))
        return vector


@pytest.mark.parametrize("inputs", [1, 3])
def test_lightness_becomes_equal_planes_from_minus_one_to_one(inputs: int) -> None:
    lightness = torch.tensor([0.0, 50.0, 100.0])[None, None, None]
    planes = grey_planes(lightness, inputs)
    assert planes.shape == (1, inputs, 1, 3)
    assert all(plane.tolist() == [[-1, 0, 1]] for plane in planes[0])


def test_imagenets_grey_is_normalized_channel_by_channel() -> None:
    planes = ImageNetGrey()(torch.full((1, 1, 1, 1), 40.0))[0, :, 0, 0]
    expected = [(0.4 - m) / s for m, s in zip(IMAGENET_MEAN, IMAGENET_STD, strict=True)]
    assert planes.tolist() == pytest.approx(expected, abs=1e-6)
    assert not ImageNetGrey().state_dict()


def test_padding_repeats_the_right_and_lower_edge() -> None:
    padded = pad_to_multiple(torch.tensor([[1.0, 2.0, 3.0]])[None, None], 2)
    assert padded[0, 0].tolist() == [[1, 2, 3, 3], [1, 2, 3, 3]]
    assert torch.equal(pad_to_multiple(padded, 2), padded)


def test_enlarging_keeps_what_is_even() -> None:
    assert enlarge(torch.full((1, 1, 2, 3), 7.0), 4).tolist() == [[[[7.0] * 12] * 8]]


def test_a_deeper_step_goes_on_from_a_shallower_one() -> None:
    deep, skip = torch.rand(1, 6, 2, 3), torch.rand(1, 5, 4, 6)
    shallow, deeper = UpBlock(6, 5, 8).eval(), UpBlock(6, 5, 8, depth=4).eval()
    missing, unexpected = deeper.load_state_dict(shallow.state_dict(), strict=False)
    assert {key.split(".")[1] for key in missing} == {"2", "3"}
    assert not unexpected
    for more in deeper.refine[2:]:
        nn.init.zeros_(more[1].weight)
    assert torch.equal(deeper(deep, skip), shallow(deep, skip))
    with pytest.raises(ValueError, match="2 refinements at least, not 1"):
        UpBlock(6, 5, 8, depth=1)


@pytest.mark.parametrize(("channels", "groups"), [(64, 32), (48, 16), (12, 4), (7, 1)])
def test_groups_divide_the_channels(channels: int, groups: int) -> None:
    assert group_norm(channels).num_groups == groups


def test_a_frozen_norm_does_what_batchnorm_does_when_it_paints() -> None:
    batch, frozen = nn.BatchNorm2d(3), FrozenBatchNorm2d(3)
    batch.running_mean = torch.tensor([1.0, 2.0, 3.0])
    batch.running_var = torch.tensor([4.0, 5.0, 6.0])
    nn.init.uniform_(batch.weight)
    state = {k: v for k, v in batch.state_dict().items() if k != "num_batches_tracked"}
    frozen.load_state_dict(state, strict=True)
    features = torch.rand(2, 3, 4, 4)
    assert torch.allclose(frozen.train()(features), batch.eval()(features))


def test_a_norm_of_weights_that_are_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="batch, group, instance, none, not 'frozen'"):
        make_norm("frozen", 8)


def test_pix2pixs_initialization_draws_every_kind_of_layer() -> None:
    torch.manual_seed(1)
    network = nn.Sequential(
        nn.Conv2d(32, 64, 3),
        nn.ConvTranspose2d(32, 64, 3),
        nn.Linear(100, 200),
        nn.BatchNorm2d(4096),
        nn.Conv2d(1, 1, 1, bias=False),
    )
    init_weights(network, "normal")
    with torch.no_grad():
        for layer in network[:3]:
            assert abs(layer.weight.std().item() - 0.02) < 5e-4
            assert abs(layer.weight.mean().item()) < 1e-3
        assert abs(network[3].weight.mean().item() - 1) < 1e-3
        assert abs(network[3].weight.std().item() - 0.02) < 1e-3
    assert not any(layer.bias.any() for layer in network[:4])


def test_the_default_initialization_leaves_the_weights() -> None:
    layer = nn.Conv2d(3, 3, 3)
    before = layer.weight.clone()
    init_weights(layer, "default")
    assert torch.equal(layer.weight, before)
    with pytest.raises(InputError, match="Did you mean: normal"):
        init_weights(layer, "norma")


def test_multiply_adds_are_counted_where_they_are_used() -> None:
    # two passes of 8 · 10 pixels · 9 weights, and 5 of the linear layer
    assert multiply_adds(Doubled(), 8, 10) == 2 * 720 + 5


def test_counting_leaves_the_network_as_it_was() -> None:
    network = Doubled().train()
    before = network.convolution.weight
    multiply_adds(network, 4, 4)
    assert network.training and network.convolution.weight is before
    assert parameters(network) == (9 + 1) + (5 + 5)
