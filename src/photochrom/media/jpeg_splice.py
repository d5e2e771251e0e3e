"""A grey JPEG made into a colour one without touching its luma: the splice.

JPEG lets each component have scans of its own, and a grey JPEG *is* such scans. So the frame header
gets three components, the grey entropy-coded bytes stay where they are, and Cb and Cr follow as
further scans before the EOI marker (ITU-T T.81, A.2.2 and B.2.3). Everything is an edit of the
original's bytes, and the restore record undoes them all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photochrom.errors import InputError
from photochrom.media.jpeg_chroma import ChromaScans, encode_chroma
from photochrom.media.jpeg_edits import Edit, apply_edits
from photochrom.media.jpeg_kinds import require_decodable
from photochrom.media.jpeg_luma import HALF, Sampling
from photochrom.media.jpeg_metadata import (
    JFIF,
    JFIF_BYTES,
    adobe_segment,
    adobe_segments,
    adobe_transform_at,
    metadata_edits,
    metadata_end,
)
from photochrom.media.jpeg_mpf import mpf_edits
from photochrom.media.jpeg_record import find_record, record_segments
from photochrom.media.jpeg_segments import (
    DNL,
    DQT,
    DRI,
    JpegFacts,
    parse_jpeg,
    segment_bytes,
)
from photochrom.media.jpeg_tables import tables_in
from photochrom.media.jpeg_thumbnails import thumbnail_edits

_YCBCR = 1  # Adobe's colour transform
_RGB_IDS = frozenset(b"RGB")  # as component ids they mean that there is no YCbCr to convert
_ONE = 0x11  # the chroma's sampling factors; the luma's are how often it is finer


def splice(
    jpeg: bytes,
    cb: NDArray[np.uint8],
    cr: NDArray[np.uint8],
    *,
    quality: int = 90,
    sampling: Sampling = HALF,
    xmp: bytes | None = None,
    icc: bytes | None = None,
    exif_thumbnail: bytes | None = None,
) -> bytes:
    """The grey JPEG in colour: its luma's own bytes, and two chroma planes behind them.

    `cb` and `cr` are uint8 in the file's stored orientation, a pixel for each `sampling` block
    (across, down) of luma and centred on it, so usually (⌈H/2⌉, ⌈W/2⌉); `quality` 1…100 is theirs
    alone. `xmp` replaces the file's XMP packet (None keeps it). `icc` is the profile that the
    colour is in; a profile of the grey file never stays, since a grey one is invalid beside three
    components. `exif_thumbnail`, a JPEG, replaces the thumbnails in EXIF and Photoshop's
    resources, and JFIF's are left out then (None keeps all).

    Raises `InputError` for a file that cannot be spliced (see `why_not_spliceable`), `ValueError`
    for planes of another size.
    """
    facts = parse_jpeg(jpeg)
    require_decodable(facts)
    if reason := why_not_spliceable(facts):
        raise InputError(f"the luma of this JPEG cannot be kept as it is: {reason}")
    _check_planes(facts, sampling, cb, cr)
    chroma = encode_chroma(
        (cb, cr), chroma_ids(facts), quality=quality, progressive=facts.frame.progressive
    )
    edits = [
        *_colour_edits(facts, chroma, sampling),
        *metadata_edits(facts, xmp=xmp, icc=icc),
        *(thumbnail_edits(facts, exif_thumbnail) if exif_thumbnail else ()),
        *(Edit(segment.start, segment.end, b"") for segment in find_record(jpeg)),
    ]
    unmoved = mpf_edits(facts, [])
    end = metadata_end(facts)
    edits.append(Edit(end, end, record_segments(jpeg, [*edits, *unmoved])))
    return apply_edits(jpeg, [*edits, *mpf_edits(facts, [*edits, *unmoved])])


def why_not_spliceable(facts: JpegFacts) -> str | None:
    """Why the luma of this JPEG cannot stay as it is and it needs `ordinary`; None if it can."""
    frame = facts.frame
    if len(frame.components) != 1:
        return f"it has {len(frame.components)} components, not the one of a grey photograph"
    if frame.arithmetic:
        return "it is arithmetic-coded, which hardly any program decodes in colour"
    if any(scan.components != (frame.components[0].identifier,) for scan in facts.scans):
        return "a scan names a component that the frame does not have"
    if not frame.progressive and len(facts.scans) > 1:
        return f"it is sequential and yet has {len(facts.scans)} scans of one component"
    if any(facts.with_marker(DNL)):
        return "it says its height a second time, in a DNL segment"
    if facts.end_of_image is None and facts.scans[-1].end < len(facts.jpeg):
        return "it is cut off between two scans"
    return None


def chroma_ids(facts: JpegFacts) -> tuple[int, int]:
    """The ids for Cb and Cr: the two after luma's own, never one of R, G and B.

    Decoders guess the colour space from the ids when nothing else says it.
    """
    luma = facts.frame.components[0].identifier
    following = ((luma + step) % 256 for step in range(1, 256))
    free = (identifier for identifier in following if identifier not in _RGB_IDS)
    return next(free), next(free)


def _check_planes(facts: JpegFacts, sampling: Sampling, *planes: NDArray[np.uint8]) -> None:
    size = -(-facts.height // sampling[1]), -(-facts.width // sampling[0])
    for plane in planes:
        if plane.dtype != np.uint8 or plane.shape != size:
            raise ValueError(f"a chroma plane is uint8 {size}, not {plane.dtype} {plane.shape}")


def _colour_edits(facts: JpegFacts, chroma: ChromaScans, sampling: Sampling) -> list[Edit]:
    """Three components in the frame, YCbCr said, and the chroma before the end of the image."""
    slot, free = _chroma_slot(facts)
    table = segment_bytes(DQT, bytes((slot,)) + chroma.table)
    frame = facts.frame.segment
    end, closing = _end_of_scans(facts)
    unrestarted = segment_bytes(DRI, bytes(2)) if facts.restart_interval else b""
    before_scans = unrestarted + (b"" if free else table)
    return [
        Edit(
            frame.start, frame.end, (table if free else b"") + _colour_frame(facts, slot, sampling)
        ),
        *_ycbcr_edits(facts),
        Edit(end, end, before_scans + chroma.scans + closing),
    ]


def _colour_frame(facts: JpegFacts, slot: int, sampling: Sampling) -> bytes:
    frame = facts.frame
    body = facts.payload(frame.segment)
    luma = frame.components[0]
    across, down = sampling
    components = [(luma.identifier, across << 4 | down, luma.table)]
    components += [(identifier, _ONE, slot) for identifier in chroma_ids(facts)]
    listed = b"".join(bytes(component) for component in components)
    return segment_bytes(frame.segment.marker, body[:5] + bytes((len(components),)) + listed)


def _chroma_slot(facts: JpegFacts) -> tuple[int, bool]:
    """A quantization slot for chroma, and whether the original never uses it."""
    used = {
        slot for segment in facts.with_marker(DQT) for slot, _ in tables_in(facts.payload(segment))
    }
    luma = facts.frame.components[0].table
    for slot in (1, 0, 2, 3):
        if slot not in used | {luma}:
            return slot, True
    return (1 if luma != 1 else 0), False


def _ycbcr_edits(facts: JpegFacts) -> list[Edit]:
    """Every Adobe segment says YCbCr; where neither it nor JFIF does, one is put in."""
    adobe = [adobe_transform_at(segment) for segment in adobe_segments(facts)]
    if not adobe and not any(s.end - s.body >= JFIF_BYTES for s in facts.app(0, JFIF)):
        position = metadata_end(facts)
        return [Edit(position, position, adobe_segment(_YCBCR))]
    return [Edit(at, at + 1, bytes((_YCBCR,))) for at in adobe if facts.jpeg[at] != _YCBCR]


def _end_of_scans(facts: JpegFacts) -> tuple[int, bytes]:
    """Where the chroma scans go, and what must follow them: EOI where the original lacks it."""
    if facts.end_of_image is None:
        return len(facts.jpeg), b"\xff\xd9"
    return facts.segments[-1].start, b""
