"""The restore record: what it holds, and what it refuses from strangers."""

from __future__ import annotations

import hashlib
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jpeg_changes import COMMENT, behind_app0, chroma, grey_jpeg, trailing
from jpeg_matrix import STALE_RECORD

from photochrom.errors import InputError
from photochrom.media import jpeg_record
from photochrom.media.jpeg_edits import Edit, apply_edits
from photochrom.media.jpeg_record import SIGNATURE, find_record, record_segments
from photochrom.media.jpeg_restore import has_restore_record, restore
from photochrom.media.jpeg_segments import APP0, parse_jpeg, segment_bytes
from photochrom.media.jpeg_splice import splice

GREY = grey_jpeg(40, 50)
COLOURED = splice(GREY, *chroma(40, 50))


def with_record(content: bytes, *, version: int = 1, number: int = 1, count: int = 1) -> bytes:
    """A grey file that claims to be restorable by this content, already packed."""
    place = struct.pack(">BHH", version, number, count)
    return behind_app0(segment_bytes(0xE9, SIGNATURE + place + content))(GREY)


def packed(steps: bytes, original: bytes = GREY) -> bytes:
    return zlib.compress(hashlib.sha256(original).digest() + steps)


def step(copied: int, passed: int, put_in: bytes = b"", claimed: int | None = None) -> bytes:
    length = len(put_in) if claimed is None else claimed
    return struct.pack(">QQQ", copied, passed, length) + put_in


def test_a_record_made_by_hand_as_documented_is_followed() -> None:
    assert restore(with_record(packed(step(len(GREY), 0)))) == GREY
    assert restore(with_record(packed(step(0, len(GREY), GREY)))) == GREY


@pytest.mark.parametrize("other", [b"", b"\xff\xd8", b"GIF89a", GREY, COMMENT, STALE_RECORD])
def test_only_files_with_a_record_have_one(other: bytes) -> None:
    assert not has_restore_record(other)
    assert has_restore_record(COLOURED)


def test_a_file_without_a_record_is_refused_in_words() -> None:
    with pytest.raises(InputError, match="holds no restore record"):
        restore(GREY)
    with pytest.raises(InputError, match="not a JPEG"):
        restore(b"hello")


@pytest.mark.parametrize(
    "edit",
    [
        behind_app0(COMMENT),
        trailing(b"\0"),
        lambda jpeg: jpeg[:-9] + jpeg[-2:],
        lambda jpeg: jpeg.replace(b"JFIF\0\1\1", b"JFIF\0\1\2"),
    ],
)
def test_a_file_edited_since_is_refused(edit: object) -> None:
    with pytest.raises(InputError, match=r"changed after|does not fit"):
        restore(edit(COLOURED))  # type: ignore[operator]


def test_luma_damaged_since_is_refused() -> None:
    at = parse_jpeg(COLOURED).scans[0].segment.end + 40
    with pytest.raises(InputError, match="changed after Photochrom coloured it"):
        restore(COLOURED[:at] + bytes((COLOURED[at] ^ 1,)) + COLOURED[at + 1 :])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (packed(step(len(GREY) + 1, 0)), "past the end"),
        (packed(step(len(GREY), 1)), "past the end"),
        (packed(step(2**64 - 1, 2**64 - 1)), "past the end"),
        (packed(step(0, len(GREY), b"abc", claimed=4)), "past the end"),
        (packed(step(0, len(GREY), b"", claimed=2**64 - 1)), "past the end"),
        (packed(step(len(GREY), 0)[:-1]), "last step is cut off"),
        (packed(step(5, 0)), "accounts for 5 of"),
        (packed(b""), "accounts for 0 of"),
        (packed(step(len(GREY), 0), original=b"another"), "changed after"),
        (packed(step(len(GREY), 0))[:-1], "cut off"),
        (packed(step(len(GREY), 0)) + b"\0", "too long"),
        (zlib.compress(b"short"), "too short"),
        (b"not zlib", "incorrect header"),
        (b"", "cut off"),
    ],
)
def test_hostile_records_are_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        restore(with_record(content))


def test_a_record_that_inflates_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jpeg_record, "MAX_RECORD_BYTES", 1 << 20)
    bomb = zlib.compress(bytes(40 << 20), 9)
    with pytest.raises(InputError, match="larger than any"):
        restore(with_record(bomb))


def test_a_record_too_large_to_read_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jpeg_record, "MAX_RECORD_BYTES", 100)
    with pytest.raises(InputError, match="--jpeg ordinary"):
        record_segments(bytes(500), [Edit(0, 200, b"")])


@pytest.mark.parametrize(("number", "count"), [(0, 1), (2, 1), (1, 2), (2, 2), (65_535, 65_535)])
def test_missing_and_shuffled_segments_are_refused(number: int, count: int) -> None:
    content = packed(step(len(GREY), 0))
    with pytest.raises(InputError, match="stands at place 1 of 1"):
        restore(with_record(content, number=number, count=count))


def test_a_newer_record_asks_for_a_newer_photochrom() -> None:
    with pytest.raises(InputError, match=r"version 2.*pip install --upgrade"):
        restore(with_record(packed(b""), version=2))


def test_a_record_cut_within_its_head_is_refused() -> None:
    with pytest.raises(InputError, match="too short"):
        restore(behind_app0(segment_bytes(APP0 + 9, SIGNATURE + b"\1\0"))(GREY))


def test_a_large_record_travels_in_numbered_segments() -> None:
    noise = b"".join(hashlib.sha256(bytes((n, m))).digest() for n in range(256) for m in range(24))
    original = GREY[:20] + segment_bytes(0xE5, noise[:65_000]) * 3 + GREY[20:]
    edits = [Edit(20 + 65_004 * n, 20 + 65_004 * (n + 1), b"") for n in range(2)]
    original = original.replace(noise[:65_000], noise[65_000:130_000], 1)
    record = record_segments(original, edits)
    edited = apply_edits(original, [*edits, Edit(20, 20, record)])
    assert len(find_record(edited)) == 2
    assert restore(edited) == original


@given(st.data())
@settings(max_examples=60)
def test_damage_anywhere_never_gives_a_wrong_original(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(COLOURED) - 1))
    junk = data.draw(st.binary(max_size=8))
    cut = data.draw(st.integers(0, 12))
    try:
        restored = restore(COLOURED[:at] + junk + COLOURED[at + cut :])
    except InputError:
        return
    assert restored == GREY


@given(
    st.binary(max_size=80),
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 9), st.binary(max_size=9)), max_size=6),
)
def test_edits_are_undone_whatever_they_are(original: bytes, wished: list[tuple]) -> None:
    edits, cursor = [], 0
    for start, length, new in sorted(wished):
        if start >= cursor and start + length <= len(original):
            edits.append(Edit(start, start + length, new))
            cursor = start + length
    jpeg = b"\xff\xd8\xff\xda\0\2" + original
    shifted = [Edit(edit.start + 6, edit.end + 6, edit.new) for edit in edits]
    edited = apply_edits(jpeg, shifted)
    record = record_segments(jpeg, shifted)
    assert restore(edited[:2] + record + edited[2:]) == jpeg


def test_edits_that_overlap_are_a_programming_mistake() -> None:
    with pytest.raises(ValueError, match="overlap at byte 3"):
        apply_edits(b"0123456789", [Edit(0, 4, b""), Edit(3, 5, b"")])
