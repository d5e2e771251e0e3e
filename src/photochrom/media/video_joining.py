"""The parts of a film joined with the sound and the subtitles of its source, which are copied."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import merge
from pathlib import Path
from typing import TYPE_CHECKING, Any

from photochrom.media.video import Film, color_range, opened
from photochrom.media.video_formats import Target
from photochrom.media.video_packets import Broken, packets
from photochrom.media.video_streams import copied_streams
from photochrom.media.video_writing import BT709_PRIMARIES, words_of

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

BEFORE_S = 30  # how long before a stretch its subtitles are looked for


@dataclass(frozen=True)
class Part:
    """A piece of the finished pictures: its file, and the time [time_base] of its first frame."""

    path: Path
    first: int


@dataclass(frozen=True)
class Joined:
    """What the whole is made of: which stretch of the source, its parts, the words that label it.

    `first` and `stop` [time_base] are the stretch's; without `stop` everything to the end belongs
    to it. With `first` the times begin anew there.
    """

    film: Film
    target: Target
    container: str
    parts: Sequence[Part]
    first: int | None
    stop: int | None
    comment: str
    streams: Sequence[int]  # of the source, copied


def join(whole: Joined, path: Path) -> None:
    """Write the whole film to `path`.

    Raises `SetupError` where it cannot be written.
    """
    import av

    with (
        words_of(path),
        opened(whole.film.path) as source,
        av.open(str(path), "w", format=whole.container) as output,
    ):
        video = _video_stream(output, whole, source)
        copied = copied_streams(output, source, whole.streams)
        _label(output, source, whole)
        shown = _video_packets(whole, video)
        heard = _copied_packets(whole, source, copied)
        for _, packet in merge(shown, heard, key=lambda timed: timed[0]):
            output.mux_one(packet)


def _video_stream(output: OutputContainer, whole: Joined, source: InputContainer) -> VideoStream:
    film = whole.film
    with opened(whole.parts[0].path) as first:
        stream = output.add_stream_from_template(first.streams.video[0], opaque=False)
    context = stream.codec_context
    stream.time_base = context.time_base = film.time_base
    context.framerate = film.rate
    context.sample_aspect_ratio = film.pixel_aspect
    context.color_range = color_range(whole.target.coding.full_range)
    context.colorspace = whole.target.matrix
    context.color_primaries = BT709_PRIMARIES
    context.color_trc = film.transfer
    if film.display_matrix is not None:
        stream.set_display_matrix(memoryview(film.display_matrix).cast("i").tolist())
    stream.metadata.update(source.streams[film.stream].metadata)
    return stream


def _label(output: OutputContainer, source: InputContainer, whole: Joined) -> None:
    """The source's own title and the like; that a machine coloured it; chapters."""
    said = dict(source.metadata)
    own = said.get("comment")
    output.metadata.update(said | {"comment": f"{own}\n{whole.comment}" if own else whole.comment})
    for of_container in ("major_brand", "minor_version", "compatible_brands", "encoder"):
        output.metadata.pop(of_container, None)
    if whole.first is None and source.chapters():
        output.set_chapters(source.chapters())


def _video_packets(whole: Joined, stream: VideoStream) -> Iterator[tuple[Fraction, Packet[Any]]]:
    """The parts' packets one after the other, with decoding times of the whole."""
    shown_at = [list(_times(part, whole.film)) for part in whole.parts]
    order = [time for part in shown_at for time in part]
    decode_at = decoding_times(order, whole.film.step)
    number = 0
    for part in whole.parts:
        with opened(part.path) as container:
            for packet in packets(container, [container.streams.video[0]], Broken()):
                if packet.pts is None:
                    continue
                packet.pts = order[number] - (whole.first or 0)
                packet.dts = decode_at[number] - (whole.first or 0)
                packet.time_base = whole.film.time_base
                packet.stream = stream
                number += 1
                yield packet.dts * whole.film.time_base, packet


def _times(part: Part, film: Film) -> Iterator[int]:
    """When each packet of a part is shown [the film's time_base], in the order of decoding."""
    with opened(part.path) as container:
        stream = container.streams.video[0]
        shift: Fraction | None = None
        for packet in packets(container, [stream], Broken()):
            if packet.pts is None:
                continue
            ticks = packet.pts * packet.time_base / film.time_base
            shift = part.first - ticks if shift is None else shift
            yield int(ticks + shift)


def decoding_times(shown: Sequence[int], step: int) -> list[int]:
    """A decoding time for each frame, in the order of decoding, given when each is shown.

    They grow, and no frame is shown before it is decoded.

    >>> decoding_times([0, 30, 10, 20, 60, 40, 50], 10)
    [-10, 0, 10, 20, 30, 40, 50]
    """
    order = sorted(shown)
    late = max((place - bisect_left(order, time) for place, time in enumerate(shown)), default=0)
    before = [order[0] - step * (late - i) for i in range(late)] if order else []
    return (before + order)[: len(order)]


def _time_of(packet: Packet[Any]) -> int | None:
    """When a packet is shown or heard, which it may say as its time of decoding only."""
    if packet.pts is None:
        packet.pts = packet.dts
    elif packet.dts is None:
        packet.dts = packet.pts
    return packet.pts


def _seek_near(source: InputContainer, begin: Fraction) -> None:
    """Go to a little before `begin`; a film without an index is read from its beginning."""
    import av

    try:
        source.seek(max(0, int((begin - BEFORE_S) * av.time_base)))
    except av.FFmpegError:
        source.seek(0)


def _lasts(packet: Packet[Any], begin: Fraction) -> bool:
    """Whether a subtitle that began before is still shown then; it is made to begin there."""
    end = (packet.pts or 0) + (packet.duration or 0)
    if packet.stream.type != "subtitle" or end * packet.time_base <= begin:
        return False
    packet.pts = packet.dts = round(begin / packet.time_base)
    packet.duration = end - packet.pts
    return True


def _copied_packets(
    whole: Joined, source: InputContainer, copied: dict[int, Any]
) -> Iterator[tuple[Fraction, Packet[Any]]]:
    """The packets of sound and subtitles that belong to the stretch, at its times."""
    if not copied:
        return
    film = whole.film
    begin = (film.start + (whole.first or 0)) * film.time_base
    stop = None if whole.stop is None else (film.start + whole.stop) * film.time_base
    ended: set[int] = set()
    if begin > BEFORE_S:
        _seek_near(source, begin)
    for packet in packets(source, [source.streams[i] for i in copied], Broken()):
        time, unit = _time_of(packet), packet.time_base
        if not packet.size or time is None:
            continue
        if stop is not None and time * unit >= stop:
            ended.add(packet.stream_index)
            if len(ended) == len(copied):
                return
            continue
        if whole.first is not None and time * unit < begin and not _lasts(packet, begin):
            continue
        _shift(packet, round(begin / unit))
        packet.stream = copied[packet.stream_index]
        yield (packet.dts or 0) * unit, packet


def _shift(packet: Packet[Any], ticks: int) -> None:
    """Let a packet's times begin so much earlier."""
    packet.pts = (packet.pts or 0) - ticks
    packet.dts = (packet.dts or 0) - ticks
