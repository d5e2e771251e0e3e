"""Tensors by name out of a file, .safetensors or PyTorch's own."""

from __future__ import annotations

from pathlib import Path
from pickle import UnpicklingError

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from photochrom.errors import WeightsError


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
