"""The grey JPEG files that the splice must keep: `MATRIX` maps a name to the recipe of a file."""

from __future__ import annotations

import functools
import itertools
import struct
from collections.abc import Callable

from jpeg_changes import (
    ADOBE,
    COMMENT,
    Change,
    before_end,
    before_scan,
    behind_app0,
    chain,
    component_id,
    fill_bytes,
    grey_jpeg,
    huffman_slot_1,
    in_front,
    sampling,
    sixteen_bit_table,
    spare_tables,
    table_slot,
    trailing,
    two_pictures,
    without_app0,
)
from PIL import ImageCms

from photochrom.media.jpeg_metadata import exif_segment, icc_segments, xmp_segment
from photochrom.media.jpeg_segments import segment_bytes

SIZES = ((1, 1), (1, 17), (16, 1), (3, 2), (8, 8), (9, 7), (16, 16), (17, 15), (48, 64), (61, 83))
ENCODINGS: dict[str, dict[str, object]] = {
    "baseline": {},
    "optimized": {"optimize": True},
    "progressive": {"progressive": True},
    "restart-blocks": {"restart_marker_blocks": 3},
    "progressive-restart-rows": {"progressive": True, "restart_marker_rows": 1},
}
QUALITIES = (1, 10, 50, 75, 92, 100)


def grey_profile(gamma: float = 2.2) -> bytes:
    """A small grey ICC profile (ICC.1:2001, version 2.1): white point and one tone curve."""
    curve = b"curv" + struct.pack(">2IH", 0, 1, round(gamma * 256)) + bytes(2)
    white = b"XYZ " + struct.pack(">4I", 0, 0xF6D6, 0x10000, 0xD32D)
    text = b"text" + bytes(4) + b"CC0\0"
    described = b"desc" + struct.pack(">2I", 0, 5) + b"Grey\0" + bytes(8 + 3 + 67)
    described += bytes(-len(described) % 4)
    table, blocks = struct.pack(">I", 4), b""
    for name, block in ((b"desc", described), (b"cprt", text), (b"wtpt", white), (b"kTRC", curve)):
        table += name + struct.pack(">2I", 128 + 4 + 48 + len(blocks), len(block))
        blocks += block
    whole = 128 + len(table) + len(blocks)
    head = struct.pack(">2I4s4s4s4s", whole, 0, b"\2\x10\0\0", b"mntr", b"GRAY", b"XYZ ")
    head = head.ljust(36, b"\0") + b"acsp" + bytes(28) + struct.pack(">3I", 0xF6D6, 0x10000, 0xD32D)
    return head.ljust(128, b"\0") + table + blocks


@functools.cache
def srgb_profile() -> bytes:
    """LittleCMS's own sRGB profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def exif_with_thumbnail_inside(order: str = "<", tail: bytes = b"") -> bytes:
    """An EXIF block: orientation 6, a made-up maker's note, a grey thumbnail, then `tail`."""
    thumbnail = grey_jpeg(24, 32, quality=60)
    note, ifd1 = 8 + 2 + 2 * 12 + 4, 8 + 2 + 2 * 12 + 4 + 10
    start = ifd1 + 2 + 3 * 12 + 4
    block = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "IH", 8, 2)
    block += struct.pack(order + "2HIHH", 0x0112, 3, 1, 6, 0)
    block += struct.pack(order + "2H2I", 0x927C, 7, 10, note)
    block += struct.pack(order + "I", ifd1) + b"maker note" + struct.pack(order + "H", 3)
    block += struct.pack(order + "2HIHH", 0x0103, 3, 1, 6, 0)
    block += struct.pack(order + "2H2I", 0x0201, 4, 1, start)
    block += struct.pack(order + "2H2I", 0x0202, 4, 1, len(thumbnail)) + bytes(4)
    return block + thumbnail + tail


def photoshop_resources(thumbnail: bytes | None = None, number: int = 1036) -> bytes:
    """Image resources: IPTC-IIM with a caption, then a thumbnail where one is given."""
    iptc = b"\x1c\x02\x78" + struct.pack(">H", 9) + b"A caption"
    resources = b"8BIM" + struct.pack(">H", 1028) + b"\0\0" + struct.pack(">I", len(iptc)) + iptc
    if thumbnail:
        shown = struct.pack(">6I2H", 1, 32, 24, 96, 96 * 24, len(thumbnail), 24, 1) + thumbnail
        resources += b"8BIM" + struct.pack(">H", number) + b"\0\0" + struct.pack(">I", len(shown))
        resources += shown + bytes(len(shown) % 2)
    return resources


