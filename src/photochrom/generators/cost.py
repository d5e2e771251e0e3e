"""What a network costs: parameters, and multiply-adds of one picture."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.func import functional_call
from torch.utils.flop_counter import FlopCounterMode


def parameters(network: nn.Module) -> int:
    """How many numbers are learned, each counted once."""
    return sum(parameter.numel() for parameter in network.parameters())


def multiply_adds(network: nn.Module, height: int, width: int) -> int:
    """Multiply-adds of convolutions and matrix products, painting one lightness (H, W) [px].

    Only shapes are computed, so that it is quick and needs no memory, whatever the network.
    """
    was_training = network.training
    tensors = [*network.named_parameters(), *network.named_buffers()]
    network.eval()
    try:
        with torch.no_grad(), FakeTensorMode() as fake, FlopCounterMode(display=False) as counter:
            shapes: dict[str, Tensor] = {
                name: fake.from_tensor(tensor).requires_grad_(False) for name, tensor in tensors
            }
            device = tensors[0][1].device
            functional_call(network, shapes, (torch.empty(1, 1, height, width, device=device),))
    finally:
        network.train(was_training)
    return int(counter.get_total_flops()) // 2
