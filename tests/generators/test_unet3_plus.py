"""UNet 3+: full-scale skips, deep supervision, and the branch that guides."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from photochrom.generators.cost import parameters
from photochrom.generators.supervised import Supervised
from photochrom.generators.unet3_plus import UNet3Plus


def network(**options: object) -> UNet3Plus:
    torch.manual_seed(1)
    return UNet3Plus(2, widths=(4, 6, 8), taken=4, **options)  # type: ignore[arg-type]


def lightness() -> Tensor:
    return torch.rand(3, 1, 20, 28, generator=torch.Generator().manual_seed(2)) * 100


def guided(logit: float) -> UNet3Plus:
    """A network whose branch always says the same."""
    made = network(classification_guided=True).eval()
    assert made.guide is not None
    convolution = made.guide[1]
    assert isinstance(convolution, nn.Conv2d) and convolution.bias is not None
    with torch.no_grad():
        convolution.weight.zero_()
        convolution.bias.fill_(logit)
    return made


def test_it_has_the_papers_27_million_parameters() -> None:
    alone = UNet3Plus(1, inputs=3, deep_supervision=False)
    assert abs(parameters(alone) / 1e6 - 26.97) < 0.01


def test_every_stage_sees_every_scale() -> None:
    assert [len(stage.bring) for stage in UNet3Plus(1).stages] == [5, 5, 5, 5]
    taken = [[block[0].in_channels for block in s.bring] for s in UNet3Plus(1).stages]
    assert taken[0] == [64, 320, 320, 320, 1024]
    assert taken[3] == [64, 128, 256, 512, 1024]


def test_every_stage_paints_the_full_size_while_it_is_trained() -> None:
    supervised = network().train()(lightness())
    assert isinstance(supervised, Supervised)
    assert [tuple(planes.shape) for planes in supervised.planes] == [(3, 2, 20, 28)] * 3
    assert supervised.has_colour is None


def test_without_deep_supervision_it_returns_its_planes_alone() -> None:
    assert isinstance(network(deep_supervision=False).train()(lightness()), Tensor)


def test_the_guide_says_for_each_picture_whether_there_is_colour() -> None:
    supervised = network(classification_guided=True, deep_supervision=False).train()(lightness())
    assert isinstance(supervised, Supervised)
    assert supervised.has_colour is not None and supervised.has_colour.shape == (3,)
    assert len(supervised.planes) == 1


@torch.no_grad()
def test_a_picture_without_colour_is_left_grey() -> None:
    assert torch.equal(guided(-1.0)(lightness()), torch.zeros(3, 2, 20, 28))
    coloured = guided(1.0)
    unguided = network()
    unguided.load_state_dict(
        {k: v for k, v in coloured.state_dict().items() if not k.startswith("guide")}
    )
    assert torch.equal(coloured(lightness()), unguided.eval()(lightness()))


def test_the_guide_is_refused_where_zero_is_not_grey() -> None:
    with pytest.raises(ValueError, match="head ab"):
        UNet3Plus(3, classification_guided=True)
