"""EXIF blocks read, turned upright and carried over, however damaged; nothing is trusted."""

from __future__ import annotations

import struct
from io import BytesIO

import numpy as np
import pytest
from photo_files import HEIGHT, WIDTH, encoded, exif, grey_picture
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from photochrom.media.exif import (
    EXIF_IFD,
    GPS_IFD,
    ExifTags,
    exif_block,
    exif_of_tiff,
    exif_orientation,
    exif_tags,
    exif_with_resolution,
    in_order,
    upright_exif,
    within,
    without_orientation,
)
from photochrom.media.jpeg_exif import exif_thumbnail_of
from photochrom.media.tiff_ifd import Entry, Order, byte_order, directory, first_directory

THUMBNAIL = encoded(grey_picture(12, 16), "JPEG")
BLOCK = exif(6, thumbnail=THUMBNAIL)[6:]
ORDERS: tuple[Order, Order] = ("little", "big")


def as_pillow_reads(block: bytes) -> tuple[dict, dict, dict]:
    tags = Image.Exif()
    tags.load(b"Exif\0\0" + block)
    main = {tag: value for tag, value in tags.items() if tag not in (EXIF_IFD, GPS_IFD)}
    return main, tags.get_ifd(EXIF_IFD), tags.get_ifd(GPS_IFD)


@pytest.mark.parametrize("order", ORDERS)
def test_a_block_written_anew_says_the_same_in_either_byte_order(order: Order) -> None:
    tags = exif_tags(BLOCK)
    assert tags is not None
    written = exif_block(in_order(tags, order))
    assert byte_order(written) == order
    main, details, place = as_pillow_reads(written)
    main_before, details_before, place_before = as_pillow_reads(BLOCK)
    del main_before[274]
    assert (main, details, place) == (main_before, details_before, place_before)
    again = exif_tags(written)
    assert again is not None
    assert in_order(again, tags.order).main.keys() == tags.main.keys()


def test_every_type_of_value_changes_its_byte_order() -> None:
    values = {1: b"ab", 2: b"a\0", 3: b"\1\2\3\4", 4: b"\1\2\3\4", 5: bytes(range(8)), 7: b"abcd"}
    values |= {10: bytes(range(16)), 12: bytes(range(8)), 13: b"\1\2\3\4"}
    for kind, content in values.items():
        entry = Entry(1, kind, content)
        there = entry.in_order("little", "big")
        assert there.in_order("big", "little").values == content
        if kind in (1, 2, 7):
            assert there.values == content
    assert Entry(1, 5, bytes(range(8))).in_order("little", "big").values == bytes(
        (3, 2, 1, 0, 7, 6, 5, 4)
    )


def test_turning_upright_changes_numbers_only() -> None:
    turned = upright_exif(BLOCK, HEIGHT, WIDTH)
    assert exif_orientation(BLOCK) == 6
    assert exif_orientation(turned) == 1
    assert len(turned) == len(BLOCK)
    assert sum(a != b for a, b in zip(turned, BLOCK, strict=True)) == 3
    main, details, _ = as_pillow_reads(turned)
    assert main[271] == "Voigtlaender"
    assert (details[40962], details[40963]) == (HEIGHT, WIDTH)


def test_the_thumbnail_turns_upright_with_the_picture() -> None:
    main = struct.pack("<HHHLHHL", 1, 0x0112, 3, 1, 6, 0, 26)  # orientation 6, next at 26
    small = struct.pack("<HHHLHHL", 1, 0x0112, 3, 1, 6, 0, 0)
    turned = upright_exif(b"II*\0\x08\0\0\0" + main + small, 30, 40)
    assert turned[8 + 10] == 1
    assert turned[26 + 10] == 1


def test_the_orientation_is_taken_out_without_moving_anything_else() -> None:
    shorter = without_orientation(BLOCK)
    assert len(shorter) == len(BLOCK)
    assert exif_orientation(shorter) == 1
    main, details, place = as_pillow_reads(BLOCK)
    del main[274]
    assert as_pillow_reads(shorter) == (main, details, place)
    assert exif_thumbnail_of(shorter) == THUMBNAIL
    assert without_orientation(shorter) == shorter


def test_a_tiff_file_gives_an_exif_block_without_its_storage() -> None:
    tiff = encoded(grey_picture(), "TIFF", exif=exif(3), dpi=(200, 200))
    block = exif_of_tiff(tiff)
    assert block is not None
    main, details, place = as_pillow_reads(block)
    assert main.keys() == {271, 282, 283, 296, 315}
    assert details[33434] == pytest.approx(0.01)
    assert place[1] == "N"
    assert exif_of_tiff(encoded(grey_picture(), "TIFF")) is None


def test_a_block_that_is_too_long_loses_the_longest_first() -> None:
    main = {tag: Entry(tag, 7, bytes(size)) for tag, size in ((271, 100), (315, 3000), (700, 9))}
    block = exif_block(ExifTags("big", main))
    assert within(block, len(block)) == block
    shorter = within(block, 1000)
    assert shorter is not None
    tags = exif_tags(shorter)
    assert tags is not None
    assert 315 not in tags.main
    assert 271 in tags.main
    assert within(block, 5) is None
    assert within(b"damaged" * 10, 5) is None


def test_a_resolution_makes_a_block() -> None:
    main, _, _ = as_pillow_reads(exif_with_resolution((300, 72.5)))
    assert (float(main[282]), float(main[283]), main[296]) == (300, 72.5, 2)


@pytest.mark.parametrize("block", [b"", b"II*\0", b"MM\0*\0\0\0\x09", b"II+\0" + bytes(40), None])
def test_damage_says_nothing(block: bytes | None) -> None:
    assert exif_orientation(block) == 1
    if block is not None:
        assert exif_tags(block) is None
        assert exif_of_tiff(block) is None
        assert upright_exif(block, 3, 4) == block
        assert without_orientation(block) == block


def test_offsets_and_counts_are_not_trusted(rng: np.random.Generator) -> None:
    whole = np.frombuffer(BLOCK, np.uint8)
    for _ in range(400):
        changed = whole.copy()
        changed[rng.integers(0, 160, 4)] = rng.integers(0, 256, 4)
        block = changed.tobytes()[: rng.integers(8, len(whole) + 1)]
        assert 1 <= exif_orientation(block) <= 8
        assert len(upright_exif(block, 30, 40)) == len(block)
        assert len(without_orientation(block)) == len(block)
        tags = exif_tags(block)
        if tags is not None:
            assert exif_tags(exif_block(tags)) is not None


def test_a_directory_that_claims_too_much_is_none() -> None:
    block = b"II*\0\x08\0\0\0\xff\xff" + bytes(100)
    assert first_directory(block) is None
    assert directory(block, 5000, "little") is None
    assert directory(block, 2, "little") is None


def test_an_orientation_that_is_none_is_upright() -> None:
    for number in (0, 9, 200):
        assert exif_orientation(exif(number)[6:]) == 1


def test_pillow_finds_the_thumbnail_that_the_tests_make() -> None:
    main = first_directory(BLOCK)
    assert main is not None
    file = BytesIO(BLOCK)
    file.seek(main.next)
    tags = ImageFileDirectory_v2(BLOCK[:8])
    tags.load(file)
    assert BLOCK[tags[513] :][: tags[514]] == THUMBNAIL
