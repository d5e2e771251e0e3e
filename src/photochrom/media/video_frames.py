"""A film's frames in order, each at its exact time, from one moment to another."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from photochrom.errors import InputError
from photochrom.media.video import Film, opened
from photochrom.media.video_packets import Broken, decoded

if TYPE_CHECKING:
    import av
    from av.container import InputContainer
    from av.video.stream import VideoStream


class FilmFrame(NamedTuple):
    """A decoded frame, and its time [the film's time_base] with the film's start taken off."""

    time: int
    picture: av.VideoFrame


LARGEST_STEP_BACK_S = 1


@dataclass(frozen=True)
class Stretch:
    """Which frames are wanted: from a time on, to another, so many at most."""

    first: int | None = None  # time [time_base]; None: from the beginning
    stop: int | None = None  # the first time that is no longer wanted
    frames: int | None = None


def read_frames(
    film: Film, stretch: Stretch, broken: Broken, *, threads: int | None = None
) -> Iterator[FilmFrame]:
    """The frames of a stretch, in order.

    What cannot be decoded, or comes at a time that has passed, is counted as broken and left out.
    Raises `InputError` where the size of the pictures changes.
    """
    if stretch.first is not None:
        with opened(film.path) as container:
            frames = _sought(container, film, stretch.first, broken, threads)
            early = next(frames, None)
            if early is not None and early.time <= stretch.first:
                yield from _within(film, chain([early], frames), stretch, broken)
                return
    with opened(film.path) as container:
        stream = _prepared(container, film, threads)
        frames = _timed(film, decoded(container, stream, broken), broken)
        yield from _within(film, frames, stretch, broken)


def _sought(
    container: InputContainer, film: Film, first: int, broken: Broken, threads: int | None
) -> Iterator[FilmFrame]:
    """The frames from a little before a time on; none, or too late, where there is no index."""
    import av

    stream = _prepared(container, film, threads)
    try:
        container.seek(first + film.start, stream=stream)
    except av.FFmpegError:
        return
    yield from _timed(film, decoded(container, stream, broken), broken)


def _prepared(container: InputContainer, film: Film, threads: int | None) -> VideoStream:
    (stream,) = (stream for stream in container.streams.video if stream.index == film.stream)
    stream.thread_type = "AUTO"
    stream.codec_context.thread_count = threads or 0
    return stream


def _timed(film: Film, pictures: Iterator[av.VideoFrame], broken: Broken) -> Iterator[FilmFrame]:
    """Each picture with its time; times only grow."""
    last: int | None = None
    for picture in pictures:
        said = picture.pts if picture.pts is not None else picture.dts
        if said is None:
            said = film.start if last is None else last + film.step + film.start
        time = said - film.start
        if last is not None and time <= last:
            _refuse_jump(film, last, time)
            broken.count += 1
            continue
        last = time
        yield FilmFrame(time, picture)


def _refuse_jump(film: Film, last: int, time: int) -> None:
    """A frame or two out of order are damage; a clock that begins anew hides the rest of a film."""
    if (last - time) * film.time_base > LARGEST_STEP_BACK_S:
        at = clock(last * film.time_base)
        raise InputError(
            f"{film.name}: its clock jumps back at {at}, as where recordings were strung together: "
            f"write it anew with one clock first, or colour what comes before with --to {at}"
        )


def _within(
    film: Film, frames: Iterator[FilmFrame], stretch: Stretch, broken: Broken
) -> Iterator[FilmFrame]:
    given = 0
    for frame in frames:
        if stretch.first is not None and frame.time < stretch.first:
            continue
        if stretch.stop is not None and frame.time >= stretch.stop:
            return
        _refuse_another_size(film, frame)
        broken.count += bool(frame.picture.is_corrupt)
        yield frame
        given += 1
        if given == stretch.frames:
            return


def _refuse_another_size(film: Film, frame: FilmFrame) -> None:
    picture = frame.picture
    if (picture.width, picture.height) != (film.width, film.height):
        at = clock(frame.time * film.time_base)
        raise InputError(
            f"{film.name}: the pictures change from {film.width} × {film.height} to "
            f"{picture.width} × {picture.height} at {at}: colour each part by itself, "
            f"with --to {at} and --from {at}"
        )


def clock(seconds: Fraction | float) -> str:
    """A time as people write it, as `--from` and `--to` take it.

    >>> clock(3723.5)
    '1:02:03.5'
    >>> clock(12)
    '0:12'
    """
    milliseconds = math.floor(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    text = f"{rest / 1000:06.3f}".rstrip("0").rstrip(".")
    return f"{hours}:{minutes:02}:{text}" if hours else f"{minutes}:{text}"
