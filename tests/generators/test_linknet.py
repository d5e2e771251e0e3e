"""LinkNet and the ResNet U-Net: size, links and skips."""

from __future__ import annotations

import torch

from photochrom.generators.cost import parameters
from photochrom.generators.linknet import LinkNet, decoder_block
from photochrom.generators.resnet_unet import ResNetUNet


def test_linknet_has_the_papers_11_and_a_half_million_parameters() -> None:
    assert round(parameters(LinkNet(3)) / 1e6, 1) == 11.5


def test_a_decoder_block_is_a_quarter_as_wide_inside() -> None:
    widths = [layer[0].out_channels for layer in decoder_block(256, 128, 2, "batch")]
    assert widths == [64, 64, 128]


@torch.no_grad()
def test_the_links_add_the_encoders_features() -> None:
    network = LinkNet(2).eval()
    added: list[torch.Tensor] = []
    network.up4.register_forward_pre_hook(lambda _, given: added.append(given[0]))
    scales: list[list[torch.Tensor]] = []
    network.encoder.register_forward_hook(lambda _, __, given: scales.append(given))
    network.up8.register_forward_hook(lambda _, __, lifted: torch.zeros_like(lifted))
    network(torch.rand(1, 1, 64, 64) * 100)
    assert torch.equal(added[0], scales[0][2])  # zero from below, so the stride-8 features alone


def test_the_resnet_u_nets_steps_take_the_skips_of_their_size() -> None:
    taken = [block[0].in_channels for block in ResNetUNet(2, depth=50).ups]
    assert taken == [2048 + 1024, 256 + 512, 128 + 256, 64 + 64, 32]


def test_without_batch_statistics_a_batch_paints_in_training_as_each_alone() -> None:
    torch.manual_seed(1)
    network = ResNetUNet(2, depth=18, encoder_norm="frozen", norm="group").train()
    pair = torch.rand(2, 1, 64, 64) * 100
    with torch.no_grad():
        alone = torch.cat([network(pair[:1]), network(pair[1:])])
        assert torch.allclose(network(pair), alone, atol=1e-3)
