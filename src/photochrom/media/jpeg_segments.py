"""The marker segments of a JPEG file, by byte ranges, and what they say (ITU-T T.81, annex B).

Nothing here decodes a pixel or changes a byte. A length in the file is never trusted: a segment
that claims to run past the end of the file is an error, not a slice that happens to be short.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from photochrom.errors import InputError

SOI, EOI, SOS = 0xD8, 0xD9, 0xDA
DQT, DNL, DRI, DHP = 0xDB, 0xDC, 0xDD, 0xDE
DHT, DAC, COM = 0xC4, 0xCC, 0xFE
APP0 = 0xE0
FRAMES = frozenset(range(0xC0, 0xD0)) - {DHT, DAC, 0xC8} | {0xF7}  # 0xF7 is JPEG-LS
STANDALONE = frozenset({0x01, EOI, *range(0xD0, 0xD8)})  # TEM, EOI and RSTn carry no length
MAX_PAYLOAD_BYTES = 0xFFFF - 2  # a length counts its own two bytes

_MARKER = re.compile(rb"\xff[^\x00\xff]")
# Within a scan there are stuffed bytes (JPEG-LS stuffs bits, up to FF 7F) and restart markers.
_MARKER_AFTER_SCAN = re.compile(rb"\xff[\x80-\xcf\xd8-\xfe]")


@dataclass(frozen=True, slots=True)
class Segment:
    """One marker segment: `jpeg[start:end]`, fill bytes included; its payload from `body` on."""

    marker: int
    start: int
    body: int
    end: int


@dataclass(frozen=True, slots=True)
class Component:
    """One colour component of a frame: its id, sampling factors and quantization slot."""

    identifier: int
    across: int
    down: int
    table: int


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame header. `height` 0 means that a DNL marker says it later; sizes in pixels."""

    segment: Segment
    precision: int
    height: int
    width: int
    components: tuple[Component, ...]

    @property
    def kind(self) -> int:
        """0 baseline, 1 extended, 2 progressive, 3 lossless, …: the n of its SOFn marker."""
        return self.segment.marker - 0xC0

    @property
    def progressive(self) -> bool:
        return self.kind in {2, 6, 10, 14}

    @property
    def arithmetic(self) -> bool:
        return 9 <= self.kind <= 15

    @property
    def lossless(self) -> bool:
        return self.kind in {3, 7, 11, 15, 0xF7 - 0xC0}

    @property
    def differential(self) -> bool:
        return self.kind in {5, 6, 7, 13, 14, 15}


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan header, the ids that it names, and where its entropy-coded bytes end."""

    segment: Segment
    components: tuple[int, ...]
    end: int


@dataclass(frozen=True)
class JpegFacts:
    """What the markers of one JPEG file say; byte positions count from its first byte.

    `end_of_image` is where the EOI marker stands, None for a file that stops before it.
    """

    jpeg: bytes = field(repr=False)
    segments: tuple[Segment, ...] = field(repr=False)
    frames: tuple[Frame, ...]
    scans: tuple[Scan, ...]
    end_of_image: int | None

    @property
    def frame(self) -> Frame:
        return self.frames[0]

    @property
    def width(self) -> int:
        return self.frame.width

    @property
    def height(self) -> int:
        return self.frame.height

    @property
    def sampling(self) -> tuple[tuple[int, int], ...]:
        """(across, down) of every component, in the frame's order."""
        return tuple((component.across, component.down) for component in self.frame.components)

    @cached_property
    def trailing(self) -> bytes:
        """The bytes after the EOI marker."""
        return b"" if self.end_of_image is None else self.jpeg[self.end_of_image + 2 :]

    @property
    def restart_interval(self) -> int:
        """The restart interval in force at the end of the last scan; 0 is none."""
        intervals = [self.payload(segment) for segment in self.with_marker(DRI)]
        return int.from_bytes(intervals[-1][:2], "big") if intervals else 0

    @property
    def hierarchical(self) -> bool:
        has_dhp = any(True for _ in self.with_marker(DHP))
        return has_dhp or any(frame.differential for frame in self.frames)

    def payload(self, segment: Segment) -> bytes:
        """What the segment holds, without marker and length."""
        return self.jpeg[segment.body : segment.end]

    def with_marker(self, marker: int, prefix: bytes = b"") -> Iterator[Segment]:
        """The segments of one kind whose payload starts with `prefix`, in the file's order."""
        for segment in self.segments:
            if segment.marker == marker and self.jpeg.startswith(prefix, segment.body, segment.end):
                yield segment

    def app(self, number: int, prefix: bytes) -> Iterator[Segment]:
        """The APPn segments whose payload starts with `prefix`."""
        return self.with_marker(APP0 + number, prefix)


