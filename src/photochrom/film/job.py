"""A film coloured from file to file, part by part, so that it can be stopped and gone on with."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from photochrom.errors import InputError, PhotochromError
from photochrom.film.colouring import Colouring
from photochrom.film.flow import opencv
from photochrom.film.parts import Finished, PartsFolder
from photochrom.film.plan import UNFINISHED, FilmPlan, label
from photochrom.film.steadying import Steady
from photochrom.media.video_frames import FilmFrame, Stretch, clock
from photochrom.media.video_joining import Joined, Part, join
from photochrom.media.video_packets import Broken
from photochrom.media.video_writing import PartWriter

if TYPE_CHECKING:
    from photochrom.api import Colorizer

SHORTEST_PART_S = 5.0  # at a cut a part ends that is as long as this
LONGEST_PART_S = 30.0  # within a shot it ends at the next key from here on
MISSING_S, MISSING_SHARE = 0.5, 0.01  # a film may end so much before it said

OnFrame = Callable[[int], None]  # how many frames are done


@dataclass(frozen=True)
class FilmOutcome:
    """What became of a film."""

    path: Path | None  # None where nothing was written yet
    frames: int
    shots: int
    broken: int  # pieces of the source that could not be decoded, or only with damage
    gone_on_from: int  # frames that an earlier run had finished
    interrupted: bool
    seconds: float
    ends_early: str | None  # in words, where the pictures end before the film should


def colour_film(
    plan: FilmPlan, colorizer: Colorizer, *, on_frame: OnFrame | None = None
) -> FilmOutcome:
    """Colour the film as planned; what an earlier run of the same job finished is not done again.

    Ctrl-C ends it early: what is done is a playable film all the same, and the next run goes on.
    Raises `InputError` where no frame can be decoded, or another run is writing the same result;
    `SetupError` where it cannot be written.
    """
    opencv().setNumThreads(1)  # several frames are worked on at a time
    return _Run(plan, colorizer, on_frame).run()


class _Run:
    """One run of a job."""

    def __init__(self, plan: FilmPlan, colorizer: Colorizer, on_frame: OnFrame | None) -> None:
        self._plan = plan
        self._broken = Broken()
        self._colouring = Colouring(plan, colorizer, self._broken)
        self._on_frame = on_frame
        job = plan.job(colorizer)
        self._label = label(colorizer, job)
        self._folder = PartsFolder(plan.path, job, plan.target.codec.parts)
        self._finished: list[Finished] = []
        self._part: Finished | None = None  # the one that is being written

    def run(self) -> FilmOutcome:
        """The whole of it, by nobody else at the same time."""
        with self._folder.held():
            return self._run()

    def _run(self) -> FilmOutcome:
        started = time.perf_counter()
        self._finished = self._folder.begin()
        gone_on_from = _frames(self._finished)
        interrupted = False
        try:
            self._write_parts()
        except KeyboardInterrupt:
            interrupted = True
        except PhotochromError:
            if not (self._finished or self._part):
                self._folder.remove()
            raise
        parts = [*self._finished, *([self._part] if self._part and self._part.frames else [])]
        if parts:
            self._join(parts, interrupted=interrupted)
        elif not interrupted:
            raise InputError(f"{self._plan.film.name} holds no frames in what is wanted of it")
        if not interrupted:
            self._folder.remove()
        return FilmOutcome(
            path=self._plan.path if parts else None,
            frames=_frames(parts),
            shots=sum(part.shots for part in parts),
            broken=sum(part.broken for part in parts),
            gone_on_from=gone_on_from,
            interrupted=interrupted,
            seconds=time.perf_counter() - started,
            ends_early=None if interrupted else self._why_early(parts[-1].last),
        )

    def _why_early(self, last: int) -> str | None:
        film, stretch = self._plan.film, self._plan.stretch
        if film.duration_s is None or stretch.stop is not None or stretch.frames is not None:
            return None
        end_s = float((last + film.step) * film.time_base)
        if end_s > film.duration_s - max(MISSING_S, MISSING_SHARE * film.duration_s):
            return None
        return (
            f"the pictures end at {clock(end_s)} of {clock(film.duration_s)}: the rest of the file "
            "is missing or damaged"
        )

    def _write_parts(self) -> None:
        if self._finished and self._finished[-1].next is None:
            return
        with closing(self._colouring) as colouring, closing(self._coloured()) as frames:
            colouring.carry_told()
            steady = next(frames, None)
            while steady is not None:
                steady = self._write_part(steady, frames)

    def _write_part(
        self, steady: Steady[FilmFrame] | None, frames: Iterator[Steady[FilmFrame]]
    ) -> Steady[FilmFrame] | None:
        """Write frames to where a part ends; the frame that the next one begins with."""
        assert steady is not None
        first = steady.frame.time
        self._part = Finished(first=first, last=first, next=None, frames=0, shots=0, broken=0)
        before = self._broken.count
        video = self._folder.video(len(self._finished))
        plan = self._plan
        with PartWriter(video, plan.film, plan.target, plan.wanted.encoder) as writer:
            while steady is not None and not self._ends_before(steady):
                writer.write(steady.frame.picture, steady.frame.time)
                self._count(steady)
                steady = next(frames, None)
        facts = replace(
            self._part,
            next=None if steady is None else steady.frame.time,
            broken=self._broken.count - before,
        )
        key = None if steady is None else steady.key
        known = None if key is None or key.opens_shot else key.known
        self._folder.finish(len(self._finished), facts, known)
        self._finished.append(facts)
        self._part = None
        return steady

    def _ends_before(self, steady: Steady[FilmFrame]) -> bool:
        """Whether the part that is being written ends where this frame begins another."""
        assert self._part is not None
        if steady.key is None or not self._part.frames:
            return False
        length_s = (steady.frame.time - self._part.first) * self._plan.film.time_base
        return length_s >= (SHORTEST_PART_S if steady.key.opens_shot else LONGEST_PART_S)

    def _count(self, steady: Steady[FilmFrame]) -> None:
        assert self._part is not None
        opens_shot = steady.key is not None and steady.key.opens_shot
        self._part = replace(
            self._part,
            last=steady.frame.time,
            frames=self._part.frames + 1,
            shots=self._part.shots + opens_shot,
        )
        if self._on_frame is not None:
            self._on_frame(_frames([*self._finished, self._part]))

    def _coloured(self) -> Generator[Steady[FilmFrame]]:
        """The frames that are still to be done, their pictures in colour, in order."""
        stretch = self._plan.stretch
        if not self._finished:
            return self._colouring.frames(stretch, None)
        known = self._folder.known_after(len(self._finished) - 1)
        left = None if stretch.frames is None else stretch.frames - _frames(self._finished)
        return self._colouring.frames(Stretch(self._finished[-1].next, stretch.stop, left), known)

    def _join(self, parts: list[Finished], *, interrupted: bool) -> None:
        plan = self._plan
        stop = plan.stretch.stop
        if interrupted or plan.stretch.frames is not None:
            stop = parts[-1].last + plan.film.step
        whole = Joined(
            film=plan.film,
            target=plan.target,
            container=plan.container,
            parts=[Part(self._folder.video(i), part.first) for i, part in enumerate(parts)],
            first=None if plan.stretch.first is None else parts[0].first,
            stop=stop,
            comment=f"{self._label} {UNFINISHED}" if interrupted else self._label,
            streams=plan.streams,
        )
        path = plan.path
        temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}.part")
        try:
            join(whole, temporary)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def _frames(parts: list[Finished]) -> int:
    return sum(part.frames for part in parts)
