"""How a model paints: the defaults of its file's inputs, and its way from cautious to vivid."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from photochrom.errors import InputError, WeightsError

# Metadata of a model file that `VividnessCurve` is read from.
KNOTS_KEY = "vividness"  # JSON: [[alpha, temperature], …], cautious first, evenly spaced over 0…1
DEFAULT_KEY = "default_vividness"  # 0…1, at which the curve passes the file's own defaults


@dataclass(frozen=True)
class VividnessCurve:
    """Which alpha and temperature go together, from vividness 0, cautious, to 1, vivid.

    The middle of the usual one is the usual `Look`.
    """

    knots: tuple[tuple[float, float], ...] = ((0.5, 0.7), (0.2, 0.5), (0.0, 0.35))
    default: float = 0.5

    @classmethod
    def through(cls, look: Look) -> VividnessCurve:
        """The usual curve, bent so that its middle is the look's alpha and temperature."""
        cautious, _, vivid = cls().knots
        alpha, temperature = look.alpha, look.temperature
        return cls(
            (
                (max(cautious[0], alpha), max(cautious[1], temperature)),
                (alpha, temperature),
                (min(vivid[0], alpha), min(vivid[1], temperature)),
            )
        )

    def at(self, vividness: float) -> tuple[float, float]:
        """Alpha and temperature, straight lines between the knots.

        Raises `InputError` for a vividness outside 0…1.

        >>> VividnessCurve().at(0.5)
        (0.2, 0.5)
        """
        if not 0.0 <= vividness <= 1.0:
            raise InputError(f"vividness must lie between 0 and 1, not {vividness}.")
        alphas, temperatures = zip(*self.knots, strict=True)
        places = np.linspace(0, 1, len(self.knots))
        return (
            float(np.interp(vividness, places, alphas)),
            float(np.interp(vividness, places, temperatures)),
        )


@dataclass(frozen=True)
class Look:
    """What a model file carries as its own; without a curve of its own, it has the usual one."""

    temperature: float = 0.5  # of the annealed mean: low is decided, 1 cautious
    alpha: float = 0.2  # share of the class weights that is taken back: −1 vivid … 1 cautious
    short_side_px: int = 160  # at which a photograph is painted
    curve: VividnessCurve | None = None


def curve_text(curve: VividnessCurve) -> dict[str, str]:
    """The curve as a model file's metadata, which `read_curve` reads."""
    return {KNOTS_KEY: json.dumps(curve.knots), DEFAULT_KEY: str(curve.default)}


def read_curve(metadata: Mapping[str, str]) -> VividnessCurve:
    """The curve in a model file's metadata; the usual one where it has none.

    Raises `WeightsError` where it is damaged.
    """
    usual = VividnessCurve()
    try:
        default = float(metadata.get(DEFAULT_KEY, usual.default))
        said = json.loads(metadata.get(KNOTS_KEY, "null"))
        knots = usual.knots if said is None else tuple((float(a), float(t)) for a, t in said)
    except (TypeError, ValueError) as error:
        raise WeightsError(f"The model's metadata {KNOTS_KEY!r} is damaged: {error}.") from error
    sound = all(-1 <= alpha <= 1 and temperature > 0 for alpha, temperature in knots)
    if not knots or not sound or not 0 <= default <= 1:
        raise WeightsError(
            f"The model's metadata {KNOTS_KEY!r} is {knots} with the default {default}: alpha lies "
            "in −1…1, the default in 0…1, and a temperature is above 0."
        )
    return VividnessCurve(knots, default)
