"""The pictures inside a report: as large and as good as the file's size allows.

Every view (the grey that was given, each model's picture, the truth) is a WebP of its own, in
base64, in a block of text that the page reads when the picture is looked at. On 29 benchmark
pictures WebP of 192 px and quality 75 took 4.4 kB at a mean ΔE2000 of 2.5 from the uncoded
picture; AVIF 4:4:4 of the same size on disk came to 2.3 but took four times as long to encode.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.evaluation.result import Evaluation, Pictures

FORMAT = "image/webp"
ENCODER_THREADS = 2
SAMPLED = 16  # pictures whose sizes say which rung fits
SURE = 0.96  # of the room is planned for: the sample errs a little
BASE64_GROWTH = 4 / 3

View = NDArray[np.uint8]


@dataclass(frozen=True)
class Rung:
    """A size [px on the longer side, smaller pictures stay as they are] and a WebP quality."""

    longest_px: int
    quality: int


LADDER = (
    *(Rung(512, 90), Rung(384, 88), Rung(320, 85), Rung(288, 85), Rung(256, 85), Rung(256, 80)),
    *(Rung(256, 75), Rung(256, 65), Rung(224, 70), Rung(224, 60), Rung(208, 65), Rung(192, 65)),
    *(Rung(176, 65), Rung(160, 65), Rung(160, 50), Rung(144, 50), Rung(128, 50), Rung(128, 40)),
)


@dataclass(frozen=True)
class Plan:
    """Which pictures of the evaluation are embedded, and how."""

    shown: tuple[int, ...]
    rung: Rung

    def words(self, measured: int) -> str:
        """How many of the measured pictures are embedded, and how."""
        count = len(self.shown)
        which = f"all {count:,}" if count == measured else f"{count:,} of {measured:,}"
        size, quality = self.rung.longest_px, self.rung.quality
        return f"{which} pictures at {size} px at most, WebP of quality {quality}"

    def smaller(self) -> Plan:
        """The next plan that takes less room."""
        place = LADDER.index(self.rung) + 1
        if place < len(LADDER):
            return Plan(self.shown, LADDER[place])
        return Plan(evenly(self.shown, len(self.shown) * 9 // 10), self.rung)


def evenly(places: Sequence[int], count: int) -> tuple[int, ...]:
    """`count` of the places, evenly spread; all where there are no more."""
    if count >= len(places):
        return tuple(places)
    return tuple(places[step * len(places) // count] for step in range(count))


def plan(
    evaluation: Evaluation, pictures: Pictures, room_bytes: int, *, most_pictures: int
) -> Plan:
    """The best rung whose blocks fit into the room, by a sample; fewer pictures where none does."""
    shown = evenly(range(len(evaluation.pictures)), most_pictures)
    sampled = [views_of(evaluation, pictures, i) for i in evenly(shown, SAMPLED)]
    if not sampled:
        return Plan((), LADDER[0])
    fitting = room_bytes * SURE * len(sampled) / len(shown)
    low, high = 0, len(LADDER) - 1  # the first rung that fits, else the last
    while low < high:
        middle = (low + high) // 2
        if _encoded_bytes(sampled, LADDER[middle]) <= fitting:
            high = middle
        else:
            low = middle + 1
    needed = _encoded_bytes(sampled, LADDER[low])
    return Plan(evenly(shown, int(len(shown) * min(1, fitting / needed))), LADDER[low])


def views_of(evaluation: Evaluation, pictures: Pictures, i: int) -> list[View]:
    """The grey that was given, each model's picture, the truth."""
    painted = [pictures.painted(model.name, i) for model in evaluation.models]
    return [pictures.grey(i), *painted, pictures.truth(i)]


def encode(view: View, rung: Rung) -> bytes:
    """A WebP of the view: grey (H, W) or rgb (H, W, 3)."""
    picture = Image.fromarray(view)
    picture.thumbnail((rung.longest_px, rung.longest_px), Image.Resampling.LANCZOS)
    coded = io.BytesIO()
    picture.save(coded, "WEBP", quality=rung.quality, method=4)
    return coded.getvalue()


def blocks(
    evaluation: Evaluation,
    pictures: Pictures,
    plan: Plan,
    order: Sequence[int],
) -> Generator[bytes, None, None]:
    """One block of text a shown picture, in the file's `order` (places in `plan.shown`)."""
    with ThreadPoolExecutor(ENCODER_THREADS) as pool:
        for place in order:
            views = views_of(evaluation, pictures, plan.shown[place])
            coded = pool.map(lambda view: encode(view, plan.rung), views)
            yield block(place, list(coded))


def block(place: int, coded: Sequence[bytes]) -> bytes:
    """The text of one picture: a line of base64 a view; `=k` where it is the same as view k."""
    lines = [
        base64.b64encode(one) if coded.index(one) == view else b"=%d" % coded.index(one)
        for view, one in enumerate(coded)
    ]
    return b'<script type="text/plain" id="p%d">\n%b\n</script>\n' % (place, b"\n".join(lines))


def _encoded_bytes(sampled: Sequence[Sequence[View]], rung: Rung) -> float:
    coded = [{encode(view, rung) for view in views} for views in sampled]
    return sum(len(one) * BASE64_GROWTH for views in coded for one in views) + 60 * len(sampled)
