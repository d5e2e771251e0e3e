"""Reading a feature network's weights: the shipped ones, or a file of the user's."""

from __future__ import annotations

from pathlib import Path
from pickle import UnpicklingError

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from photochrom.errors import WeightsError

WEIGHTS = Path(__file__).parent / "weights"  # see the README there


def read_shipped(name: str) -> dict[str, Tensor]:
    """The tensors of `weights/NAME.safetensors`, which comes with the package."""
    try:
        return read_tensors(WEIGHTS / f"{name}.safetensors")
    except WeightsError as error:
        raise WeightsError(f"{error} It comes with photochrom: install it again.") from error


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a .safetensors or a .pth file; pickled code is never run.

    Raises `WeightsError` where the file is absent or unreadable.
    """
    if not path.is_file():
        raise WeightsError(f"The weights {path} are not there.")
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        tensors: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    except UnpicklingError as error:  # whose own words say how to run code from the file
        raise WeightsError(
            f"{path} cannot be read as weights: it is no file of tensors. Get it again"
        ) from error
    except (OSError, RuntimeError, ValueError, EOFError, SafetensorError) as error:
        raise WeightsError(f"{path} cannot be read as weights: {error}") from error
    if not isinstance(tensors, dict):
        raise WeightsError(f"{path} holds a {type(tensors).__name__}, not tensors by name.")
    return tensors


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
