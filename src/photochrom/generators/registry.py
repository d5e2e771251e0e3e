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
from photochrom.generators.linknet import LinkNet
from photochrom.generators.mobile_full_unet import MobileFullUNet
from photochrom.generators.mobile_unet import MobileUNet
from photochrom.generators.query_unet import QueryUNet
from photochrom.generators.r2unet import R2UNet
from photochrom.generators.resnet_unet import ResNetUNet
from photochrom.generators.stream_unet import StreamUNet
from photochrom.generators.unet import UNet
from photochrom.generators.unet3_plus import UNet3Plus
from photochrom.generators.unet_plus_plus import UNetPlusPlus

GENERATORS: dict[str, type[Generator]] = {
    "linknet": LinkNet,
    "mobile_full_unet": MobileFullUNet,
    "mobile_unet": MobileUNet,
    "query_unet": QueryUNet,
    "r2unet": R2UNet,
    "resnet_unet": ResNetUNet,
    "stream_unet": StreamUNet,
    "unet": UNet,
    "unet3_plus": UNet3Plus,
    "unet_plus_plus": UNetPlusPlus,
}
# parameters, and multiply-adds of one 256×256 picture, with default options and an rgb head;
# `measured_cost` counts them, and a test keeps these fresh
COSTS: dict[str, tuple[int, int]] = {
    "linknet": (11_533_571, 2_685_403_136),
    "mobile_full_unet": (2_234_067, 832_364_544),
    "mobile_unet": (2_219_523, 545_710_080),
    "query_unet": (2_553_923, 820_797_440),
    "r2unet": (39_108_099, 152_488_116_224),
    "resnet_unet": (24_436_659, 7_832_862_720),
    "stream_unet": (25_507_459, 41_767_927_808),
    "unet": (54_412_483, 6_014_631_936),
    "unet3_plus": (27_023_439, 197_954_371_584),
    "unet_plus_plus": (9_045_612, 29_754_392_576),
}
OPTION_KINDS: Mapping[type, tuple[tuple[type, ...], str]] = {  # by the type of the default
    bool: ((bool,), "true or false"),
    float: ((float, int), "a number"),
    int: ((int,), "a whole number"),
    str: ((str,), "a word"),
    tuple: ((list, tuple), "a list of whole numbers"),
}
TABLE_PX = 256
TABLE_OUTPUTS = 3  # an rgb head's


class GeneratorRow(NamedTuple):
    """One line of the table: as the network is with its default options and an rgb head."""

    name: str
    paper: str
    parameters: int
    multiply_adds: int  # of one picture of 256×256


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
    for option, value in options.items():
        require_option(name, option, value)
    try:
        generator = GENERATORS[name](outputs, inputs=inputs, **options)
    except (TypeError, ValueError) as error:
        raise InputError(f"The generator {name!r} does not take these options: {error}") from error
    init_weights(generator, init)
    return generator


def options_of(name: str) -> dict[str, Any]:
    """The options that a recipe can give the generator `name`, with their defaults.

    >>> options_of("unet")
    {'depth': 8, 'width': 64, 'norm': 'batch', 'dropout': 0.5}
    """
    return {
        keyword: parameter.default
        for keyword, parameter in inspect.signature(GENERATORS[name]).parameters.items()
        if keyword not in ("outputs", "inputs")
    }


def require_option(name: str, option: str, value: object) -> None:
    """Raise `InputError` unless the generator has this option and it takes such a value."""
    known = options_of(name)
    if option not in known:
        near = difflib.get_close_matches(option, known) or known
        raise InputError(
            f"The generator {name!r} has no option {option!r}. Did you mean: {', '.join(near)}?"
        )
    default = known[option]
    kinds, words = OPTION_KINDS[type(default)]
    if not isinstance(value, kinds) or isinstance(value, bool) != isinstance(default, bool):
        raise InputError(
            f"The option {option!r} of the generator {name!r} is {words}, "
            f"{default!r} by default; not {value!r}."
        )


def generator_table() -> tuple[GeneratorRow, ...]:
    """A row for each generator, by name, each with its default options and an rgb head."""
    return tuple(
        GeneratorRow(name, kind.paper, *(COSTS.get(name) or measured_cost(name)))
        for name, kind in GENERATORS.items()
    )


def measured_cost(name: str) -> tuple[int, int]:
    """Parameters and multiply-adds as `COSTS` has them, counted now."""
    with FakeTensorMode():
        network = GENERATORS[name](TABLE_OUTPUTS)
        return parameters(network), multiply_adds(network, TABLE_PX, TABLE_PX)
