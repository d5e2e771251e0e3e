"""The table of generators. To add one: write its file, import it here, add one line."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any

from torch import nn

from photochrom.errors import InputError
from photochrom.generators.mobile_unet import MobileUNet

GENERATORS: dict[str, Callable[..., nn.Module]] = {
    "mobile_unet": MobileUNet,
}


def make_generator(name: str, outputs: int, options: Mapping[str, Any]) -> nn.Module:
    """The generator called `name` with random weights and `outputs` output channels.

    Raises `InputError` for an unknown name (with the near ones) or an option it does not have.
    """
    if name not in GENERATORS:
        near = difflib.get_close_matches(name, GENERATORS) or sorted(GENERATORS)
        raise InputError(f"There is no generator {name!r}. Did you mean: {', '.join(near)}?")
    try:
        return GENERATORS[name](outputs, **options)
    except (TypeError, ValueError) as error:
        raise InputError(f"The generator {name!r} does not take these options: {error}") from error