EXIF = exif_segment(exif_with_thumbnail_inside())
XMP = xmp_segment(b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><!-- grey --></x:xmpmeta>")
EXTENDED_XMP = segment_bytes(
    0xE1, b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32 + struct.pack(">2I", 5, 0) + b"<a/>\n"
)
PHOTOSHOP = segment_bytes(0xED, b"Photoshop 3.0\0" + photoshop_resources(grey_jpeg(24, 32)))
PRIVATE = segment_bytes(0xE5, b"a maker's own block" * 50)
BIG_PROFILE = icc_segments(grey_profile().ljust(150_000, b"\0"))  # in three segments
JFXX = segment_bytes(0xE0, b"JFXX\0\x10" + grey_jpeg(16, 16))
STALE_RECORD = segment_bytes(0xE9, b"Photochrom restore\0" + struct.pack(">BHH", 1, 1, 1) + b"old")
DRI = segment_bytes(0xDD, b"\0\5")


def jfif_thumbnail(jpeg: bytes) -> bytes:
    """A JFIF segment with a 4×3 RGB picture in it."""
    bare = jpeg[6:18]
    return jpeg[:2] + segment_bytes(0xE0, bare + b"\4\3" + bytes(range(36))) + jpeg[20:]


TRAPS: dict[str, Change] = {
    **{f"id-{n}": component_id(n) for n in (0, 2, 3, 34, 65, 71, 82, 114, 254, 255)},
    **{f"no-jfif-id-{n}": chain(component_id(n), without_app0) for n in (0, 2, 82)},
    **{f"table-{n}": table_slot(n) for n in (1, 2, 3)},
    "spare-table-1": spare_tables(1),
    "all-tables": spare_tables(1, 2, 3),
    "table-1-all-tables": chain(table_slot(1), spare_tables(0, 2, 3)),
    "16-bit-table": sixteen_bit_table,
    **{f"adobe-{n}": behind_app0(ADOBE[n]) for n in (0, 1, 2)},
    **{f"adobe-{n}-no-jfif": chain(without_app0, in_front(ADOBE[n])) for n in (0, 1, 2)},
    "adobe-late": before_scan(0, ADOBE[0]),
    "no-jfif": without_app0,
    **{f"sampled-{h}x{v}": sampling(h, v) for h, v in ((2, 2), (4, 1), (1, 2), (3, 1))},
    "huffman-slot-1": huffman_slot_1,
    "fill-bytes": fill_bytes,
    "grey-profile": behind_app0(icc_segments(grey_profile())),
    "grey-profile-in-three": behind_app0(BIG_PROFILE),
    "colour-profile": behind_app0(icc_segments(srgb_profile())),
    "exif": behind_app0(EXIF),
    "exif-first": chain(without_app0, in_front(EXIF)),
    "xmp": behind_app0(XMP),
    "extended-xmp": behind_app0(XMP, EXTENDED_XMP),
    "photoshop": behind_app0(PHOTOSHOP),
    "jfif-thumbnail": jfif_thumbnail,
    "jfxx": behind_app0(JFXX),
    "comments": chain(behind_app0(COMMENT), before_scan(-1, COMMENT), before_end(COMMENT)),
    "private-between": before_scan(-1, PRIVATE),
    "restart-off-again": chain(behind_app0(DRI), before_scan(0, segment_bytes(0xDD, b"\0\0"))),
    "trailing": trailing(b"\0\xff\xd8\xff" * 20),
    "trailing-jpeg": trailing(grey_jpeg(8, 8)),
    "two-pictures": two_pictures("<"),
    "two-pictures-big-endian": two_pictures(">"),
    "stale-record": behind_app0(STALE_RECORD),
    "zeros-before-end": before_end(bytes(7)),
    "everything": chain(
        component_id(3), behind_app0(EXIF, XMP, PHOTOSHOP, BIG_PROFILE, ADOBE[0], PRIVATE, COMMENT)
    ),
}


def _files() -> dict[str, Callable[[], bytes]]:
    files: dict[str, Callable[[], bytes]] = {}
    for (height, width), (name, options) in itertools.product(SIZES, ENCODINGS.items()):
        files[f"{name}-{height}x{width}"] = functools.partial(grey_jpeg, height, width, **options)
    for quality, progressive in itertools.product(QUALITIES, (False, True)):
        kind = "progressive" if progressive else "baseline"
        files[f"{kind}-quality-{quality}"] = functools.partial(
            grey_jpeg, 40, 56, quality=quality, progressive=progressive
        )
    for (trap, change), kind in itertools.product(TRAPS.items(), ("baseline", "progressive")):
        files[f"{kind}-{trap}"] = functools.partial(_trapped, change, ENCODINGS[kind])
    return files


def _trapped(change: Change, options: dict[str, object]) -> bytes:
    return change(grey_jpeg(45, 59, **options))


MATRIX = _files()


@functools.cache
def grey_file(name: str) -> bytes:
    """One file of the matrix."""
    return MATRIX[name]()
