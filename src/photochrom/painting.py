"""How one photograph is painted: what its user asked for, and the way through the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from photochrom.color.alternatives import tilted
from photochrom.color.bilateral import GUIDE_PER_AB
from photochrom.color.colorize import network_size
from photochrom.color.distribution import Bins, log_shares, mean_colour, uncertainty
from photochrom.color.hinting import lay_hints
from photochrom.color.hints import Hint
from photochrom.color.merge import small_lightness
from photochrom.color.spread import hint_planes, spots_of
from photochrom.color.srgb import Coded, Floats
from photochrom.errors import InputError
from photochrom.models.network import Network

EFFORTS = ("usual", "best")


@dataclass(frozen=True)
class Wishes:
    """What the user of one photograph asked for; everything has a default."""

    vividness: float | None = None  # 0 cautious … 1 vivid; None is the model's own
    hints: tuple[Hint, ...] = ()
    effort: str = "usual"
    candidate: int = 0  # 0 is the ordinary result

    def words(self) -> str:
        """What differs from the defaults, for a result's provenance."""
        words = [] if self.vividness is None else [f"vividness={self.vividness:g}"]
        words += [f"effort={self.effort}"] * (self.effort != "usual")
        words += [f"candidate={self.candidate}"] * (self.candidate > 0)
        return " ".join(words + [f"hint={hint}" for hint in self.hints])


class Painting:
    """The way of one photograph, displayed at `height` × `width` px, through the network.

    Raises `InputError` where the network cannot do what is wished for.
    """

    def __init__(self, network: Network, wishes: Wishes, *, height: int, width: int) -> None:
        if wishes.vividness is not None:
            network.look_at(wishes.vividness)
        if wishes.effort not in EFFORTS:
            raise InputError(f"effort is {wishes.effort!r}, and it is one of {', '.join(EFFORTS)}")
        if wishes.hints and network.paints != "ab":
            raise InputError(
                f"the model {network.identity.name} paints lightness as well as colour and takes "
                "no hints. Leave them out, or use a model for photographs (`photochrom models`)"
            )
        if wishes.candidate and network.bins is None:
            raise InputError(chooses_not(network))
        self.network = network
        self.wishes = wishes
        self._spots = spots_of(wishes.hints, height=height, width=width) if wishes.hints else None

    @property
    def guide_per_ab(self) -> int:
        """How much larger than its colours the guide is that they are enlarged along."""
        return 1 if self._spots else GUIDE_PER_AB

    def paint(self, grey: Coded) -> NDArray[Any]:
        """The colours ab (h, w, 2), or rgb (h, w, 3), of upright sRGB-coded grey (H, W)."""
        small = small_lightness(grey, *self._size(grey))
        if self.network.paints == "rgb":
            return self.network.paint_rgb(small)
        ab = self._colours(small)
        return ab if self._spots is None else lay_hints(grey, ab, self._spots)

    def uncertainty(self, grey: Coded) -> Floats:
        """How unsure the network is of each colour of grey (H, W): 0 sure … 1 not at all, (h, w).

        Raises `InputError` for a network that does not choose among colours.
        """
        bins = self._bins()
        small = small_lightness(grey, *self._size(grey))
        return uncertainty(log_shares(self.network.logits(small, **self._planes(small)), bins))

    def _size(self, grey: Coded) -> tuple[int, int]:
        return network_size(grey.shape[0], grey.shape[1], self.network.short_side_px)

    def _colours(self, small: Floats) -> Floats:
        """The colours ab (h, w, 2) of lightness (H, W)."""
        if self.wishes.candidate:
            return self._alternative(small)
        asked: dict[str, Any] = self._planes(small)
        if self.wishes.vividness is not None:
            asked["vividness"] = self.wishes.vividness
        return self.network.paint(small, **asked)

    def _alternative(self, small: Floats) -> Floats:
        bins = self._bins()
        logits = self.network.logits(small, **self._planes(small))
        vividness = self.wishes.vividness
        curve = self.network.curve
        alpha, temperature = curve.at(curve.default if vividness is None else vividness)
        likely = tilted(log_shares(logits, bins), bins, self.wishes.candidate)
        weighed = log_shares(likely, bins, alpha=alpha - 1, temperature=temperature)
        return mean_colour(weighed, bins)

    def _bins(self) -> Bins:
        if self.network.bins is None:
            raise InputError(chooses_not(self.network))
        return self.network.bins

    def _planes(self, small: Floats) -> dict[str, Floats]:
        if self._spots is None or not self.network.takes_hints:
            return {}
        return {"hints": hint_planes(self._spots, small)}


def chooses_not(network: Network) -> str:
    """In words for the user, why a network has no candidates and no uncertainty."""
    return (
        f"the model {network.identity.name} paints one colour without choosing among several: it "
        "has no candidates and cannot say how sure it is. Use another (`photochrom models`)"
    )
