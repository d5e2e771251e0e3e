"""Thumbnails: coloured in every place that has one, and nothing else moved."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jpeg_changes import behind_app0, chroma, grey_jpeg, without_app0
from jpeg_coloured import small_colour
from jpeg_matrix import (
    JFXX,
    PHOTOSHOP,
    exif_with_thumbnail_inside,
    jfif_thumbnail,
    photoshop_resources,
)
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from photochrom.media.jpeg_edits import apply_edits
from photochrom.media.jpeg_exif import exif_thumbnail_of, exif_with_thumbnail
from photochrom.media.jpeg_metadata import exif_segment, jpeg_metadata
from photochrom.media.jpeg_restore import restore
from photochrom.media.jpeg_segments import parse_jpeg, segment_bytes
from photochrom.media.jpeg_splice import splice
from photochrom.media.jpeg_thumbnails import has_thumbnails, thumbnail_edits

GREY = grey_jpeg(45, 59)
ROOM = 65_527


def thumbnail(length: int) -> bytes:
    """A colour thumbnail of a known length."""
    return small_colour().ljust(length, b"\0")


def coloured(jpeg: bytes, small: bytes | None = None) -> bytes:
    result = splice(jpeg, *chroma(45, 59), exif_thumbnail=small or small_colour())
    assert restore(result) == jpeg
    return result


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("tail", [b"", b"something behind it"])
@pytest.mark.parametrize("length", [700, 5_000])
def test_a_shorter_and_a_longer_thumbnail_fit_in(order: str, tail: bytes, length: int) -> None:
    tiff = exif_with_thumbnail_inside(order, tail)
    old = exif_thumbnail_of(tiff)
    assert old is not None
    assert old.startswith(b"\xff\xd8")
    new = exif_with_thumbnail(tiff, thumbnail(length), room_bytes=ROOM)
    assert exif_thumbnail_of(new) == thumbnail(length)
    assert tail in new
    assert new.count(b"maker note") == 1
    assert new.index(b"maker note") == tiff.index(b"maker note")
    assert old not in new


def test_pillow_reads_the_new_thumbnail_and_the_old_tags() -> None:
    jpeg = behind_app0(exif_segment(exif_with_thumbnail_inside()))(GREY)
    tiff = Image.open(io.BytesIO(coloured(jpeg))).info["exif"][6:]
    first, second = (ImageFileDirectory_v2(tiff[:8]) for _ in range(2))
    for directory, linked_from in ((first, first), (second, first)):
        file = io.BytesIO(tiff)
        file.seek(linked_from.next)
        directory.load(file)
    assert first[0x0112] == 6
    assert tiff[second[0x0201] :][: second[0x0202]] == small_colour()


def test_a_thumbnail_that_finds_no_room_is_unlinked() -> None:
    tiff = exif_with_thumbnail_inside(tail=bytes(60_000))
    new = exif_with_thumbnail(tiff, thumbnail(6_000), room_bytes=ROOM)
    assert len(new) == len(tiff)
    assert exif_thumbnail_of(new) is None
    assert exif_thumbnail_of(tiff) not in new


def test_an_uncompressed_thumbnail_is_unlinked() -> None:
    tiff = exif_with_thumbnail_inside().replace(
        struct.pack("<H", 0x0201), struct.pack("<H", 0x0111)
    )
    assert exif_thumbnail_of(tiff) is None
    new = exif_with_thumbnail(tiff, small_colour(), room_bytes=ROOM)
    assert len(new) == len(tiff)
    assert new[34:38] == bytes(4)


@pytest.mark.parametrize(
    "tiff",
    [
        b"",
        b"II*\0",
        b"II*\0\x08\0\0\0\0\0\0\0\0\0",
        b"II*\0\xff\xff\xff\xff",
        b"MM\0*\0\0\0\x08\xff\xff",
        b"not a tiff at all",
    ],
)
def test_blocks_without_a_thumbnail_stay_as_they_are(tiff: bytes) -> None:
    assert exif_thumbnail_of(tiff) is None
    assert exif_with_thumbnail(tiff, small_colour(), room_bytes=ROOM) == tiff


@given(st.integers(0, 140), st.binary(min_size=1, max_size=6))
def test_a_damaged_block_never_raises_or_grows_beyond_its_room(at: int, junk: bytes) -> None:
    tiff = exif_with_thumbnail_inside()
    damaged = tiff[:at] + junk + tiff[at + len(junk) :]
    assert len(exif_with_thumbnail(damaged, thumbnail(900), room_bytes=ROOM)) <= ROOM


def resources_of(jpeg: bytes) -> bytes:
    return jpeg_metadata(parse_jpeg(jpeg)).photoshop or b""


def test_photoshops_thumbnail_is_replaced_and_its_caption_kept() -> None:
    resources = resources_of(coloured(behind_app0(PHOTOSHOP)(GREY)))
    assert resources == photoshop_resources(small_colour())


def test_photoshop_4s_thumbnail_becomes_todays() -> None:
    old = photoshop_resources(grey_jpeg(24, 32), number=1033)
    jpeg = behind_app0(segment_bytes(0xED, b"Photoshop 3.0\0" + old))(GREY)
    assert resources_of(coloured(jpeg)) == photoshop_resources(small_colour())


def test_resources_over_two_segments_are_put_together() -> None:
    whole = b"8BIM\x04\x22\0\0" + struct.pack(">I", 65_000) + bytes(65_000)
    whole += photoshop_resources(grey_jpeg(24, 32))
    parts = [whole[:65_500], whole[65_500:]]
    jpeg = behind_app0(*[segment_bytes(0xED, b"Photoshop 3.0\0" + part) for part in parts])(GREY)
    assert resources_of(coloured(jpeg)).endswith(photoshop_resources(small_colour()))


@pytest.mark.parametrize("kept", [3, 7, 11, 14, 40, 300])
def test_resources_that_are_cut_off_stay_as_they_are(kept: int) -> None:
    cut = segment_bytes(0xED, b"Photoshop 3.0\0" + photoshop_resources(grey_jpeg(24, 32))[:kept])
    assert cut in coloured(behind_app0(cut)(GREY))


def test_jfifs_own_thumbnails_are_left_out() -> None:
    facts = parse_jpeg(coloured(jfif_thumbnail(behind_app0(JFXX)(GREY))))
    (jfif,) = facts.app(0, b"JF")
    assert facts.payload(jfif) == parse_jpeg(GREY).payload(parse_jpeg(GREY).segments[0])


@pytest.mark.parametrize(
    ("jpeg", "has"),
    [
        (GREY, False),
        (without_app0(GREY), False),
        (behind_app0(segment_bytes(0xED, b"Photoshop 3.0\0" + photoshop_resources()))(GREY), False),
        (behind_app0(PHOTOSHOP)(GREY), True),
        (behind_app0(exif_segment(exif_with_thumbnail_inside()))(GREY), True),
        (jfif_thumbnail(GREY), True),
        (behind_app0(JFXX)(GREY), True),
    ],
)
def test_it_is_known_whether_there_is_one(jpeg: bytes, has: bool) -> None:
    facts = parse_jpeg(jpeg)
    assert has_thumbnails(facts) is has
    edited = apply_edits(jpeg, thumbnail_edits(facts, small_colour()))
    assert (edited != jpeg) is has


def test_without_a_new_thumbnail_the_old_ones_stay() -> None:
    exif = exif_segment(exif_with_thumbnail_inside())
    jpeg = jfif_thumbnail(behind_app0(PHOTOSHOP, exif)(GREY))
    kept = splice(jpeg, *chroma(45, 59))
    for segment in parse_jpeg(jpeg).segments[:3]:
        assert jpeg[segment.start : segment.end] in kept
