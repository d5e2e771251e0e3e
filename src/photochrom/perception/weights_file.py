"""A feature network's weights: the shipped ones, and how they go in."""

from __future__ import annotations

from pathlib import Path

from torch import Tensor, nn

from photochrom.errors import WeightsError
from photochrom.tensor_file import read_tensors

WEIGHTS = Path(__file__).parent / "weights"  # see the README there


def read_shipped(name: str) -> dict[str, Tensor]:
    """The tensors of `weights/NAME.safetensors`, which comes with the package."""
    try:
        return read_tensors(WEIGHTS / f"{name}.safetensors")
    except WeightsError as error:
        raise WeightsError(f"{error} It comes with photochrom: install it again.") from error


def fill(network: nn.Module, tensors: dict[str, Tensor], *, origin: str) -> None:
    """Give the network its own names of `tensors`, which may hold deeper layers too.

    Raises `WeightsError` where one is missing or of another shape.
    """
    wanted = network.state_dict()
    missing = [name for name in wanted if name not in tensors]
    if missing:
        raise WeightsError(
            f"{origin} has no {missing[0]!r} ({len(missing)} of {len(wanted)} tensors are "
            f"missing). It holds: {', '.join(sorted(tensors)[:8]) or 'nothing'} …"
        )
    try:
        network.load_state_dict({name: tensors[name] for name in wanted}, assign=True)
    except RuntimeError as error:
        raise WeightsError(f"{origin} is another network's: {error}") from error
