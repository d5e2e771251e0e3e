"""Making things by name, as a recipe does."""

from __future__ import annotations

import pytest

from photochrom.errors import InputError
from photochrom.training.options import make_named, near


class Kite:
    def __init__(self, colour: str, *, length: float = 1.0) -> None:
        if length <= 0:
            raise ValueError(f"length is above 0, not {length}")
        self.colour, self.length = colour, length


TABLE = {"kite": Kite}


def test_arguments_and_options_reach_what_is_made() -> None:
    kite = make_named("toy", "kite", TABLE, ("red",), {"length": 2.0})
    assert (kite.colour, kite.length) == ("red", 2.0)


def test_an_option_is_no_argument() -> None:
    with pytest.raises(InputError, match="no option 'colour'"):
        make_named("toy", "kite", TABLE, ("red",), {"colour": "blue"})


def test_a_value_that_does_not_fit_is_said_with_the_name() -> None:
    with pytest.raises(InputError, match=r"toy 'kite' .* length is above 0, not -1"):
        make_named("toy", "kite", TABLE, ("red",), {"length": -1})


def test_an_unknown_name_lists_the_near_ones_or_all() -> None:
    assert near("kit", ["kite", "ball"]) == "Did you mean: kite?"
    assert near("zzz", ["kite", "ball"]) == "Did you mean: ball, kite?"
    assert near("zzz", []) == "It has none."
    with pytest.raises(InputError, match="no toy 'kit'"):
        make_named("toy", "kit", TABLE, (), {})
