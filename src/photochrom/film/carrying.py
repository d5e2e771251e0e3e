"""Told colours carried along the motion, from their frame through the whole of its shot."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from photochrom.color.smooth import Memory, joined
from photochrom.color.srgb import Floats
from photochrom.film.flow import Flow, Luma, Path
from photochrom.film.shots import steps

# A told colour outweighs what the network saw, until the motion that carries it is lost.
TOLD_LOOKS = 1000.0
LOST_BELOW, SURE_ABOVE = 0.2, 0.5  # trust in one step of the motion

Time: TypeAlias = int
Frames: TypeAlias = Iterable[tuple[Time, Luma]]


class Spool:
    """Small pictures of one shape, kept on disk: a shot may be long."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  it lives as long as its pictures
        self._shape: tuple[int, ...] = ()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, picture: NDArray[np.uint8]) -> None:
        """Keep one more."""
        self._shape = picture.shape
        self._file.seek(0, 2)
        self._file.write(np.ascontiguousarray(picture).tobytes())
        self._count += 1

    def clear(self) -> None:
        """Forget them all."""
        self._file.seek(0)
        self._file.truncate()
        self._count = 0

    def close(self) -> None:
        """Give the disk back."""
        self._file.close()

    def __getitem__(self, place: int) -> NDArray[np.uint8]:
        size = int(np.prod(self._shape))
        self._file.seek(place * size)
        return np.frombuffer(self._file.read(size), np.uint8).reshape(self._shape)


@dataclass
class Shot:
    """The frames of one shot: their times, and their small luma."""

    times: list[Time] = field(default_factory=list)
    lumas: Spool = field(default_factory=Spool)

    def clear(self) -> None:
        """Forget its frames."""
        self.times.clear()
        self.lumas.clear()

    def close(self) -> None:
        """Give their disk back."""
        self.lumas.close()


def shot_around(time: Time, read: Callable[[Time], Frames], earliest: Time, window: Time) -> Shot:
    """The shot that is shown at `time`.

    `read` gives the frames from a time on. It is asked for ever earlier ones, `window` before
    `time` at first, until a cut is found, or from `earliest`.
    """
    shot = Shot()
    begin = max(earliest, time - window)
    while not _gather(shot, time, read(begin)) and begin > earliest:
        begin = max(earliest, time - 4 * (time - begin))
    return shot


def _gather(shot: Shot, time: Time, frames: Frames) -> bool:
    """Put in `shot` the last one that begins at or before `time`; whether a cut came before it."""
    begun = 0
    for step in steps(frames):
        if step.motion is None:
            if begun and step.frame > time:
                break
            shot.clear()
            begun += 1
        shot.times.append(step.frame)
        shot.lumas.append(step.luma)
    return begun > 1


class Carried:
    """Told colours at every frame of their shots."""

    def __init__(self) -> None:
        self._places: dict[Time, list[tuple[Spool, int]]] = {}
        self._spools: list[Spool] = []

    def close(self) -> None:
        """Forget them all."""
        self._places.clear()
        for spool in self._spools:
            spool.close()

    def at(self, time: Time) -> Memory | None:
        """What is told of the frame of that time; None where nothing is."""
        known: Memory | None = None
        for spool, place in self._places.get(time, ()):
            memory = _unpacked(spool[place])
            known = memory if known is None else joined(known, memory)
        return known

    def carry(self, shot: Shot, place: int, told: Memory) -> None:
        """Carry the colours told of the frame number `place` to the others of its shot."""
        spool = Spool()
        self._spools.append(spool)
        for number, memory in _along(shot, place, told):
            self._places.setdefault(shot.times[number], []).append((spool, len(spool)))
            spool.append(_packed(memory))


def _along(shot: Shot, place: int, told: Memory) -> Iterator[tuple[int, Memory]]:
    """The told colours in the frames from `place` on, and then in those before it."""
    yield place, told
    flow = Flow(careful=True)
    for numbers in (range(place + 1, len(shot.times)), range(place - 1, -1, -1)):
        path: Path | None = None
        nearer = place
        for number in numbers:
            motion = flow.between(shot.lumas[nearer], shot.lumas[number])
            step = _firm(motion.back)
            path = step if path is None else step.then(path)
            memory = path.fetch(told)
            memory[..., 2] *= path.trust
            yield number, memory
            nearer = number


def _firm(path: Path) -> Path:
    """The path with its trust made 0 or 1 where it is little or much, so that it lasts."""
    planes = path.planes
    planes[..., 2] -= np.float32(LOST_BELOW)
    planes[..., 2] /= np.float32(SURE_ABOVE - LOST_BELOW)
    np.clip(planes[..., 2], 0, 1, out=planes[..., 2])
    return path


def _packed(memory: Memory) -> NDArray[np.uint8]:
    """Cb and Cr to a level, weight to 1/255, as bytes (h, w, 3)."""
    packed: Floats = np.empty_like(memory)
    packed[..., :2] = memory[..., :2] + 128
    packed[..., 2] = memory[..., 2] * np.float32(255 / TOLD_LOOKS)
    return np.clip(np.rint(packed), 0, 255).astype(np.uint8)


def _unpacked(packed: NDArray[np.uint8]) -> Memory:
    memory = packed.astype(np.float32)
    memory[..., :2] -= 128
    memory[..., 2] *= np.float32(TOLD_LOOKS / 255)
    return memory
