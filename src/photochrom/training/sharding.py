"""Networks cut over the processes (FSDP), and what was made of them before put in the same place.

Weights, gradients, the optimizer's moments and the moving average then lie in parts, one on each
process (Zhao et al. 2023); what is saved, looked at or exported is put together again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn
from torch.distributed.device_mesh import DeviceMesh
from torch.distributed.fsdp import FSDPModule, fully_shard
from torch.distributed.tensor import DTensor, distribute_tensor

from photochrom.generators.supervised import Supervised

LARGE = 1 << 20  # weights of a layer that is gathered on its own, just when it is needed


def shard(network: nn.Module, mesh: DeviceMesh) -> nn.Module:
    """The network itself, its weights cut over the mesh's `data_parallel` dimension."""
    among = mesh["data_parallel"]
    network.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    network.register_forward_hook(as_own_tensors)
    for layer in list(network.modules()):
        if sum(weight.numel() for weight in layer.parameters(recurse=False)) >= LARGE:
            fully_shard(layer, mesh=among)
    fully_shard(network, mesh=among)
    return network


def as_own_tensors(_network: nn.Module, _given: Any, painted: Any) -> Any:
    """What a network gives, no tensor a view of another: FSDP's hooks do not bear those."""
    return own(painted)


def own(painted: Any) -> Any:
    """The same, its views copied."""
    if isinstance(painted, Tensor):
        return painted.clone() if painted._is_view() else painted
    if isinstance(painted, Supervised):
        return Supervised(own(painted.planes), own(painted.has_colour))
    return type(painted)(map(own, painted)) if isinstance(painted, list | tuple) else painted


def is_sharded(network: nn.Module) -> bool:
    """Whether the network's weights are cut over the processes."""
    return isinstance(network, FSDPModule)


def set_up(fabric: Fabric, network: nn.Module, optimizer: torch.optim.Optimizer) -> tuple[Any, Any]:
    """Both through Fabric, for all processes; the optimizer follows the network's weights."""
    before = list(network.parameters())
    wrapped = fabric.setup_module(network)
    follow(optimizer, before, list(network.parameters()))
    return wrapped, fabric.setup_optimizers(optimizer)


def follow(
    optimizer: torch.optim.Optimizer, before: Sequence[Tensor], now: Sequence[Tensor]
) -> None:
    """Have the optimizer move these weights, in place of those before, with its moments there."""
    replaced = {id(old): new for old, new in zip(before, now, strict=True)}
    for group in optimizer.param_groups:
        group["params"] = [replaced[id(old)] for old in group["params"]]
    moments = [(replaced[id(old)], state) for old, state in optimizer.state.items()]
    optimizer.state.clear()
    for weight, state in moments:
        optimizer.state[weight] = {
            name: placed_like(moment, weight) for name, moment in state.items()
        }


def placed_like(tensor: Tensor, weight: Tensor) -> Tensor:
    """The tensor on the weight's device; cut as it is where it has the weight's shape."""
    tensor = tensor.to(weight.device)
    if not isinstance(weight, DTensor) or tensor.shape != weight.shape:
        return tensor
    return distribute_tensor(
        tensor.contiguous(),  # laid out as the weight is: fused steps rely on it
        weight.device_mesh,
        weight.placements,
        src_data_rank=None,  # every process holds the whole of it already: nothing is sent
    )


def part_here(tensor: Tensor) -> Tensor:
    """The part of a tensor that lies on this process; all of it where it is not cut."""
    return tensor.to_local() if isinstance(tensor, DTensor) else tensor


def whole(state: Mapping[Any, Any]) -> dict[Any, Any]:
    """A state dict with its tensors put together; all processes must ask at the same time."""
    return {key: gathered(value) for key, value in state.items()}


def gathered(value: Any) -> Any:
    """A tensor put together from all processes, in main memory; anything else as it is."""
    if isinstance(value, DTensor):
        return value.full_tensor().cpu()
    return whole(value) if isinstance(value, dict) else value
