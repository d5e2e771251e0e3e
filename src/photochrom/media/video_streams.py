"""Streams that are copied beside a film's pictures, and whether the new file can hold them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from photochrom.errors import InputError
from photochrom.media.video import Film, opened
from photochrom.media.video_formats import CODECS, CONTAINERS

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.stream import Stream

WORDS = {"audio": "sound", "subtitle": "subtitles", "attachment": "attached file"}


@dataclass(frozen=True)
class Copied:
    """What is copied, by its place in the file, and in words what is not."""

    streams: tuple[int, ...]
    left_out: tuple[str, ...]


def choose_streams(
    film: Film, path: Path, codec: str, *, sound: bool = True, subtitles: bool = True
) -> Copied:
    """The streams that are copied into a film at `path`.

    Raises `InputError` where its container cannot hold one of them, naming one that can.
    """
    with opened(film.path) as source:
        wanted = {"audio": sound, "subtitle": subtitles, "attachment": True}
        others = [stream for stream in source.streams if stream.index != film.stream]
        chosen = [stream for stream in others if wanted.get(stream.type, False)]
        for stream in chosen:
            if not holds(CONTAINERS[path.suffix.lower()], stream):
                raise InputError(_cannot_hold(path, codec, stream, chosen))
        left_out = [_said(stream) for stream in others if stream.type not in wanted]
        return Copied(tuple(stream.index for stream in chosen), tuple(left_out))


def holds(container: str, stream: Stream) -> bool:
    """Whether FFmpeg writes such a stream into that container."""
    import av

    with av.open(io.BytesIO(), "w", format=container) as output:
        try:
            output.add_stream_from_template(stream)
        except (ValueError, av.FFmpegError):
            return False
    return container == "matroska" or stream.type != "attachment"


def _cannot_hold(path: Path, codec: str, stream: Stream, chosen: list[Stream]) -> str:
    fitting = [
        suffix
        for suffix in CODECS[codec].suffixes
        if all(holds(CONTAINERS[suffix], each) for each in chosen)
    ]
    seen = f"{path.name}: {path.suffix} cannot hold the film's {_said(stream)}"
    option = {"audio": "--no-sound", "subtitle": "--no-subtitles"}.get(stream.type)
    without = f" or leave it out with {option}" if option else ""
    if fitting:
        best = ".mkv" if ".mkv" in fitting else fitting[0]
        return f"{seen}: write {path.with_suffix(best).name} instead{without}"
    return f"{seen}, and no container of {codec} holds everything{without.replace(' or', ':')}"


def _said(stream: Stream) -> str:
    context = getattr(stream, "codec_context", None)
    name = f" ({context.codec.canonical_name})" if context is not None else ""
    return f"{WORDS.get(stream.type, stream.type)}{name}, stream {stream.index}"


def copied_streams(
    output: OutputContainer, source: InputContainer, chosen: Sequence[int]
) -> dict[int, Any]:
    """New streams for those of `source`, by their places there."""
    copied: dict[int, Any] = {}
    for place in chosen:
        template: Any = source.streams[place]
        stream = output.add_stream_from_template(template)
        stream.metadata.update(template.metadata)
        stream.disposition = template.disposition
        if template.type != "attachment":
            copied[place] = stream
    return copied
