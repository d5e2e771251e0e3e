"""The table of generators. To add one: write its file, import it here, add one line."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Mapping
from typing import Any, NamedTuple

from torch._subclasses.fake_tensor import FakeTensorMode

from photochrom.errors import InputError
from photochrom.generators.cost import multiply_adds, parameters
from photochrom.generators.generator import Generator
from photochrom.generators.initialization import init_weights
from photochrom.generators.mobile_unet import MobileUNet
from photochrom.generators.unet import UNet

GENERATORS: dict[str, type[Generator]] = {
    "mobile_unet": MobileUNet,
    "unet": UNet,
}
TABLE_PX = 256
TABLE_OUTPUTS = 3  # an rgb head's


class GeneratorRow(NamedTuple):
    """One line of the table: as the network is with its default options and an rgb head."""

    name: str
    paper: str
    parameters: int
    multiply_adds: int  # of one picture of 256×256
    output_stride: int


def make_generator(
    name: str,
    outputs: int,
    options: Mapping[str, Any],
    *,
    inputs: int = 1,
    init: str = "default",
) -> Generator:
    """The generator called `name` with random weights and `outputs` output channels.

    `inputs` planes of lightness go in, 1 or 3; `init` is one of `initialization.INITS`. Raises
    `InputError` for an unknown name or option (with the near ones), or a value that does not fit.
    """
    if name not in GENERATORS:
        near = difflib.get_close_matches(name, GENERATORS) or sorted(GENERATORS)
        raise InputError(f"There is no generator {name!r}. Did you mean: {', '.join(near)}?")
    for option in options:
        require_option(name, option)
    try:
        generator = GENERATORS[name](outputs, inputs=inputs, **options)
    except (TypeError, ValueError) as error:
        raise InputError(f"The generator {name!r} does not take these options: {error}") from error
    init_weights(generator, init)
    return generator


def options_of(name: str) -> tuple[str, ...]:
    """The names of the options that a recipe can give the generator `name`."""
    keywords = inspect.signature(GENERATORS[name]).parameters
    return tuple(keyword for keyword in keywords if keyword not in ("outputs", "inputs"))


def require_option(name: str, option: str) -> None:
    """Raise `InputError` with the near ones unless the generator `name` has this option."""
    known = options_of(name)
    if option not in known:
        near = difflib.get_close_matches(option, known) or known
        raise InputError(
            f"The generator {name!r} has no option {option!r}. Did you mean: {', '.join(near)}?"
        )


def generator_table() -> tuple[GeneratorRow, ...]:
    """A row for each generator, by name. Nothing is computed but shapes: it takes a second."""
    return tuple(generator_row(name) for name in GENERATORS)


def generator_row(name: str) -> GeneratorRow:
    """The row of one generator."""
    kind = GENERATORS[name]
    with FakeTensorMode():
        network = kind(TABLE_OUTPUTS)
        return GeneratorRow(
            name=name,
            paper=kind.paper,
            parameters=parameters(network),
            multiply_adds=multiply_adds(network, TABLE_PX, TABLE_PX),
            output_stride=kind.output_stride,
        )
