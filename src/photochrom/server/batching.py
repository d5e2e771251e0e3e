"""Network runs of pictures that wait at the same time, put together into one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Feeds: TypeAlias = Mapping[str, NDArray[Any]]
Painted: TypeAlias = list[NDArray[Any]]
IMAGE_AXES = 4  # (B, C, H, W); inputs of fewer are settings, which a batch must share


@dataclass(eq=False)
class _Call:
    """One caller's run: what it feeds and wants, whether it leads, and what came of it."""

    wanted: Sequence[str]
    feeds: Feeds
    turn: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    painted: Painted | None = None

    @property
    def kind(self) -> Hashable:
        """What runs must have in common to be one: outputs, sizes and settings."""
        facts = [
            (name, plane.shape[1:] if plane.ndim == IMAGE_AXES else plane.tobytes())
            for name, plane in self.feeds.items()
        ]
        return (tuple(self.wanted), *sorted(facts))

    @property
    def pictures(self) -> int:
        images = (plane for plane in self.feeds.values() if plane.ndim == IMAGE_AXES)
        return len(next(images))


class BatchingSession:
    """Stands in for a model's ONNX Runtime session, and may be called from many threads.

    A run begins at once while no other is under way, so that a picture that comes alone waits for
    nobody. Those that come during a run are painted together in the next one, as far as they are
    of one size, `most` at a time. The rest of the session is as it was.
    """

    def __init__(
        self, session: Any, *, most: int, on_batch: Callable[[int], None] | None = None
    ) -> None:
        self._session = session
        self._most = most
        self._on_batch = on_batch
        self._lock = threading.Lock()
        self._waiting: list[_Call] = []
        self._led = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def run(self, wanted: Sequence[str], feeds: Feeds) -> Painted:
        """The outputs `wanted` of these feeds, as `InferenceSession.run` gives them."""
        call = _Call(wanted, feeds)
        with self._lock:
            self._waiting.append(call)
            leads, self._led = not self._led, True
        if not leads:
            call.turn.wait()
        if leads or call.leads:
            self._lead(call)
        if call.painted is None:  # the run that it was part of failed, perhaps for its size
            painted: Painted = self._session.run(wanted, feeds)
            return painted
        return call.painted

    def _lead(self, first: _Call) -> None:
        """Run `first`, with all that wait and are of its kind, and hand the lead on."""
        with self._lock:
            batch = [call for call in self._waiting if call.kind == first.kind][: self._most]
            self._waiting = [call for call in self._waiting if call not in batch]
        try:
            self._run_together(batch)
        finally:
            with self._lock:
                following = self._waiting[:1]
                self._led = bool(following)
            for call in following:
                call.leads = True
            for call in batch + following:
                call.turn.set()

    def _run_together(self, batch: list[_Call]) -> None:
        if self._on_batch is not None:
            self._on_batch(len(batch))
        painted = self._session.run(batch[0].wanted, together([call.feeds for call in batch]))
        begin = 0
        for call in batch:
            end = begin + call.pictures
            call.painted = [plane[begin:end] for plane in painted]
            begin = end


def together(feeds: list[Feeds]) -> Feeds:
    """The feeds of several runs as those of one: pictures stacked, settings once."""
    if len(feeds) == 1:
        return feeds[0]
    return {
        name: np.concatenate([each[name] for each in feeds]) if plane.ndim == IMAGE_AXES else plane
        for name, plane in feeds[0].items()
    }