def parse_jpeg(jpeg: bytes) -> JpegFacts:
    """The facts of a JPEG file. Raises `InputError` when its markers make no sense."""
    segments: list[Segment] = []
    frames: list[Frame] = []
    scans: list[Scan] = []
    end_of_image = None
    for segment in walk(jpeg):
        if segment.marker == EOI:
            end_of_image = segment.body - 2
        elif segment.marker in FRAMES:
            frames.append(_frame(jpeg, segment))
        elif segment.marker == SOS:
            if not frames:
                raise _damaged(segment.start, "a scan stands before the frame header")
            scans.append(_scan(jpeg, segment))
        segments.append(segment)
    if not scans:
        raise _damaged(len(jpeg), "the file ends before its first scan")
    return JpegFacts(jpeg, tuple(segments), tuple(frames), tuple(scans), end_of_image)


def walk(jpeg: bytes) -> Iterator[Segment]:
    """The segments in the file's order, the last one being EOI where the file has one.

    Raises `InputError` at the first thing that is no JPEG. After the first scan a cut-off segment
    ends the walk instead: that is a truncated photograph, and a decoder can show what is there.
    """
    if not jpeg.startswith(b"\xff\xd8"):
        raise InputError(
            f"this is not a JPEG file: it starts with {jpeg[:2].hex(' ') or 'nothing'}"
        )
    position, pattern = 2, _MARKER
    while found := pattern.search(jpeg, position):
        marker, start, body = found[0][1], found.start(), found.end()
        while start > position and jpeg[start - 1] == 0xFF:
            start -= 1
        if marker in STANDALONE:
            yield Segment(marker, start, body, body)
            if marker == EOI:
                return
            position = body
            continue
        if marker < 0xC0 or marker == SOI:
            raise _damaged(start, f"marker FF {marker:02X} has no place there")
        position = body + int.from_bytes(jpeg[body : body + 2], "big")
        if position > len(jpeg) and pattern is _MARKER_AFTER_SCAN:
            return
        if not body + 2 <= position <= len(jpeg):
            raise _damaged(start, f"segment FF {marker:02X} claims {position - body} bytes")
        yield Segment(marker, start, body + 2, position)
        pattern = _MARKER_AFTER_SCAN if marker == SOS else pattern


def segment_bytes(marker: int, payload: bytes) -> bytes:
    """A marker segment with its length written. The payload holds at most 65,533 bytes."""
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise ValueError(f"a JPEG segment holds {MAX_PAYLOAD_BYTES} bytes, not {len(payload)}")
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload


def _frame(jpeg: bytes, segment: Segment) -> Frame:
    body = jpeg[segment.body : segment.end]
    if len(body) < 6 or len(body) < 6 + 3 * body[5] or not body[5]:
        raise _damaged(segment.start, "the frame header is too short")
    height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    if not width:
        raise _damaged(segment.start, "the frame is 0 pixels wide")
    components = tuple(
        Component(body[at], body[at + 1] >> 4, body[at + 1] & 15, body[at + 2])
        for at in range(6, 6 + 3 * body[5], 3)
    )
    return Frame(segment, body[0], height, width, components)


def _scan(jpeg: bytes, segment: Segment) -> Scan:
    body = jpeg[segment.body : segment.end]
    if not body or len(body) < 4 + 2 * body[0]:
        raise _damaged(segment.start, "the scan header is too short")
    after = _MARKER_AFTER_SCAN.search(jpeg, segment.end)
    return Scan(
        segment, tuple(body[1 : 1 + 2 * body[0] : 2]), after.start() if after else len(jpeg)
    )


def _damaged(position: int, what: str) -> InputError:
    return InputError(
        f"this JPEG file is damaged at byte {position}: {what}. "
        "Fetch the file again from where it came, or open and save it in a photo editor"
    )
