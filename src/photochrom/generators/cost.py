"""What a network costs: parameters, and multiply-adds of one picture."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.func import functional_call
from torch.utils.flop_counter import FlopCounterMode

Shape = tuple[int, ...]


def attention_flops(query: Shape, key: Shape, value: Shape, *_: Any, **__: Any) -> int:
    """Two operations for each multiply-add of an attention's two products."""
    return 2 * math.prod(query[:-1]) * key[-2] * (query[-1] + value[-1])


UNCOUNTED = {  # that torch's own counter leaves out
    torch.ops.aten._scaled_dot_product_flash_attention_for_cpu: attention_flops
}


def parameters(network: nn.Module) -> int:
    """How many numbers are learned, each counted once."""
    return sum(parameter.numel() for parameter in network.parameters())


def multiply_adds(network: nn.Module, height: int, width: int) -> int:
    """Multiply-adds of convolutions and matrix products, painting one lightness (H, W) [px].

    Only shapes are computed, so that it is quick and needs no memory, whatever the network.
    """
    was_training = network.training
    tensors = [*network.named_parameters(), *network.named_buffers()]
    counter = FlopCounterMode(display=False, custom_mapping=UNCOUNTED)
    network.eval()
    try:
        with torch.no_grad(), FakeTensorMode() as fake, counter:
            shapes: dict[str, Tensor] = {
                name: fake.from_tensor(tensor).requires_grad_(False) for name, tensor in tensors
            }
            device = tensors[0][1].device
            functional_call(network, shapes, (torch.empty(1, 1, height, width, device=device),))
    finally:
        network.train(was_training)
    return int(counter.get_total_flops()) // 2
