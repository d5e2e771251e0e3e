"""Colour without flicker: the network looks at some frames, and its colours follow the motion.

A frame that the network looks at is a key. Each key's colours become the mean of what was seen of
the same things in the keys before it, as far as motion can be followed, and in the next ones; a
frame between two keys takes the colours of both. Nothing crosses a cut.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Generic, TypeVar

import numpy as np

from photochrom.color.frame import SmallFrame
from photochrom.color.smooth import Memory, as_chroma, between, faded, joined
from photochrom.color.srgb import Floats
from photochrom.film.flow import Luma, Motion, Path
from photochrom.film.shots import Step, steps

Frame = TypeVar("Frame")

SPACING = 8  # frames from one key to the next, at most
FOLLOWED = 0.7  # mean trust in the motion since the last key, below which another is due
AHEAD = 4  # keys that are known of the future before a frame is given its colour
MOST_LOOKS = 16.0  # a memory counts as so many looks at most, so that colours may change in the end


@dataclass
class Key(Generic[Frame]):
    """A frame that the network looked at."""

    frame: Frame
    luma: Luma
    seen: Memory  # in this frame alone
    known: Memory  # in this one and those before it
    opens_shot: bool
    inner: list[_Inner[Frame]] = field(default_factory=list)  # the frames up to the next key
    back: Path | None = None  # to the key before
    forth: Path | None = None  # to the key after
    final: Memory | None = None  # in this one, those before it and some after it


@dataclass
class _Inner(Generic[Frame]):
    frame: Frame
    luma: Luma
    motion: Motion  # from the frame before it
    back: Path  # to the key before
    forth: Path | None = None  # to the key after


@dataclass(frozen=True)
class Steady(Generic[Frame]):
    """A frame in small colour."""

    frame: Frame
    small: SmallFrame
    key: Key[Frame] | None  # where it is one


def steadied(
    frames: Iterable[tuple[Frame, Luma]],
    look: Callable[[Frame, Luma], Memory],
    *,
    known: Memory | None = None,
    keys_ahead: int = AHEAD,
) -> Iterator[Steady[Frame]]:
    """Every frame with its steady colour, in order, `keys_ahead` keys behind what is read.

    `look` says what is seen in a frame, whose small luma is given; `known` is what was known at
    the first frame, where that lies within a shot. Fewer `keys_ahead` hold fewer frames.
    """
    steadier = _Steadier[Frame](look, known, keys_ahead)
    for step in steps(frames):
        if step.motion is None:
            yield from steadier.end_shot()
            steadier.begin_shot(step)
        else:
            yield from steadier.go_on(step, step.motion)
    yield from steadier.end_shot()


class _Steadier(Generic[Frame]):
    """The shot that is being read: its last keys, and the frames that wait for the next one."""

    def __init__(
        self, look: Callable[[Frame, Luma], Memory], known: Memory | None, keys_ahead: int
    ) -> None:
        self._look = look
        self._keys_ahead = keys_ahead
        self._known = known
        self._keys: deque[Key[Frame]] = deque()

    def begin_shot(self, step: Step[Frame]) -> None:
        """Take in the first frame of a shot."""
        seen = self._look(step.frame, step.luma)
        known, self._known = self._known, None
        opens = known is None
        self._keys.append(Key(step.frame, step.luma, seen, seen if known is None else known, opens))

    def go_on(self, step: Step[Frame], motion: Motion) -> Iterator[Steady[Frame]]:
        """Take in the next frame of the shot; give those that are ready."""
        waiting = self._keys[-1].inner
        back = motion.back.then(waiting[-1].back) if waiting else motion.back
        waiting.append(_Inner(step.frame, step.luma, motion, back))
        is_due = len(waiting) >= SPACING or back.trust.mean() < FOLLOWED
        if is_due and not step.is_flash:
            self._close()
            yield from self._ready(self._keys_ahead)

    def end_shot(self) -> Iterator[Steady[Frame]]:
        """What is left of the shot; its last frame is a key too."""
        if not self._keys:
            return
        if self._keys[-1].inner:
            self._close()
        yield from self._ready(0)
        last = self._keys[0]
        yield Steady(last.frame, _small(last.luma, as_chroma(self._final(0))), last)
        self._keys.clear()

    def _close(self) -> None:
        """Make a key of the last waiting frame, and find the others' way to it."""
        before = self._keys[-1]
        last = before.inner.pop()
        forth = last.motion.forth
        for inner in reversed(before.inner):
            inner.forth = forth
            forth = inner.motion.forth.then(forth)
        before.forth = forth
        seen = self._look(last.frame, last.luma)
        carried = faded(last.back.fetch(before.known), last.back.trust, MOST_LOOKS)
        key = Key(last.frame, last.luma, seen, joined(seen, carried), opens_shot=False)
        key.back = last.back
        self._keys.append(key)

    def _ready(self, ahead: int) -> Iterator[Steady[Frame]]:
        """The oldest key and what follows it, while more than `ahead` keys come after those."""
        while len(self._keys) > ahead + 1:
            key = self._keys[0]
            final, final_after = self._final(0), self._final(1)
            yield Steady(key.frame, _small(key.luma, as_chroma(final)), key)
            count = len(key.inner) + 1
            for number, inner in enumerate(key.inner, 1):
                yield Steady(inner.frame, _between(inner, final, final_after, number / count), None)
            self._keys.popleft()

    def _final(self, place: int) -> Memory:
        """What is known of a key from those before it and from some after it."""
        key, *later = list(self._keys)[place : place + self._keys_ahead + 1]
        if key.final is None:
            key.final = joined(key.known, _future(key, later)) if later else key.known
        return key.final


def _future(key: Key[Frame], later: list[Key[Frame]]) -> Memory:
    """What the keys after one saw, carried back to it."""
    future: Memory | None = None
    for before, after in reversed(list(pairwise([key, *later]))):
        seen = after.seen if future is None else joined(after.seen, future)
        assert before.forth is not None
        future = faded(before.forth.fetch(seen), before.forth.trust, MOST_LOOKS)
    assert future is not None
    return future


def _between(inner: _Inner[Frame], before: Memory, after: Memory, share: float) -> SmallFrame:
    assert inner.forth is not None
    colours = between(
        inner.back.fetch(before),
        inner.forth.fetch(after),
        (inner.back.trust, inner.forth.trust),
        share,
    )
    return _small(inner.luma, colours)


def _small(luma: Luma, chroma: Floats) -> SmallFrame:
    return SmallFrame(luma.astype(np.float32), chroma)
