"""Which codecs films are written with, what each holds, and which containers hold it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from photochrom.color.frame import Coding
from photochrom.color.ycbcr import Matrix
from photochrom.errors import InputError
from photochrom.media.video import UNKNOWN, Film, holds_rgb

#: What FFmpeg calls the container of each suffix that a film may be written to.
CONTAINERS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}

#: R′ and B′ in Y′ by ITU-T H.273's MatrixCoefficients (table 4).
MATRICES = {
    1: Matrix(0.2126, 0.0722),  # BT.709
    4: Matrix(0.30, 0.11),  # FCC
    5: Matrix(0.299, 0.114),  # BT.601, 625 lines
    6: Matrix(0.299, 0.114),  # BT.601, 525 lines
    7: Matrix(0.212, 0.087),  # SMPTE 240M
    9: Matrix(0.2627, 0.0593),  # BT.2020, not of constant luminance
}
HD_LINES = 720  # an untagged film is BT.709 from here on, BT.601 below
BT709, BT601 = 1, 6


@dataclass(frozen=True)
class VideoCodec:
    """How a codec is called, where it goes, and what it holds."""

    name: str
    encoder: str
    suffixes: tuple[str, ...]  # of `CONTAINERS`
    parts: str = "nut"  # the container of its unjoined parts
    holds_full_range: bool = True


CODECS = {
    "h264": VideoCodec("h264", "libx264", (".mp4", ".m4v", ".mov", ".mkv")),
    "ffv1": VideoCodec("ffv1", "ffv1", (".mkv",)),
    "prores": VideoCodec(
        "prores", "prores_ks", (".mov", ".mkv"), parts="mov", holds_full_range=False
    ),
}


@dataclass(frozen=True)
class Target:
    """How a film's frames are encoded."""

    codec: VideoCodec
    pix_fmt: str
    coding: Coding
    matrix: int  # of `MATRICES`
    lost: str | None  # what the codec cannot keep, in words


def target_for(film: Film, codec: str) -> Target:
    """How this film is encoded with that codec. Raises `InputError` where that cannot be."""
    matrix = _matrix(film)
    source = Layout.of(film.pix_fmt)
    wanted = {"h264": _for_h264, "ffv1": _for_ffv1, "prores": _for_prores}[codec](source)
    if codec == "h264" and (film.width % 2 or film.height % 2):
        raise InputError(
            f"{film.name} is {film.width} × {film.height}, and H.264 needs even numbers: "
            "write it losslessly with --codec ffv1 into .mkv"
        )
    coding = Coding(
        matrix=MATRICES[matrix],
        full_range=film.full_range and CODECS[codec].holds_full_range,
        bits=wanted.bits,
        down=wanted.down,
        across=wanted.across,
    )
    return Target(CODECS[codec], wanted.pix_fmt, coding, matrix, _lost(source, wanted, codec))


def _matrix(film: Film) -> int:
    said = film.matrix
    if said in (0, UNKNOWN):  # RGB, which becomes luma and chroma here, or nothing said
        return BT709 if film.height >= HD_LINES else BT601
    if said not in MATRICES:
        raise InputError(
            f"{film.name} mixes its colours in a rare way (matrix {said} of ITU-T H.273): "
            "convert it to BT.709 first"
        )
    return said


@dataclass(frozen=True)
class Layout:
    """Depth and chroma subsampling of a pixel format."""

    bits: int
    down: int
    across: int

    @classmethod
    def of(cls, pix_fmt: str) -> Layout:
        """What FFmpeg says of a pixel format; a grey one counts as 4:2:0."""
        from av import VideoFormat

        found = VideoFormat(pix_fmt)
        bits = max(component.bits for component in found.components)
        if holds_rgb(found):
            return cls(bits, 1, 1)
        if len(found.components) < 3:
            return cls(bits, 2, 2)
        return cls(bits, round(64 / found.chroma_height(64)), round(64 / found.chroma_width(64)))

    @property
    def planar(self) -> Layout:
        """The same chroma in a depth that a planar format has."""
        bits = next((held for held in (8, 9, 10, 12, 14) if held >= self.bits), 16)
        return Layout(bits, self.down, self.across)

    @property
    def pix_fmt(self) -> str:
        """FFmpeg's planar format of this layout."""
        names = {(2, 2): "420", (1, 2): "422", (1, 1): "444", (1, 4): "411", (4, 4): "410"}
        names[2, 1] = "440"
        deep = "" if self.bits == 8 else f"{self.bits}le"
        return f"yuv{names[self.down, self.across]}p{deep}"


def _for_h264(source: Layout) -> Layout:
    del source  # what plays everywhere
    return Layout(8, 2, 2)


def _for_ffv1(source: Layout) -> Layout:
    bits = next(held for held in (8, 10, 12, 16) if held >= source.bits)
    if bits > 8 and (source.down, source.across) not in ((2, 2), (1, 2), (1, 1)):
        return Layout(bits, 1, 1)
    return Layout(bits, source.down, source.across)


def _for_prores(source: Layout) -> Layout:
    return Layout(10, 1, 1 if source.across == 1 and source.down == 1 else 2)


def _lost(source: Layout, wanted: Layout, codec: str) -> str | None:
    if source.bits > wanted.bits:
        keeps = "ffv1 or prores" if source.bits <= 10 else "ffv1"
        return f"{codec} holds {wanted.bits} of the film's {source.bits} bits; {keeps} keeps them"
    return None


def container_of(path: Path, codec: str) -> str:
    """FFmpeg's name of the container that the suffix says.

    Raises `InputError` for a suffix that is none of `CONTAINERS`, or that cannot hold the codec.
    """
    suffix = path.suffix.lower()
    if suffix not in CONTAINERS:
        raise InputError(
            f"{path.name}: films are written as {', '.join(CONTAINERS)}, not as "
            f"{suffix or 'a file without a suffix'}"
        )
    if suffix not in CODECS[codec].suffixes:
        raise InputError(
            f"{path.name}: {codec} goes into {' or '.join(CODECS[codec].suffixes)}, "
            f"not into {suffix}"
        )
    return CONTAINERS[suffix]


_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)")


def seconds_of(text: str, option: str) -> float:
    """Seconds of a time such as 12.5, 1:30 or 1:02:03.5. Raises `InputError` for other words.

    >>> seconds_of("1:02:03.5", "--from")
    3723.5
    """
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        raise InputError(f"{option} {text}: a time is wanted, such as 12.5, 1:30 or 1:02:03.5")
    hours, minutes, seconds = match.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds)
