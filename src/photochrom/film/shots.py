"""A film step by step: the motion from each frame to the next, and the cuts between shots."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from photochrom.film.flow import Flow, Luma, Motion, still

Frame = TypeVar("Frame")

# Mean trust in the motion, below which nothing of the frame before is left. Within shots it was
# 0.44 and more, even over ten frames of a film; across cuts it was 0.05 at most.
LOST = 0.2
FLASH = 3  # frames that a flash may last, after which the same shot goes on


@dataclass(frozen=True)
class Step(Generic[Frame]):
    """A frame, and how one comes to it."""

    frame: Frame
    luma: Luma
    motion: Motion | None  # from the frame before; None where a shot begins
    is_flash: bool = False  # its motion is not known and taken for none


def steps(frames: Iterable[tuple[Frame, Luma]]) -> Iterator[Step[Frame]]:
    """Every frame with its motion. A few frames are read ahead where a cut may be."""
    flow = Flow()
    coming: deque[tuple[Frame, Luma]] = deque()
    unlike: list[tuple[Frame, Luma]] = []  # frames since `good` that do not look like it
    good: Luma | None = None
    reading = iter(frames)
    while True:
        item = coming.popleft() if coming else next(reading, None)
        if item is None and not unlike:
            return
        if item is not None and good is not None:
            motion = flow.between(good, item[1])
            if is_followed(motion):
                yield from (Step(*flash, still(good), is_flash=True) for flash in unlike)
                unlike.clear()
                yield Step(*item, motion)
                good = item[1]
                continue
        if item is not None:
            unlike.append(item)
        if good is None or item is None or len(unlike) > FLASH:
            first, *rest = unlike
            coming.extendleft(reversed(rest))
            unlike.clear()
            yield Step(*first, None)
            good = first[1]


def is_followed(motion: Motion) -> bool:
    """Whether both frames are of one shot."""
    return bool(motion.back.trust.mean() > LOST)
