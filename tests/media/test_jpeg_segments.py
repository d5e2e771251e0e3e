"""The walk over a JPEG's markers: what it finds, and what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jpeg_changes import (
    COMMENT,
    before_end,
    before_scan,
    behind_app0,
    component_id,
    fill_bytes,
    frame_changed,
    grey_jpeg,
    sampling,
    trailing,
)

from photochrom.errors import InputError
from photochrom.media.jpeg_kinds import require_decodable
from photochrom.media.jpeg_segments import DHT, EOI, parse_jpeg, segment_bytes, walk

GREY = grey_jpeg(20, 30)
PROGRESSIVE = grey_jpeg(20, 30, progressive=True)


def as_kind(marker: int, jpeg: bytes = GREY) -> bytes:
    """The file with another SOFn marker."""
    at = parse_jpeg(jpeg).frame.segment.body - 3
    return jpeg[:at] + bytes((marker,)) + jpeg[at + 1 :]


def test_the_facts_of_a_baseline_file() -> None:
    facts = parse_jpeg(GREY)
    assert (facts.width, facts.height, facts.sampling) == (30, 20, ((1, 1),))
    assert facts.frame.kind == 0
    assert (facts.frame.precision, facts.restart_interval, facts.trailing) == (8, 0, b"")
    assert facts.end_of_image == len(GREY) - 2
    assert [scan.components for scan in facts.scans] == [(1,)]
    assert not facts.frame.progressive | facts.frame.arithmetic | facts.frame.lossless


def test_the_facts_of_a_progressive_file_with_restarts() -> None:
    facts = parse_jpeg(grey_jpeg(20, 30, progressive=True, restart_marker_rows=1))
    assert facts.frame.progressive
    assert facts.restart_interval == 4
    assert len(facts.scans) == 6


def test_ids_and_sampling_are_read_from_the_frame() -> None:
    facts = parse_jpeg(sampling(4, 1)(component_id(82)(GREY)))
    assert facts.sampling == ((4, 1),)
    assert facts.frame.components[0].identifier == 82


def test_segments_and_scans_cover_the_file_without_a_gap() -> None:
    jpeg = fill_bytes(before_scan(-1, COMMENT)(PROGRESSIVE))
    facts = parse_jpeg(jpeg)
    ends = {scan.segment: scan.end for scan in facts.scans}
    cursor = 2
    for segment in facts.segments:
        assert jpeg[cursor : segment.start].strip(b"\xff") == b""
        cursor = ends.get(segment, segment.end)
    assert cursor == len(jpeg)


def test_what_follows_the_end_is_not_looked_at() -> None:
    assert parse_jpeg(trailing(b"\xff\xc0\0\0")(GREY)).trailing == b"\xff\xc0\0\0"


def test_a_file_without_its_end_has_none() -> None:
    assert parse_jpeg(GREY[:-2]).end_of_image is None
    assert parse_jpeg(GREY[:-100]).end_of_image is None


def test_a_file_cut_within_a_later_table_keeps_its_first_scans() -> None:
    tables = [segment for segment in parse_jpeg(PROGRESSIVE).segments if segment.marker == DHT]
    facts = parse_jpeg(PROGRESSIVE[: tables[-1].body + 3])
    assert facts.end_of_image is None
    assert len(facts.scans) == 5


@pytest.mark.parametrize("jpeg", [b"", b"\xff", b"\x89PNG\r\n\x1a\n", b"dear diary"])
def test_something_else_is_named_by_its_first_bytes(jpeg: bytes) -> None:
    with pytest.raises(InputError, match="not a JPEG file: it starts with"):
        parse_jpeg(jpeg)


@pytest.mark.parametrize("kept", [2, 10, 25, 200])
def test_a_file_cut_before_its_first_scan_is_refused(kept: int) -> None:
    with pytest.raises(InputError, match="damaged at byte"):
        parse_jpeg(GREY[:kept])


@pytest.mark.parametrize(
    "extra",
    [
        b"\xff\xe5\0\0",
        b"\xff\xe5\0\1",
        b"\xff\xe5\xff\xff",
        b"\xff\xd8",
        b"\xff\x02\0\2",
        b"\xff\xda\0\2",
    ],
)
def test_segments_that_lie_are_refused(extra: bytes) -> None:
    with pytest.raises(InputError, match="damaged at byte"):
        parse_jpeg(GREY[:20] + extra + (b"" if extra[1] == 0xE5 else GREY[20:]))


@pytest.mark.parametrize(
    "body", [b"\x08\0\x10", b"\x08\0\x10\0\x10\0", b"\x08\0\x10\0\x10\x05\1\x11\0"]
)
def test_a_short_frame_header_is_refused(body: bytes) -> None:
    frame = parse_jpeg(GREY).frame.segment
    with pytest.raises(InputError, match="frame header is too short"):
        parse_jpeg(GREY[: frame.start] + segment_bytes(0xC0, body) + GREY[frame.end :])


def test_a_frame_of_no_width_is_refused() -> None:
    with pytest.raises(InputError, match="0 pixels wide"):
        parse_jpeg(frame_changed(lambda body: body.__setitem__(slice(3, 5), b"\0\0"))(GREY))


@pytest.mark.parametrize(
    ("marker", "named"),
    [
        (0xC3, "lossless.*djpeg"),
        (0xCB, "lossless.*djpeg"),
        (0xC5, "hierarchical.*thorfdbg"),
        (0xCE, "hierarchical.*thorfdbg"),
        (0xF7, "JPEG-LS.*thorfdbg"),
    ],
)
def test_kinds_that_nobody_reads_name_their_converter(marker: int, named: str) -> None:
    with pytest.raises(InputError, match=named):
        require_decodable(parse_jpeg(as_kind(marker)))


def test_twelve_bits_name_their_converter() -> None:
    with pytest.raises(InputError, match=r"12 bits.*djpeg of libjpeg-turbo 3"):
        require_decodable(parse_jpeg(frame_changed(lambda body: body.__setitem__(0, 12))(GREY)))


def test_a_height_told_later_names_its_converter() -> None:
    unknown = frame_changed(lambda body: body.__setitem__(slice(1, 3), b"\0\0"))(GREY)
    with pytest.raises(InputError, match=r"DNL.*thorfdbg"):
        require_decodable(parse_jpeg(before_end(segment_bytes(0xDC, b"\0\x14"))(unknown)))


def test_a_hierarchy_is_seen_by_its_dhp_segment() -> None:
    dhp = segment_bytes(0xDE, b"\x08\0\x14\0\x1e\1\1\x11\0")
    with pytest.raises(InputError, match="hierarchical"):
        require_decodable(parse_jpeg(behind_app0(dhp)(GREY)))


def test_two_frame_headers_are_damage() -> None:
    frame = parse_jpeg(GREY).frame.segment
    with pytest.raises(InputError, match="more than one frame"):
        require_decodable(parse_jpeg(before_scan(0, GREY[frame.start : frame.end])(GREY)))


@given(st.binary(max_size=60), st.integers(0, len(PROGRESSIVE)), st.integers(0, 60))
def test_any_damage_is_an_input_error_or_no_error(junk: bytes, at: int, cut: int) -> None:
    try:
        facts = parse_jpeg(PROGRESSIVE[:at] + junk + PROGRESSIVE[at + cut :])
    except InputError:
        return
    assert facts.scans[-1].end <= len(facts.jpeg)
    assert all(segment.start < segment.body <= segment.end for segment in facts.segments)


def test_markers_without_a_length_are_passed_over() -> None:
    facts = parse_jpeg(behind_app0(b"\xff\x01\xff\xd3")(GREY))
    assert [s.marker for s in facts.segments][1:3] == [0x01, 0xD3]
    assert facts.end_of_image == len(GREY) + 2


def test_the_walk_ends_with_the_end_marker() -> None:
    assert [segment.marker for segment in walk(GREY)][-1] == EOI


def test_a_segment_that_is_too_long_is_a_programming_mistake() -> None:
    with pytest.raises(ValueError, match="65533"):
        segment_bytes(0xE5, bytes(65_534))
