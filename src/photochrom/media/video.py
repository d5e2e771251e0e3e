"""Films opened: what a file says of its pictures before any work is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from photochrom.errors import InputError, SetupError, missing_extra
from photochrom.media.video_packets import Broken, decoded

if TYPE_CHECKING:
    import av
    from av.container import InputContainer
    from av.video.stream import VideoStream

EARLY_FRAMES = 8  # looked at to learn whether a film is interlaced
UNKNOWN = 2  # "unspecified" in every table of ITU-T H.273
JPEG_RANGE = 2  # AVColorRange: 0…255
MPEG_RANGE = 1  # 16…235
HDR = {16: "PQ, SMPTE ST 2084", 18: "HLG, ARIB STD-B67"}  # transfer characteristics, table 3
FIELD_ORDERS = {2: "tff", 3: "bff", 4: "tff", 5: "bff"}  # AVFieldOrder: TT, BB, TB, BT


@dataclass(frozen=True)
class Film:
    """What a file says of its pictures. Sizes are of the stored frame, before `orientation`."""

    path: Path
    stream: int  # its index in the file
    codec: str
    width: int
    height: int
    pix_fmt: str
    time_base: Fraction  # of the frames' times [s]
    rate: Fraction  # frames a second, where they come evenly
    pixel_aspect: Fraction  # width of a pixel / its height
    orientation: int  # EXIF's 1…8
    display_matrix: bytes | None  # as the file holds it
    matrix: int  # tables of ITU-T H.273
    full_range: bool  # as RGB always is, and grey that does not say otherwise
    transfer: int
    fields: str | None  # "tff" or "bff" where frames are two fields
    start: int  # the time [time_base] that becomes 0
    duration_s: float | None
    frames: int | None  # how many there are, where the file says so

    @property
    def name(self) -> str:
        """The file's name, for messages."""
        return self.path.name

    @property
    def frame_bytes(self) -> int:
        """About what a decoded frame takes."""
        return self.width * self.height * (3 if "p1" in self.pix_fmt else 2)

    @property
    def step(self) -> int:
        """How long a frame is shown [time_base] where they come evenly."""
        return max(1, round(1 / (self.rate * self.time_base)))


def require_av(job: str) -> None:
    """Nothing where PyAV is installed. Raises `SetupError` that says how to install it."""
    try:
        import av  # noqa: F401
    except ModuleNotFoundError as error:
        raise missing_extra(job, "av", "video") from error


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """The file, opened by PyAV. Raises `InputError` for what is no film, `SetupError` unread."""
    require_av("reading a film")
    import av

    if path.is_dir():
        raise InputError(f"{path} is a folder: give a film")
    try:
        container = av.open(str(path), metadata_errors="replace")
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist: check how it is spelled") from error
    except PermissionError as error:
        raise SetupError(f"cannot read {path}: no permission") from error
    except av.FFmpegError as error:
        raise InputError(_why_unreadable(path, error)) from error
    with container:
        yield container


def _why_unreadable(path: Path, error: Exception) -> str:
    with path.open("rb") as file:
        head = file.read(12)
    if not head:
        return f"{path.name} is empty: get the file again"
    if head[4:8] in (b"ftyp", b"mdat", b"wide", b"free"):
        return (
            f"{path.name} is a film whose index (its moov atom) is missing, as after a recording "
            "or a download that was cut off. Get the whole file, or have its index rebuilt"
        )
    return f"{path.name} cannot be read as a film: {getattr(error, 'strerror', None) or error}"


def picture_stream(container: InputContainer, name: str) -> VideoStream:
    """The first stream of moving pictures. Raises `InputError` where there is none."""
    import av

    moving = [
        stream
        for stream in container.streams.video
        if not stream.disposition & av.stream.Disposition.attached_pic
    ]
    if moving:
        return moving[0]
    kinds = ", ".join(sorted({stream.type for stream in container.streams})) or "nothing"
    raise InputError(f"{name} holds no moving pictures, only {kinds}: give a film")


def read_film(path: Path) -> Film:
    """What the file says of its pictures; the first frames are decoded for it.

    Raises `InputError` for what is no film, holds no pictures, or holds them in a way that is not
    coloured (HDR), each in words.
    """
    with opened(path) as container:
        stream = picture_stream(container, path.name)
        _refuse_hdr(stream, path.name)
        early = _early_frames(stream, container)
        if not early:
            raise InputError(f"{path.name} holds no frames that can be decoded: get the file again")
        return _film(path, container, stream, early)


