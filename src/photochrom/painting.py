"""How one photograph is painted: what its user asked for, and the way through the network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photochrom.color.alternatives import alternatives
from photochrom.color.bilateral import GUIDE_PER_AB
from photochrom.color.colorize import network_size
from photochrom.color.distribution import Bins, log_shares, mean_colour, uncertainty
from photochrom.color.hinting import lay_hints
from photochrom.color.hints import Hint
from photochrom.color.merge import small_lightness
from photochrom.color.resize import resize
from photochrom.color.spread import hint_planes, spots_of
from photochrom.color.srgb import Coded, Floats
from photochrom.errors import InputError
from photochrom.models.network import Network

EFFORTS = ("usual", "best")
BEST_SCALES = (1.0, 0.8)  # of the network's size: benchmarks/effort.py
LEAST_SHARE = np.float32(1e-9)


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
        words += [f"candidate={self.candidate + 1}"] * (self.candidate > 0)
        return " ".join(words + [f"hint={hint}" for hint in self.hints])


class Painting:
    """The way of one photograph, displayed at `height` × `width` px, through the network.

    Raises `InputError` where the network cannot do what is wished for.
    """

    def __init__(self, network: Network, wishes: Wishes, *, height: int, width: int) -> None:
        check_wishes(network, wishes)
        self.network = network
        self.wishes = wishes
        self.spots = spots_of(wishes.hints, height=height, width=width) if wishes.hints else None

    @property
    def guide_per_ab(self) -> int:
        """How much larger than its colours the guide is that they are enlarged along."""
        return 1 if self.spots else GUIDE_PER_AB

    def paint(self, grey: Coded) -> NDArray[Any]:
        """The colours ab (h, w, 2), or rgb (h, w, 3), of upright sRGB-coded grey (H, W)."""
        if self.network.paints == "rgb":
            return self.network.paint_rgb(self._small(grey))
        ab = self._colours(grey)
        if self.spots is None:
            return ab
        if not self.network.takes_hints:
            return lay_hints(grey, ab, self.spots)
        untold = copy(self)
        untold.spots = None
        return lay_hints(grey, untold._colours(grey), self.spots, told=ab)

    def uncertainty(self, grey: Coded) -> Floats:
        """How unsure the network is of each colour of grey (H, W): 0 sure … 1 not at all, (h, w).

        Raises `InputError` for a network that does not choose among colours.
        """
        return uncertainty(self._likely(grey, bins_of(self.network)))

    def _colours(self, grey: Coded) -> Floats:
        """The colours ab (h, w, 2), the network's own where nothing else is wished for."""
        wishes, bins = self.wishes, self.network.bins
        if not wishes.candidate and (wishes.effort == "usual" or bins is None):
            return _mean_of_views(self._ab, self._views(grey))
        bins = bins_of(self.network)
        likely = alternatives(self._likely(grey, bins), bins, wishes.candidate + 1)[-1]
        curve = self.network.curve
        vividness = curve.default if wishes.vividness is None else wishes.vividness
        alpha, temperature = curve.at(vividness)
        # The class weights have been taken back already; alpha of them stays so.
        return mean_colour(log_shares(likely, bins, alpha=alpha - 1, temperature=temperature), bins)

    def _likely(self, grey: Coded, bins: Bins) -> Floats:
        """The log probability of each bin in photographs, (K, h, w), the mean of all views'."""

        def shares(small: Floats, mirrored: bool) -> Floats:
            logits = self.network.logits(small, **self._planes(small, mirrored))
            return np.moveaxis(np.exp(log_shares(logits, bins)), 0, -1)

        mean = _mean_of_views(shares, self._views(grey))
        return np.log(np.maximum(np.moveaxis(mean, -1, 0), LEAST_SHARE))

    def _views(self, grey: Coded) -> Iterator[tuple[Floats, bool]]:
        """Lightness (h, w) to show to the network, and whether it has been mirrored."""
        scales = (1.0,) if self.wishes.effort == "usual" else BEST_SCALES
        for scale in scales:
            small = self._small(grey, scale)
            yield small, False
            if self.wishes.effort == "best":
                yield np.ascontiguousarray(small[:, ::-1]), True

    def _small(self, grey: Coded, scale: float = 1.0) -> Floats:
        short_side_px = round(scale * self.network.short_side_px)
        return small_lightness(grey, *network_size(grey.shape[0], grey.shape[1], short_side_px))

    def _ab(self, small: Floats, mirrored: bool) -> Floats:
        asked: dict[str, Any] = self._planes(small, mirrored)
        if self.wishes.vividness is not None:
            asked["vividness"] = self.wishes.vividness
        return self.network.paint(small, **asked)

    def _planes(self, small: Floats, mirrored: bool) -> dict[str, Floats]:
        if self.spots is None or not self.network.takes_hints:
            return {}
        spots = self.spots.mirrored() if mirrored else self.spots
        return {"hints": hint_planes(spots, small)}


def _mean_of_views(
    look: Callable[[Floats, bool], Floats], views: Iterable[tuple[Floats, bool]]
) -> Floats:
    """The mean of what each view shows, (h, w, C), turned round and at the first one's size."""
    shown: list[Floats] = []
    for small, mirrored in views:
        seen = look(small, mirrored)
        seen = seen[:, ::-1] if mirrored else seen
        shown.append(resize(seen, *shown[0].shape[:2]) if shown else seen)
    return shown[0] if len(shown) == 1 else np.mean(shown, axis=0, dtype=np.float32)


def check_wishes(network: Network, wishes: Wishes, *, uncertainty: bool = False) -> None:
    """Raise `InputError` where the network cannot do what is wished for."""
    if wishes.vividness is not None:
        network.look_at(wishes.vividness)
    if wishes.effort not in EFFORTS:
        raise InputError(f"effort is {wishes.effort!r}, and it is one of {', '.join(EFFORTS)}")
    if wishes.effort == "best" and network.paints != "ab":
        raise InputError(
            f"the model {network.identity.name} paints lightness as well as colour, and effort "
            "'best' is for models of photographs. Leave it out"
        )
    if wishes.hints and network.paints != "ab":
        raise InputError(
            f"the model {network.identity.name} paints lightness as well as colour and takes no "
            "hints. Leave them out, or use a model for photographs (`photochrom models`)"
        )
    if wishes.candidate or uncertainty:
        bins_of(network)


def bins_of(network: Network) -> Bins:
    """The colours that a network chooses among. Raises `InputError` where it does not choose."""
    if network.bins is None:
        raise InputError(
            f"the model {network.identity.name} paints one colour without choosing among several: "
            "it has no candidates and cannot say how sure it is. Use another (`photochrom models`)"
        )
    return network.bins
