"""A stretch of a film in colour: decoded, steadied, painted, several frames at a time, in order."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from photochrom.color.frame import paint_chroma
from photochrom.color.smooth import Memory, joined, remembered
from photochrom.color.srgb import Floats
from photochrom.errors import InputError
from photochrom.film.ahead import ahead
from photochrom.film.carrying import Carried, shot_around
from photochrom.film.flow import Luma, opencv
from photochrom.film.look import Looker, Shown
from photochrom.film.plan import FilmPlan
from photochrom.film.steadying import AHEAD, SPACING, Steady, steadied
from photochrom.media.video_frames import FilmFrame, Stretch, clock, read_frames
from photochrom.media.video_luma import in_target_format, plane_levels
from photochrom.media.video_packets import Broken
from photochrom.pipeline import in_order

if TYPE_CHECKING:
    from photochrom.api import Colorizer

DECODED_AHEAD = 6  # frames that wait between two threads
STEADY_AHEAD = 4
PAINTERS = 2
HELD_BYTES = 512 << 20  # of frames that wait for what comes after them
SHOT_WINDOW_S = 20  # how far before a told colour its shot's beginning is looked for at first


class Colouring:
    """What is known of a film's colours besides its frames: the network, and what was told."""

    def __init__(self, plan: FilmPlan, colorizer: Colorizer, broken: Broken) -> None:
        film, wanted = plan.film, plan.wanted
        self._plan = plan
        self._broken = broken
        self._carried = Carried()
        self._looker = Looker(
            Shown(film.height, film.width, film.pixel_aspect, film.orientation),
            plan.target.coding,
            colorizer,
            strength=wanted.strength,
            vividness=wanted.vividness,
        )

    def close(self) -> None:
        """Forget what was carried."""
        self._carried.close()

    def carry_told(self) -> None:
        """Carry what is told through its shots; they are read once more for it.

        Raises `InputError` for a hint outside the frame, a key frame that is none, or a moment
        without a frame.
        """
        film = self._plan.film
        for told in self._plan.wanted.told:
            moment = round(told.time_s / film.time_base)
            window = round(SHOT_WINDOW_S / film.time_base)
            earliest = self._plan.stretch.first or 0
            with closing(shot_around(moment, self._small_from, earliest, window)) as shot:
                shown = [place for place, time in enumerate(shot.times) if time <= moment]
                if not shown:
                    raise InputError(f"{film.name} shows no frame at {clock(told.time_s)}")
                place = shown[-1]
                self._carried.carry(shot, place, self._looker.told(shot.lumas[place], told))

    def _small_from(self, first: int) -> Iterator[tuple[int, Luma]]:
        stretch = Stretch(first, self._plan.stretch.stop)
        for frame, small in self._shrunk(stretch, Broken()):
            yield frame.time, small

    def frames(self, stretch: Stretch, known: Memory | None) -> Generator[Steady[FilmFrame]]:
        """The frames of a stretch, their pictures in colour, in order.

        `known` are the colours known at the first frame, where it lies within a shot.
        """
        shrunk = ahead(self._shrunk(stretch, self._broken), DECODED_AHEAD)
        held = self._plan.film.frame_bytes * SPACING
        keys_ahead = max(1, min(AHEAD, HELD_BYTES // held))
        steadying = steadied(shrunk, self._look, known=known, keys_ahead=keys_ahead)
        steady = ahead(steadying, STEADY_AHEAD)
        yield from in_order(self._painted, steady, workers=PAINTERS)

    def _shrunk(self, stretch: Stretch, broken: Broken) -> Iterator[tuple[FilmFrame, Luma]]:
        plan = self._plan
        for frame in read_frames(plan.film, stretch, broken, threads=plan.wanted.encoder.threads):
            picture = in_target_format(frame.picture, plan.film, plan.target)
            luma = plane_levels(picture.planes[0], plan.target.coding.bits)
            yield FilmFrame(frame.time, picture), self._looker.small(luma)

    def _look(self, frame: FilmFrame, small: Luma) -> Memory:
        seen = remembered(self._looker.chroma(small))
        told = self._carried.at(frame.time)
        return seen if told is None else joined(seen, told)

    def _painted(self, steady: Steady[FilmFrame]) -> Steady[FilmFrame]:
        """The frame with its Cb and Cr written; its luma is only read."""
        target = self._plan.target
        planes = steady.frame.picture.planes[:3]
        luma, cb, cr = (plane_levels(plane, target.coding.bits) for plane in planes)
        interlaced = steady.frame.picture.interlaced_frame
        coding = replace(target.coding, interlaced=interlaced)
        paint_chroma(luma, steady.small, coding, (cb, cr), _enlarged)
        return steady


def _enlarged(plane: Floats, height: int, width: int) -> Floats:
    """As `photochrom.color.resize.enlarge`, several times faster."""
    cv2 = opencv()
    return np.asarray(cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR))
