"""A film's packets and pictures one after the other; what is damaged is counted, and left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from photochrom.errors import SetupError

if TYPE_CHECKING:
    import av
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.stream import VideoStream

MOST_UNREADABLE = 1000  # errors in a row, after which the rest of a file counts as lost


@dataclass
class Broken:
    """How many pieces of a film could not be read or decoded, or only with damage."""

    count: int = 0


def packets(
    container: InputContainer, streams: list[Stream], broken: Broken
) -> Iterator[Packet[Any]]:
    """The packets of these streams, and at the end an empty one of each.

    Raises `SetupError` where the disk or the network fails.
    """
    import av

    reading: Iterator[Any] = container.demux(streams)
    unreadable = 0
    while unreadable < MOST_UNREADABLE:
        try:
            packet = next(reading)
        except StopIteration:
            return
        except av.FFmpegError as error:
            if isinstance(error, OSError):
                raise SetupError(f"cannot read on: {error.strerror or error}") from error
            unreadable += 1
            broken.count += 1
            reading = container.demux(streams)
            continue
        unreadable = 0
        yield packet


def decoded(
    container: InputContainer, stream: VideoStream, broken: Broken
) -> Iterator[av.VideoFrame]:
    """The stream's pictures in the order in which they are shown."""
    import av

    for packet in packets(container, [stream], broken):
        try:
            pictures = stream.decode(packet)
        except av.FFmpegError:
            broken.count += 1
            continue
        yield from pictures
