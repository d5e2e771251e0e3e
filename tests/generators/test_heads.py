"""From raw planes to colour."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from photochrom.errors import InputError
from photochrom.generators.heads import MOST_AB, AbHead, RgbHead, make_head
from photochrom.generators.painter import Painter


class Constant(nn.Module):
    """Paints the same raw planes everywhere."""

    def __init__(self, *values: float) -> None:
        super().__init__()
        self.values = torch.tensor(values)[None, :, None, None]

    def forward(self, lightness: Tensor) -> Tensor:
        return self.values.expand(len(lightness), -1, *lightness.shape[-2:])


LIGHTNESS = torch.full((2, 1, 3, 5), 50.0)


def test_an_ab_head_reaches_every_colour_of_srgb() -> None:
    ab = AbHead().ab(torch.tensor([20.0, -20.0]).view(1, 2, 1, 1)).flatten()
    assert ab.tolist() == [MOST_AB, -MOST_AB]


def test_an_rgb_head_of_zeros_is_middle_grey() -> None:
    head = RgbHead()
    raw = torch.zeros(1, 3, 2, 2)
    assert (head.rgb(raw) == 0.5).all()
    assert head.ab(raw).abs().max() < 1e-3


def test_a_sure_bin_gives_its_own_colour() -> None:
    head = make_head("bins", torch.tensor([[0.0, 0.0], [40.0, -30.0]]), torch.ones(2))
    raw = torch.tensor([-30.0, 30.0]).view(1, 2, 1, 1)
    assert head.ab(raw).flatten().tolist() == [40.0, -30.0]
    assert head.planes(raw).flatten().tolist() == pytest.approx([40 / 110, -30 / 110])


def test_an_unknown_head_names_the_known_ones() -> None:
    with pytest.raises(InputError, match="no head 'lab'; known: bins, ab, rgb"):
        make_head("lab")


def test_the_rgb_head_of_a_photo_model_gives_only_its_ab() -> None:
    painted = Painter(Constant(1.0, 0.0, -1.0), RgbHead())(LIGHTNESS)
    assert painted.shape == (2, 2, 3, 5)
    assert (painted[:, 0] > 10).all()  # reddish


def test_a_model_that_paints_rgb_gives_a_whole_picture() -> None:
    painted = Painter(Constant(1.0, 0.0, -1.0), RgbHead(), paints="rgb").colours(LIGHTNESS)
    assert painted.shape == (2, 3, 3, 5)


def test_only_an_rgb_head_paints_rgb() -> None:
    with pytest.raises(ValueError, match="cannot paint"):
        Painter(Constant(0.0, 0.0), AbHead(), paints="rgb")


def test_a_painter_over_bins_gives_colours_and_logits() -> None:
    head = make_head("bins", torch.tensor([[0.0, 0.0], [40.0, -30.0]]), torch.ones(2))
    painter = Painter(Constant(0.0, 3.0), head)
    ab, logits = painter(LIGHTNESS, torch.tensor([1.0]), torch.tensor([0.0]))
    assert ab.shape == (2, 2, 3, 5)
    assert logits.shape == (2, 2, 3, 5)
    torch.testing.assert_close(
        painter.colours(LIGHTNESS)[:, 0], (ab[:, 0] * 0 + 39.9), atol=0.2, rtol=0
    )
