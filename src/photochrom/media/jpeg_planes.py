"""A JPEG as the grey JPEG of its luma, with all that leads back to its own planes.

The luma's coefficients and table stay bit for bit; only the entropy coding around them is new,
since in a colour original all three planes are interleaved. The old Cb and Cr travel in the grey
file as two JPEG streams of one component, in numbered APP9 segments that docs/restore-format.md
describes. When they are read they are untrusted input.
"""

from __future__ import annotations

import hashlib
import struct
import zlib

from photochrom.errors import InputError
from photochrom.media.jpeg_chroma import as_scans_of
from photochrom.media.jpeg_coefficients import Coding, Plane, read_planes, write_planes
from photochrom.media.jpeg_edits import Edit, apply_edits
from photochrom.media.jpeg_luma import has_luma, interleaved_factors, why_luma_is_lost
from photochrom.media.jpeg_metadata import metadata_end
from photochrom.media.jpeg_mpf import mpf_edits
from photochrom.media.jpeg_record import (
    CHROMA_SIGNATURE,
    Restored,
    damaged,
    find_record,
    inflate,
    joined_segments,
    numbered_segments,
    steps_back,
    walk_back,
    without,
)
from photochrom.media.jpeg_segments import (
    DAC,
    DHT,
    DQT,
    DRI,
    SOS,
    JpegFacts,
    parse_jpeg,
    segment_bytes,
)
from photochrom.media.jpeg_tables import tables_in

COEFFICIENTS = 0  # the original's scan can be had again only as its coefficients
_HEAD = struct.Struct(">32s32s32s32sBQQ")
_BASELINE, _EXTENDED = 0xC0, 0xC1
# T.81, K.3.1: how many codes of each length the standard luma DC table has. Who uses it uses all.
_STANDARD_BITS = bytes((0, 1, 5, 1, 1, 1, 1, 1, 1))


def luma_alone(facts: JpegFacts, name: str = "this JPEG") -> bytes:
    """The grey JPEG with a colour JPEG's luma, which `with_chroma_again` leads back.

    Raises `InputError` for one whose luma cannot stay (see `why_luma_is_lost`) or cannot be
    decoded, `SetupError` without the extra `jpeg`.
    """
    if reason := why_luma_is_lost(facts):
        raise InputError(f"the luma of {name} cannot be kept as it is: {reason}")
    planes = read_planes(facts, name)
    how = _how_to_regain(facts, planes)
    start, end = _left_out(facts, how)
    edits = [
        *_grey_edits(facts, planes[0]),
        *(Edit(s.start, s.end, b"") for s in find_record(facts.jpeg, CHROMA_SIGNATURE)),
    ]
    unmoved = mpf_edits(facts, [])
    steps = steps_back(facts.jpeg[:start] + facts.jpeg[end:], [*edits, *unmoved])
    record = numbered_segments(
        CHROMA_SIGNATURE, _content(facts, planes, how) + zlib.compress(steps, 9)
    )
    place = metadata_end(facts)
    edits += [Edit(place, place, record), Edit(start, end, b"")]
    return apply_edits(facts.jpeg, [*edits, *mpf_edits(facts, [*edits, *unmoved])])


def with_chroma_again(grey: bytes) -> Restored:
    """The colour JPEG that `luma_alone` was given.

    Raises `InputError` for a record that is absent, damaged or does not fit its file, `SetupError`
    without the extra `jpeg`.
    """
    record = find_record(grey, CHROMA_SIGNATURE)
    content = joined_segments(grey, record)
    if len(content) < _HEAD.size:
        raise damaged("it is too short")
    digest, *digests, how, cb_bytes, cr_bytes = _HEAD.unpack_from(content)
    streams = content[_HEAD.size :]
    if cb_bytes + cr_bytes > len(streams):
        raise damaged("its chroma is cut off")
    steps = memoryview(inflate(streams[cb_bytes + cr_bytes :]))
    shell = parse_jpeg(b"".join(walk_back(without(grey, record), steps)))
    parts = grey, streams[:cb_bytes], streams[cb_bytes : cb_bytes + cr_bytes]
    planes = [_plane_of(*sized) for sized in zip(parts, _sizes(shell), strict=False)]
    if _digests(planes) != digests:
        raise damaged("the coefficients that it leads to are not the original's")
    if how == COEFFICIENTS:
        return Restored(_with_new_scan(shell, planes), is_exact=False)
    if how not in list(Coding):
        raise damaged(f"it names a coding {how} that is not known")
    coded = _coded(planes, shell, Coding(how))
    at = shell.scans[0].segment.end
    jpeg = shell.jpeg[:at] + coded + shell.jpeg[at:]
    if hashlib.sha256(jpeg).digest() != digest:
        raise damaged("what it leads to is not the original")
    return Restored(jpeg, is_exact=True)


def _content(facts: JpegFacts, planes: list[Plane], how: int) -> bytes:
    """The record but for its steps: what the original is known by, and its chroma."""
    streams = [write_planes([plane], *_own_size(plane)) for plane in planes[1:]] or [b"", b""]
    identity = hashlib.sha256(facts.jpeg).digest()
    return b"".join([_HEAD.pack(identity, *_digests(planes), how, *map(len, streams)), *streams])


def _digests(planes: list[Plane]) -> list[bytes]:
    """One for each of three planes; zeros for those that a grey JPEG does not have."""
    return [*(plane.digest for plane in planes), bytes(32), bytes(32)][:3]


def _own_size(plane: Plane) -> tuple[int, int]:
    """A height and width [px] for a stream that holds nothing but this plane."""
    rows, columns = plane.blocks.shape[:2]
    return rows * 8, columns * 8