def _early_frames(stream: VideoStream, container: InputContainer) -> list[av.VideoFrame]:
    return list(islice(decoded(container, stream, Broken()), EARLY_FRAMES))


def _film(
    path: Path, container: InputContainer, stream: VideoStream, early: list[av.VideoFrame]
) -> Film:
    context, first = stream.codec_context, early[0]
    matrix = _known(context.colorspace, first.colorspace)
    if not stream.time_base:
        raise InputError(f"{path.name} says no times of its frames: convert it to .mkv first")
    display = _display_matrix(first)
    return Film(
        path=path,
        stream=stream.index,
        codec=context.name,
        width=first.width,
        height=first.height,
        pix_fmt=first.format.name,
        time_base=stream.time_base,
        rate=stream.average_rate or stream.guessed_rate or Fraction(25),
        pixel_aspect=stream.sample_aspect_ratio or Fraction(1),
        orientation=orientation_of(display),
        display_matrix=display,
        matrix=matrix,
        full_range=_is_full_range(first),
        transfer=_known(context.color_trc, first.color_trc),
        fields=_fields(context.field_order, early),
        start=_start(container, stream),
        duration_s=_duration_s(container, stream),
        frames=stream.frames or None,
    )


def _is_full_range(picture: av.VideoFrame) -> bool:
    """Whether black is stored as 0, as FFmpeg and players take it."""
    kind = picture.format
    if holds_rgb(kind) or kind.name.startswith("yuvj"):
        return True
    if len(kind.components) < 3:
        return picture.color_range != MPEG_RANGE
    return picture.color_range == JPEG_RANGE


def holds_rgb(kind: av.VideoFormat) -> bool:
    """Whether a pixel format holds red, green and blue, or what FFmpeg turns into them."""
    return kind.is_rgb or kind.has_palette or kind.name.startswith("xyz")


def color_range(full_range: bool) -> int:
    """FFmpeg's AVColorRange."""
    return JPEG_RANGE if full_range else MPEG_RANGE


def _display_matrix(frame: av.VideoFrame) -> bytes | None:
    held: Any = frame.side_data.get("DISPLAYMATRIX")
    return None if held is None else bytes(held)


def _known(*said: int) -> int:
    """The first of several tags that says something; `UNKNOWN` where none does."""
    return next((int(tag) for tag in said if int(tag) != UNKNOWN), UNKNOWN)


def _fields(order: int, early: list[av.VideoFrame]) -> str | None:
    if not any(frame.interlaced_frame for frame in early):
        return None
    return FIELD_ORDERS.get(int(order), "tff")


def _start(container: InputContainer, stream: VideoStream) -> int:
    """What is taken from every time: 0, or where a broadcast's clock stood at its beginning."""
    if not stream.time_base or not container.start_time or container.start_time < 0:
        return 0
    return int(Fraction(container.start_time, 1_000_000) / stream.time_base)


def _duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / 1_000_000 if container.duration else None


def _refuse_hdr(stream: VideoStream, name: str) -> None:
    kind = HDR.get(int(stream.codec_context.color_trc))
    if kind is not None:
        raise InputError(
            f"{name} is HDR ({kind}), whose brightness goes beyond what a colour picture for "
            "ordinary screens can hold: convert it to SDR (BT.709) first"
        )


def orientation_of(display_matrix: bytes | None) -> int:
    """EXIF's orientation, 1…8, of FFmpeg's display matrix; 1 for one that is no quarter turn.

    >>> orientation_of(None)
    1
    """
    if display_matrix is None:
        return 1
    a, b, _, c, d = memoryview(display_matrix).cast("i").tolist()[:5]
    signs = (_sign(a), _sign(b), _sign(c), _sign(d))
    turned = {
        (1, 0, 0, 1): 1,
        (-1, 0, 0, 1): 2,
        (-1, 0, 0, -1): 3,
        (1, 0, 0, -1): 4,
        (0, 1, 1, 0): 5,
        (0, 1, -1, 0): 6,
        (0, -1, -1, 0): 7,
        (0, -1, 1, 0): 8,
    }
    return turned.get(signs, 1)


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)
