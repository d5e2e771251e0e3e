"""U-Net++: its nodes, deep supervision, and pruning."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photochrom.generators.cost import multiply_adds, parameters
from photochrom.generators.supervised import Supervised
from photochrom.generators.unet_plus_plus import UNetPlusPlus

WIDTHS = (4, 6, 8, 10)


def network(**options: object) -> UNetPlusPlus:
    torch.manual_seed(1)
    return UNetPlusPlus(2, widths=WIDTHS, **options)  # type: ignore[arg-type]


def lightness() -> Tensor:
    return torch.rand(2, 1, 40, 24, generator=torch.Generator().manual_seed(2)) * 100


def test_it_has_the_papers_9_million_parameters() -> None:
    assert abs(parameters(UNetPlusPlus(1)) / 1e6 - 9.04) < 0.01


def test_every_level_paints_while_it_is_trained_the_last_first() -> None:
    supervised = network().train()(lightness())
    assert isinstance(supervised, Supervised)
    assert [tuple(planes.shape) for planes in supervised.planes] == [(2, 2, 40, 24)] * 3
    assert supervised.has_colour is None
    without_batch_norm = network(norm="none").train()
    main = without_batch_norm(lightness()).planes[0]
    assert torch.equal(main, without_batch_norm.eval()(lightness()))


def test_without_deep_supervision_only_the_last_paints() -> None:
    assert isinstance(network(deep_supervision=False).train()(lightness()), Tensor)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_pruned_network_paints_what_its_level_does(level: int) -> None:
    whole = network(level=level).eval()
    pruned = whole.pruned(level)
    with torch.no_grad():
        assert torch.equal(pruned(lightness()), whole(lightness()))
    assert not pruned.training


def test_pruning_saves_parameters_and_multiply_adds() -> None:
    whole = network()
    costs = [(parameters(p), multiply_adds(p, 64, 64)) for p in map(whole.pruned, (1, 2, 3))]
    assert costs == sorted(costs)
    assert costs[0][0] < costs[2][0] / 4
    assert costs[2] == (parameters(whole), multiply_adds(whole, 64, 64))
    painted_early = multiply_adds(network(level=1), 64, 64)
    assert painted_early == costs[0][1]


def test_a_level_needs_nothing_from_below_it() -> None:
    early = network(level=1).eval()
    painted = early(lightness())
    with torch.no_grad():
        for name, parameter in early.named_parameters():
            if name.startswith(("nodes.x20", "nodes.x11", "nodes.x30", "lifts.x11")):
                parameter.fill_(torch.nan)
    assert torch.equal(early(lightness()), painted)


def test_a_level_that_is_not_there_cannot_be_pruned_to() -> None:
    with pytest.raises(ValueError, match="level is 1 to 3, not 4"):
        network().pruned(4)