def _sizes(shell: JpegFacts) -> list[tuple[int, int]]:
    """How high and wide [px] the streams of a frame's planes must be (T.81, A.1.1 and A.2.4)."""
    if not has_luma(shell):
        raise damaged("what it leads to has no luma")
    tallest = max(down for _, down in shell.sampling)
    widest = max(across for across, _ in shell.sampling)
    sizes = [(shell.height, shell.width)]
    for across, down in shell.sampling[1:]:
        rows = -(-shell.height * down // (8 * tallest))
        columns = -(-shell.width * across // (8 * widest))
        sizes.append((rows * 8, columns * 8))
    return sizes


def _plane_of(stream: bytes, size: tuple[int, int]) -> Plane:
    """The one plane of a stream, which is checked before it is decoded: nobody vouches for it."""
    facts = parse_jpeg(stream)
    if (facts.height, facts.width) != size or len(facts.frame.components) != 1:
        raise damaged("a plane of it has another size")
    return read_planes(facts)[0]


def _how_to_regain(facts: JpegFacts, planes: list[Plane]) -> int:
    """Which coding of the planes by libjpeg gives the original's bytes again, if any does."""
    frame, scan = facts.frame, facts.scans[0]
    in_order = tuple(component.identifier for component in frame.components)
    is_one_scan = len(facts.scans) == 1 and scan.components == in_order
    if frame.kind not in (0, 1, 9) or not is_one_scan or facts.restart_interval:
        return COEFFICIENTS
    has_standard = any(_STANDARD_BITS in facts.payload(s) for s in facts.with_marker(DHT))
    coding = Coding.STANDARD if has_standard else Coding.OPTIMIZED
    coding = Coding.ARITHMETIC if frame.arithmetic else coding
    is_same = _coded(planes, facts, coding) == facts.jpeg[scan.segment.end : scan.end]
    return coding if is_same else COEFFICIENTS


def _left_out(facts: JpegFacts, how: int) -> tuple[int, int]:
    """The bytes of the original that its planes stand for: its entropy-coded bytes and more."""
    scan = facts.scans[0]
    if how != COEFFICIENTS:
        return scan.segment.end, scan.end
    end = len(facts.jpeg) if facts.end_of_image is None else facts.segments[-1].start
    return scan.segment.end, end


def _coded(planes: list[Plane], facts: JpegFacts, coding: Coding) -> bytes:
    """The entropy-coded bytes of all planes, interleaved as in the frame of `facts`."""
    written = _interleaved(planes, facts, coding)
    return written.jpeg[written.scans[0].segment.end : written.scans[0].end]


def _interleaved(planes: list[Plane], facts: JpegFacts, coding: Coding) -> JpegFacts:
    size, factors = (facts.height, facts.width), interleaved_factors(facts)
    return parse_jpeg(write_planes(planes, *size, factors, coding=coding))


def _grey_edits(facts: JpegFacts, luma: Plane) -> list[Edit]:
    """One component in the frame, and its scan alone in the place of the first scan's header."""
    frame, scan = facts.frame.segment, facts.scans[0].segment
    component = facts.frame.components[0]
    listed = bytes((1, component.identifier, 0x11, component.table))
    alone = parse_jpeg(write_planes([luma], facts.height, facts.width))
    body = facts.payload(frame)[:5] + listed
    return [
        *_without_coding(facts),
        Edit(frame.start, frame.end, segment_bytes(_sequential(facts), body)),
        Edit(scan.start, scan.end, as_scans_of(component.identifier, alone)),
    ]


def _with_new_scan(shell: JpegFacts, planes: list[Plane]) -> bytes:
    """The shell with its planes interleaved in a sequential scan."""
    written = _interleaved(planes, shell, Coding.OPTIMIZED)
    frame, old, new = shell.frame.segment, shell.scans[0].segment, written.scans[0]
    tables = b"".join(written.jpeg[s.start : s.end] for s in written.with_marker(DHT))
    chosen = written.payload(new.segment)[2 : 1 + 2 * len(planes) : 2]
    listed = b"".join(
        bytes((component.identifier, table))
        for component, table in zip(shell.frame.components, chosen, strict=True)
    )
    header = segment_bytes(SOS, bytes((len(planes),)) + listed + bytes((0, 63, 0)))
    coded = written.jpeg[new.segment.end : new.end]
    body = bytearray(shell.payload(frame))
    body[7::3] = bytes(across << 4 | down for across, down in written.sampling)
    edits = [
        *_without_coding(shell),
        Edit(frame.start, frame.end, segment_bytes(_sequential(shell), bytes(body))),
        Edit(old.start, old.end, tables + header + coded),
    ]
    return apply_edits(shell.jpeg, edits)


def _without_coding(facts: JpegFacts) -> list[Edit]:
    """Without the Huffman and arithmetic tables and restart intervals before the first scan."""
    before = facts.scans[0].segment.start
    return [
        Edit(segment.start, segment.end, b"")
        for segment in facts.segments
        if segment.marker in (DHT, DAC, DRI) and segment.start < before
    ]


def _sequential(facts: JpegFacts) -> int:
    """The marker of a sequential frame with the file's tables (T.81, B.2.4.1: 8 bits or 16)."""
    if facts.frame.kind in (0, 1):
        return facts.frame.segment.marker
    tables = [facts.payload(segment) for segment in facts.with_marker(DQT)]
    is_wide = any(step > 255 for t in tables for _, table in tables_in(t) for step in table)
    return _EXTENDED if is_wide or any(t[0] >> 4 for t in tables if t) else _BASELINE
