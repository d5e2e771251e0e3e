"""Pictures of a film encoded, part by part; sound and subtitles are not touched here.

A part is a film of its own, where the codec allows it in FFmpeg's NUT container, which keeps times
in any unit and plays even where its writing was cut off. `video_joining` makes one film of them.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from photochrom.errors import PhotochromError, SetupError
from photochrom.media.video import Film, color_range
from photochrom.media.video_formats import Target

if TYPE_CHECKING:
    import av

BT709_PRIMARIES = 1  # sRGB's own, and our colours'
ANY_TYPE = 0  # AVPictureType: the encoder chooses


@dataclass(frozen=True)
class EncoderSettings:
    """What the user says of the encoder; `crf` counts for H.264 only."""

    preset: str = "veryfast"
    crf: int = 18
    threads: int | None = None


class PartWriter:
    """Encodes pictures into one part. Leaving it by an error leaves what is there to be played."""

    def __init__(self, path: Path, film: Film, target: Target, settings: EncoderSettings) -> None:
        import av

        self._av = av
        self._path = path
        self._range = color_range(target.coding.full_range)
        self._matrix = target.matrix
        self._film = film
        with words_of(path):
            self._container = av.open(str(path), "w", format=target.codec.parts)
            self._stream: Any = self._container.add_stream(
                target.codec.encoder,
                rate=film.rate,
                options=encoder_options(film, target, settings),
            )
        context: Any = self._stream.codec_context
        context.width, context.height, context.pix_fmt = film.width, film.height, target.pix_fmt
        context.time_base = self._stream.time_base = film.time_base
        context.sample_aspect_ratio = film.pixel_aspect
        context.color_range = self._range
        context.colorspace = self._matrix
        context.color_primaries = BT709_PRIMARIES
        context.color_trc = film.transfer
        context.thread_count = settings.threads or 0

    def write(self, picture: av.VideoFrame, time: int) -> None:
        """Encode one picture, to be shown at `time` [the film's time_base]."""
        picture.pts, picture.time_base = time, self._film.time_base
        picture.pict_type = ANY_TYPE
        picture.color_range, picture.colorspace = self._range, self._matrix  # ProRes asks these
        picture.color_primaries, picture.color_trc = BT709_PRIMARIES, self._film.transfer
        with words_of(self._path):
            self._container.mux(self._stream.encode(picture))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        with words_of(self._path):
            try:
                if not isinstance(error, PhotochromError):
                    self._container.mux(self._stream.encode(None))
            finally:
                self._container.close()


def encoder_options(film: Film, target: Target, settings: EncoderSettings) -> dict[str, str]:
    """What FFmpeg's encoder is told."""
    if target.codec.name == "ffv1":
        return {"level": "3", "g": "1", "slices": "4", "slicecrc": "1"}
    if target.codec.name == "prores":
        profile = "4444" if target.coding.across == 1 else "hq"
        return {"profile": profile, "vendor": "apl0"} | ({"flags": "+ildct"} if film.fields else {})
    options = {"preset": settings.preset, "crf": str(settings.crf)}
    if film.fields:
        options["x264-params"] = f"{film.fields}=1"
    return options


class words_of:  # noqa: N801  it is used as a function
    """Turns FFmpeg's errors into a `SetupError` that says what could not be written."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        from av import FFmpegError

        if isinstance(error, FFmpegError | OSError):
            raise SetupError(_why_unwritable(self._path, error)) from error


def _why_unwritable(path: Path, error: BaseException) -> str:
    number = getattr(error, "errno", None)
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return (
            f"cannot write {path}: the disk is full. Free some space and run the same command "
            "again: it goes on where it stopped"
        )
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"cannot write {path}: no permission. Choose another place"
    return f"cannot write {path}: {getattr(error, 'strerror', None) or error}"
