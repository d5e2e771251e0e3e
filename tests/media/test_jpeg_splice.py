"""The header of a spliced file, trap by trap; test_jpeg_matrix proves that they all decode."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from jpeg_changes import (
    ADOBE,
    COMMENT,
    before_end,
    before_scan,
    behind_app0,
    chain,
    chroma,
    component_id,
    fill_bytes,
    frame_changed,
    grey_jpeg,
    in_front,
    scene,
    spare_tables,
    table_slot,
    trailing,
    without_app0,
)
from jpeg_coloured import PACKET, levels, ycbcr
from jpeg_matrix import (
    BIG_PROFILE,
    EXTENDED_XMP,
    STALE_RECORD,
    XMP,
    grey_file,
    grey_profile,
    srgb_profile,
)
from PIL import Image

from photochrom.errors import InputError
from photochrom.media.jpeg_metadata import icc_segments, jpeg_metadata
from photochrom.media.jpeg_record import RECORD_MARKER, find_record
from photochrom.media.jpeg_restore import restore
from photochrom.media.jpeg_segments import DQT, DRI, SOS, JpegFacts, parse_jpeg, segment_bytes
from photochrom.media.jpeg_splice import chroma_ids, splice, why_not_spliceable
from photochrom.media.jpeg_tables import quantization_tables, tables_in

GREY = grey_jpeg(45, 59)
PROGRESSIVE = grey_jpeg(45, 59, progressive=True)
PLANES = chroma(45, 59)


def spliced(jpeg: bytes, **options: object) -> JpegFacts:
    """The facts of the coloured file, after the promise is checked."""
    coloured = splice(jpeg, *PLANES, **options)  # type: ignore[arg-type]
    assert restore(coloured) == jpeg
    return parse_jpeg(coloured)


def test_the_luma_bytes_and_tables_are_the_originals() -> None:
    for jpeg in (GREY, PROGRESSIVE):
        before, after = parse_jpeg(jpeg), spliced(jpeg)
        start, end = before.frame.segment.end, before.end_of_image
        assert jpeg[start:end] in after.jpeg
        assert quantization_tables(after)[0] == quantization_tables(before)[0]


def test_the_frame_has_luma_twice_as_fine_as_chroma() -> None:
    facts = spliced(GREY)
    assert facts.sampling == ((2, 2), (1, 1), (1, 1))
    assert [component.identifier for component in facts.frame.components] == [1, 2, 3]
    assert (facts.width, facts.height) == (59, 45)
    assert [scan.components for scan in facts.scans] == [(1,), (2,), (3,)]


@pytest.mark.parametrize("luma", range(256))
def test_chroma_ids_are_free_and_never_those_of_rgb(luma: int) -> None:
    ids = chroma_ids(parse_jpeg(component_id(luma)(GREY)))
    assert len({luma, *ids}) == 3
    assert not set(ids) & set(b"RGB")


@pytest.mark.parametrize("transform", [0, 1, 2])
def test_an_adobe_segment_says_ycbcr(transform: int) -> None:
    facts = spliced(behind_app0(ADOBE[transform])(GREY))
    assert jpeg_metadata(facts).adobe_transform == 1


def test_every_adobe_segment_says_ycbcr_wherever_it_stands() -> None:
    facts = spliced(chain(behind_app0(ADOBE[0]), before_scan(0, ADOBE[2]))(GREY))
    assert [facts.payload(s)[11] for s in facts.app(14, b"Adobe")] == [1, 1]


def test_an_adobe_segment_is_put_in_only_where_jfif_is_missing() -> None:
    assert jpeg_metadata(spliced(GREY)).adobe_transform is None
    assert jpeg_metadata(spliced(without_app0(GREY))).adobe_transform == 1
    damaged = in_front(segment_bytes(0xEE, b"Adobe\0\x64"))(without_app0(GREY))
    assert jpeg_metadata(spliced(damaged)).adobe_transform == 1


def test_a_jfif_segment_that_is_too_short_says_nothing() -> None:
    short = in_front(segment_bytes(0xE0, b"JFIF\0\1\1"))(without_app0(GREY))
    assert jpeg_metadata(spliced(short)).adobe_transform == 1


def test_rgb_ids_without_jfif_are_still_ycbcr() -> None:
    grey = component_id(82)(without_app0(GREY))
    np.testing.assert_array_equal(ycbcr(splice(grey, *PLANES))[..., 0], levels(grey))


def test_a_free_quantization_slot_is_filled_in_front_of_the_frame() -> None:
    facts = spliced(spare_tables(1, 3)(GREY))
    assert [c.table for c in facts.frame.components] == [0, 2, 2]
    (table,) = [s for s in facts.with_marker(DQT) if facts.payload(s)[0] == 2]
    assert table.end == facts.frame.segment.start


@pytest.mark.parametrize(("luma", "chosen"), [(0, 1), (1, 0), (3, 1)])
def test_without_a_free_slot_one_that_is_not_lumas_is_refilled_late(luma: int, chosen: int) -> None:
    others = [slot for slot in range(4) if slot != luma]
    facts = spliced(chain(table_slot(luma), spare_tables(*others))(GREY))
    assert [c.table for c in facts.frame.components] == [luma, chosen, chosen]
    *_, last = facts.with_marker(DQT)
    assert next(tables_in(facts.payload(last)))[0] == chosen
    assert facts.scans[0].end <= last.start < facts.scans[1].segment.start


def test_a_slot_that_is_only_named_between_the_scans_is_not_free() -> None:
    late = before_scan(-1, segment_bytes(DQT, b"\1" + bytes(range(1, 65))))
    assert spliced(late(PROGRESSIVE)).frame.components[1].table == 2


def test_the_restart_interval_is_off_before_chroma_only_where_it_was_on() -> None:
    facts = spliced(grey_jpeg(45, 59, restart_marker_blocks=5))
    assert [facts.payload(s) for s in facts.with_marker(DRI)] == [b"\0\5", b"\0\0"]
    assert not list(spliced(GREY).with_marker(DRI))


def test_fill_bytes_and_comments_stay_where_they_are() -> None:
    grey = fill_bytes(chain(before_scan(-1, COMMENT), before_end(COMMENT))(PROGRESSIVE))
    facts = spliced(grey)
    assert jpeg_metadata(facts).comments == jpeg_metadata(parse_jpeg(grey)).comments
    assert facts.jpeg.endswith(b"\xff\xff\xff\xff\xd9")


def test_bytes_behind_the_end_stay_behind_it() -> None:
    assert spliced(trailing(b"motion photo")(GREY)).trailing == b"motion photo"


def test_a_missing_end_is_added_and_taken_out_again() -> None:
    facts = spliced(GREY[:-2])
    assert facts.end_of_image == len(facts.jpeg) - 2
    shown = cv2.imdecode(np.frombuffer(facts.jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    np.testing.assert_array_equal(shown, levels(GREY))


def test_a_profile_of_the_grey_file_never_stays() -> None:
    for old in (icc_segments(grey_profile()), BIG_PROFILE, icc_segments(srgb_profile())):
        assert jpeg_metadata(spliced(behind_app0(old)(GREY))).icc is None


@pytest.mark.parametrize("old", [b"", icc_segments(grey_profile()), BIG_PROFILE])
def test_the_new_profile_is_there_once_and_whole(old: bytes) -> None:
    large = srgb_profile().ljust(140_000, b"\0")
    facts = spliced(behind_app0(old)(GREY), icc=large)
    assert jpeg_metadata(facts).icc == large
    assert Image.open(io.BytesIO(facts.jpeg)).info["icc_profile"] == large


def test_the_new_xmp_packet_replaces_every_old_one() -> None:
    facts = spliced(behind_app0(XMP, EXTENDED_XMP, XMP)(GREY), xmp=PACKET)
    assert len(list(facts.app(1, b"http://ns.adobe.com/xap/1.0/\0"))) == 1
    assert jpeg_metadata(facts).xmp == PACKET
    assert len(jpeg_metadata(facts).extended_xmp) == 1


def test_without_a_new_packet_the_old_one_stays() -> None:
    assert jpeg_metadata(spliced(behind_app0(XMP)(GREY))).xmp == XMP[4 + 29 :]


def test_padding_that_does_not_fit_is_left_out_of_the_packet() -> None:
    packet = b"<x:xmpmeta/>" + b" " * 70_000 + b"<?xpacket end='w'?>"
    kept = jpeg_metadata(spliced(GREY, xmp=packet)).xmp
    assert kept == b"<x:xmpmeta/><?xpacket end='w'?>"


def test_a_packet_that_does_not_fit_at_all_is_refused() -> None:
    with pytest.raises(InputError, match=r"XMP packet has 70000 bytes; a JPEG holds 65502"):
        splice(GREY, *PLANES, xmp=b"x" * 70_000)


def test_a_stale_record_is_taken_along_and_given_back() -> None:
    facts = spliced(behind_app0(STALE_RECORD)(GREY))
    assert len(find_record(facts.jpeg)) == 1


def test_a_coloured_file_made_grey_again_can_be_coloured_again() -> None:
    again = grey_jpeg(45, 59)
    record = [s for s in spliced(GREY).segments if s.marker == RECORD_MARKER]
    stale = b"".join(spliced(GREY).jpeg[s.start : s.end] for s in record)
    assert spliced(behind_app0(stale)(again)).frame.components[1].identifier == 2


def test_an_incomplete_progressive_file_shows_the_same_luma() -> None:
    last = parse_jpeg(PROGRESSIVE).scans[2]
    coarse = PROGRESSIVE[: last.end] + b"\xff\xd9"
    np.testing.assert_array_equal(ycbcr(splice(coarse, *PLANES))[..., 0], levels(coarse))
    assert restore(splice(coarse, *PLANES)) == coarse


def test_quality_is_that_of_chroma_alone() -> None:
    small, large = (len(splice(GREY, *PLANES, quality=quality)) for quality in (5, 100))
    assert small < large
    with pytest.raises(ValueError, match="1…100, not 0"):
        splice(GREY, *PLANES, quality=0)


@pytest.mark.parametrize("shape", [(45, 59), (22, 30), (23, 29), (23, 30, 1)])
def test_planes_of_another_size_are_a_programming_mistake(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"uint8 \(23, 30\)"):
        splice(GREY, PLANES[0], np.zeros(shape, np.uint8))
    with pytest.raises(ValueError, match="float64"):
        splice(GREY, PLANES[0], PLANES[1].astype(float))


def colour_jpeg(**options: object) -> bytes:
    written = io.BytesIO()
    Image.fromarray(np.dstack([scene(45, 59)] * 3)).save(written, "JPEG", **options)
    return written.getvalue()


def second_luma_scan(jpeg: bytes) -> bytes:
    scan = parse_jpeg(jpeg).scans[0]
    return before_end(jpeg[scan.segment.start : scan.end])(jpeg)


def arithmetic(jpeg: bytes) -> bytes:
    at = parse_jpeg(jpeg).frame.segment.body - 3
    return jpeg[:at] + b"\xc9" + jpeg[at + 1 :]


@pytest.mark.parametrize(
    ("jpeg", "reason"),
    [
        (colour_jpeg(), "3 components"),
        (arithmetic(GREY), "arithmetic-coded"),
        (second_luma_scan(GREY), "2 scans of one component"),
        (frame_changed(lambda body: body.__setitem__(6, 9))(GREY), "does not have"),
        (before_end(segment_bytes(0xDC, b"\0\x2d"))(GREY), "DNL"),
        (PROGRESSIVE[: parse_jpeg(PROGRESSIVE).scans[2].end + 9], "cut off between two scans"),
    ],
)
def test_what_cannot_be_spliced_says_why(jpeg: bytes, reason: str) -> None:
    assert reason in str(why_not_spliceable(parse_jpeg(jpeg)))
    with pytest.raises(InputError, match=reason):
        splice(jpeg, *PLANES)


def test_what_can_be_spliced_has_no_reason() -> None:
    assert why_not_spliceable(parse_jpeg(GREY)) is None
    assert why_not_spliceable(parse_jpeg(grey_file("progressive-everything"))) is None


def test_chroma_scans_follow_the_kind_of_the_file() -> None:
    assert len(list(spliced(GREY).with_marker(SOS))) == 1 + 2
    assert len(list(spliced(PROGRESSIVE).with_marker(SOS))) == 6 + 2 * 6


@pytest.mark.parametrize("progressive", [False, True])
def test_chroma_that_hardly_compresses_is_written_too(
    progressive: bool, rng: np.random.Generator
) -> None:
    grey = grey_jpeg(600, 600, progressive=progressive)
    noise = rng.integers(0, 2, (2, 300, 300), dtype=np.uint8) * np.uint8(255)
    coloured = splice(grey, *noise, quality=100)
    assert restore(coloured) == grey
    np.testing.assert_array_equal(ycbcr(coloured)[..., 0], levels(grey))
