"""Changes to the bytes of a grey JPEG: the header traps that old cameras and scanners lay.

Pillow writes the pixels. The rest is done here to its bytes, since hardly any encoder writes these.
"""

from __future__ import annotations

import functools
import io
import struct
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.media.jpeg_segments import DHT, DQT, SOS, JpegFacts, parse_jpeg, segment_bytes

Change = Callable[[bytes], bytes]


def scene(height: int, width: int) -> NDArray[np.uint8]:
    """A grey picture with slopes, an edge, a texture and true black and white."""
    down, across = np.mgrid[0:height, 0:width].astype(np.float64)
    slopes = 120 + 70 * np.sin(across / 9.0) + 50 * np.cos((down + across / 2) / 7.0)
    texture = np.random.default_rng(height * 1000 + width).normal(0, 9, (height, width))
    picture = np.where(across > 0.6 * width, 255 - slopes, slopes) + texture
    return np.clip(picture, 0, 255).astype(np.uint8)


def chroma(height: int, width: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Smooth Cb and Cr planes at half the size."""
    down, across = np.mgrid[0 : (height + 1) // 2, 0 : (width + 1) // 2].astype(np.float64)
    cb = 128 + 40 * np.sin(across / 23 + 0.4) * np.cos(down / 19)
    cr = 128 + 45 * np.cos(across / 21) * np.sin(down / 17 + 0.8)
    return cb.astype(np.uint8), cr.astype(np.uint8)


def grey_jpeg(height: int, width: int, **options: object) -> bytes:
    """The scene as Pillow writes it; `options` as in its JPEG plugin."""
    written = io.BytesIO()
    Image.fromarray(scene(height, width)).save(written, "JPEG", **{"quality": 85, **options})
    return written.getvalue()


# ---------------------------------------------------------------- pieces to change


def rebuilt(facts: JpegFacts, payload: Callable[[int, bytes], bytes | None]) -> bytes:
    """The file with every segment's payload as the function gives it; None leaves it out."""
    pieces, cursor = [], 0
    for segment in facts.segments:
        if segment.end == segment.body:  # EOI
            continue
        new = payload(segment.marker, facts.payload(segment))
        written = b"" if new is None else segment_bytes(segment.marker, new)
        pieces += [facts.jpeg[cursor : segment.start], written]
        cursor = segment.end
    return b"".join([*pieces, facts.jpeg[cursor:]])


def changed(marker: int, change: Change) -> Change:
    """Every segment of one kind with its payload changed."""

    def apply(jpeg: bytes) -> bytes:
        return rebuilt(
            parse_jpeg(jpeg), lambda kind, body: change(body) if kind == marker else body
        )

    return apply


def in_front(*segments: bytes) -> Change:
    """Segments right behind SOI."""
    return lambda jpeg: jpeg[:2] + b"".join(segments) + jpeg[2:]


def behind_app0(*segments: bytes) -> Change:
    """Segments right behind the JFIF segment."""
    return lambda jpeg: jpeg[:20] + b"".join(segments) + jpeg[20:]


def before_scan(number: int, extra: bytes) -> Change:
    """Bytes in front of the n-th scan header; -1 is the last one."""

    def apply(jpeg: bytes) -> bytes:
        at = parse_jpeg(jpeg).scans[number].segment.start
        return jpeg[:at] + extra + jpeg[at:]

    return apply


def before_end(extra: bytes) -> Change:
    """Bytes in front of the EOI marker."""
    return lambda jpeg: jpeg[:-2] + extra + jpeg[-2:]


def trailing(extra: bytes) -> Change:
    """Bytes behind the EOI marker."""
    return lambda jpeg: jpeg + extra


def chain(*changes: Change) -> Change:
    """One change after the other."""
    return lambda jpeg: functools.reduce(lambda so_far, change: change(so_far), changes, jpeg)


# ---------------------------------------------------------------- the header traps


def frame_changed(change: Callable[[bytearray], None]) -> Change:
    """The frame header's payload changed in place: precision, height, width, 1, id, H·V, slot."""

    def apply(jpeg: bytes) -> bytes:
        frame = parse_jpeg(jpeg).frame.segment
        body = bytearray(jpeg[frame.body : frame.end])
        change(body)
        return jpeg[: frame.body] + bytes(body) + jpeg[frame.end :]

    return apply


def component_id(identifier: int) -> Change:
    """Luma under another component id, in the frame and in all scans."""
    in_scans = changed(SOS, lambda body: body[:1] + bytes((identifier,)) + body[2:])
    return chain(frame_changed(lambda body: body.__setitem__(6, identifier)), in_scans)


def sampling(across: int, down: int) -> Change:
    """Luma that claims to be sampled more finely, though it is alone."""
    return frame_changed(lambda body: body.__setitem__(7, across << 4 | down))


def table_slot(slot: int) -> Change:
    """Luma's quantization table in another slot."""
    in_table = changed(DQT, lambda body: bytes((slot,)) + body[1:])
    return chain(frame_changed(lambda body: body.__setitem__(8, slot)), in_table)


def spare_tables(*slots: int) -> Change:
    """Further tables that nothing uses, all of them in one segment."""
    return behind_app0(segment_bytes(DQT, b"".join(bytes((s,)) + b"\x63" * 64 for s in slots)))


def sixteen_bit_table(jpeg: bytes) -> bytes:
    """An extended sequential file (SOF1) whose table has steps of 16 bits, 300 among them."""
    wide = changed(DQT, lambda body: b"\x10" + struct.pack(">64H", *body[1:64], 300))(jpeg)
    at = parse_jpeg(wide).frame.segment.body - 3
    return wide[:at] + (b"\xc1" if wide[at] == 0xC0 else wide[at : at + 1]) + wide[at + 1 :]


def without_app0(jpeg: bytes) -> bytes:
    """No JFIF segment."""
    return rebuilt(parse_jpeg(jpeg), lambda kind, body: None if kind == 0xE0 else body)


def huffman_slot_1(jpeg: bytes) -> bytes:
    """Luma's Huffman tables in slot 1, as the first two of a colour file's never are."""
    tables = changed(DHT, lambda body: bytes((body[0] | 1,)) + body[1:])(jpeg)
    return changed(SOS, lambda body: body[:2] + bytes((body[2] | 0x11,)) + body[3:])(tables)


def fill_bytes(jpeg: bytes) -> bytes:
    """Three fill bytes in front of every marker but SOI."""
    pieces, cursor = [], 0
    for segment in parse_jpeg(jpeg).segments:
        pieces += [jpeg[cursor : segment.start], b"\xff\xff\xff"]
        cursor = segment.start
    return b"".join([*pieces, jpeg[cursor:]])


ADOBE = {n: segment_bytes(0xEE, b"Adobe\0\x64\0\0\0\0" + bytes((n,))) for n in (0, 1, 2)}
COMMENT = segment_bytes(0xFE, "Großmutter, 1931".encode())


def mpf_index(order: str = "<") -> bytes:
    """The APP2 segment of a two-picture file; `two_pictures` fills in sizes and offsets."""
    head = b"II*\0" if order == "<" else b"MM\0*"
    fields = struct.pack(order + "2HI4s", 0xB000, 7, 4, b"0100")
    fields += struct.pack(order + "2H2I", 0xB001, 4, 1, 2)
    fields += struct.pack(order + "2H2I", 0xB002, 7, 32, 50)
    return segment_bytes(
        0xE2, b"MPF\0" + head + struct.pack(order + "IH", 8, 3) + fields + bytes(4 + 32)
    )


def two_pictures(order: str = "<") -> Change:
    """A second JPEG behind the first, found by an MPF index as cameras write it."""

    def apply(jpeg: bytes) -> bytes:
        first, second = behind_app0(mpf_index(order))(jpeg), grey_jpeg(24, 32)
        header = first.index(b"MPF\0") + 4
        entries = struct.pack(order + "3I2H", 0x030000, len(first), 0, 0, 0)
        entries += struct.pack(order + "3I2H", 0, len(second), len(first) - header, 0, 0)
        return first[: header + 50] + entries + first[header + 82 :] + second

    return apply
