"""Metadata in PNG chunks, JPEG 2000 boxes, TIFF tags and Photoshop's resources."""

from __future__ import annotations

import zlib
from io import BytesIO

import numpy as np
import pytest
from photo_files import IPTC_RECORDS, XMP_PACKET, colour_picture, decoded, encoded, grey_picture
from PIL import Image

from photochrom.media import jp2_boxes, png_chunks, tiff_tags
from photochrom.media.exif import exif_tags
from photochrom.media.image_resources import iptc_of, resources_in, resources_of_iptc
from photochrom.media.photo import open_photo
from photochrom.media.tiff_ifd import Entry, first_directory

PNG = encoded(grey_picture(), "PNG")


def test_chunks_put_in_are_read_by_pillow() -> None:
    chunks = [
        png_chunks.xmp_chunk(XMP_PACKET),
        png_chunks.comment_chunk("Größe".encode()),
        png_chunks.density_chunk((300, 150)),
    ]
    image = decoded(png_chunks.with_chunks(PNG, chunks))
    assert image.info["xmp"] == XMP_PACKET
    assert image.info["Comment"] == "Größe"
    assert image.info["dpi"] == pytest.approx((300, 150), abs=0.02)
    np.testing.assert_array_equal(np.asarray(image), grey_picture())


def test_a_comment_in_another_encoding_is_taken_as_latin_1() -> None:
    chunk = png_chunks.comment_chunk("Größe".encode("latin-1"))
    assert png_chunks.text_of(chunk) == "Größe".encode()


@pytest.mark.parametrize("compressed", [False, True])
def test_text_chunks_of_every_kind_are_read(compressed: bool) -> None:
    text = zlib.compress(XMP_PACKET) if compressed else XMP_PACKET
    flag = b"\1\0" if compressed else b"\0\0"
    chunk = (b"iTXt", b"XML:com.adobe.xmp\0" + flag + b"\0\0" + text)
    assert png_chunks.xmp_in([chunk]) == XMP_PACKET
    assert open_photo(png_chunks.with_chunks(PNG, [chunk])).metadata.xmp == XMP_PACKET


@pytest.mark.parametrize("name", [b"iptc", b"xmp"])
def test_raw_profiles_as_imagemagick_writes_them_are_read(name: bytes) -> None:
    content = resources_of_iptc(IPTC_RECORDS) if name == b"iptc" else XMP_PACKET
    lines = b"\n" + name + b"\n%8d\n" % len(content) + content.hex().encode() + b"\n"
    chunk = (b"zTXt", b"Raw profile type " + name + b"\0\0" + zlib.compress(lines))
    metadata = open_photo(png_chunks.with_chunks(PNG, [chunk])).metadata
    assert (metadata.iptc if name == b"iptc" else metadata.xmp) == (
        IPTC_RECORDS if name == b"iptc" else XMP_PACKET
    )
    assert metadata.png_texts == ()


def test_damaged_text_chunks_hold_nothing() -> None:
    profile = b"Raw profile type iptc\0"
    assert png_chunks.raw_profile_in([(b"tEXt", profile + b"\niptc\n 2\nxyz")], b"iptc") is None
    assert png_chunks.text_of((b"zTXt", b"a\0\0not deflated")) == b""
    bomb = zlib.compress(bytes(png_chunks.MAX_INFLATED_BYTES + 1))
    assert png_chunks.text_of((b"zTXt", b"a\0\0" + bomb)) == b""
    assert png_chunks.xmp_in([(b"iTXt", b"XML:com.adobe.xmp\0")]) is None


def test_exif_behind_the_pixels_of_a_png_is_found() -> None:
    plain = encoded(grey_picture(), "PNG", exif=Image.Exif())
    block = b"II*\0\x08\0\0\0\1\0" + b"\x12\1\3\0\1\0\0\0\6\0\0\0" + bytes(4)
    end = plain.index(b"IEND") - 4
    chunk = len(block).to_bytes(4) + b"eXIf" + block + zlib.crc32(b"eXIf" + block).to_bytes(4)
    photo = open_photo(plain[:end] + chunk + plain[end:])
    assert photo.orientation == 6
    assert photo.pixels().grey.shape == (photo.height, photo.width)


def test_boxes_put_in_are_found_and_the_picture_stays() -> None:
    jp2 = encoded(colour_picture(), "JPEG2000")
    content = jp2_boxes.with_uuids(jp2, {jp2_boxes.XMP_UUID: XMP_PACKET})
    assert jp2_boxes.uuid_contents(content) == {jp2_boxes.XMP_UUID: XMP_PACKET}
    np.testing.assert_array_equal(np.asarray(decoded(content)), colour_picture())
    assert open_photo(content).metadata.xmp == XMP_PACKET


def test_lengths_of_boxes_are_not_trusted() -> None:
    assert jp2_boxes.uuid_contents(b"") == {}
    assert jp2_boxes.uuid_contents(b"\xff\x4f\xff\x51 a bare codestream") == {}
    long_box = (1).to_bytes(4) + b"uuid" + (16 + 16 + 3).to_bytes(8) + b"U" * 16 + b"abc"
    last_box = (0).to_bytes(4) + b"uuid" + b"V" * 16 + b"end"
    for broken in (b"\xff\xff\xff\xffuuid", b"\0\0\0\2uuid1234", b"\0\0\0\1uuid\0\0"):
        found = jp2_boxes.uuid_contents(jp2_boxes.SIGNATURE + long_box + broken)
        assert found == {b"U" * 16: b"abc"}
    assert jp2_boxes.uuid_contents(jp2_boxes.SIGNATURE + last_box) == {b"V" * 16: b"end"}


@pytest.mark.parametrize("big_endian", [False, True])
def test_tags_put_into_a_tiff_leave_the_picture(big_endian: bool) -> None:
    grey = grey_picture().astype(">u2" if big_endian else np.uint8)
    image = Image.frombytes("I;16B", grey.shape[::-1], grey.tobytes()) if big_endian else grey
    tiff = encoded(image, "TIFF", dpi=(72, 72))
    blocks = tiff_tags.block_entries(XMP_PACKET, IPTC_RECORDS, None)
    tagged = tiff_tags.with_tags(tiff, None, [*blocks, tiff_tags.text_entry(270, b"attic")])
    seen = decoded(tagged)
    np.testing.assert_array_equal(np.asarray(seen), grey)
    assert seen.tag_v2[700] == XMP_PACKET
    assert seen.tag_v2[270] == "attic"
    metadata = open_photo(tagged).metadata
    assert (metadata.xmp, metadata.iptc) == (XMP_PACKET, IPTC_RECORDS)
    assert metadata.dpi == (72, 72)


def test_tags_of_the_source_win_where_they_know_better() -> None:
    source = exif_tags(encoded(grey_picture(), "TIFF", dpi=(600, 600), description="known"))
    tagged = decoded(tiff_tags.with_tags(encoded(grey_picture(), "TIFF", dpi=(1, 1)), source, []))
    assert tagged.info["dpi"] == (600, 600)
    assert tagged.tag_v2[270] == "known"
    with pytest.raises(ValueError, match="no TIFF"):
        tiff_tags.with_tags(b"no tiff", None, [])


def test_pages_behind_the_first_stay() -> None:
    frames = [Image.fromarray(np.full((4, 4), level, np.uint8)) for level in (1, 2)]
    tiff = encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    tagged = tiff_tags.with_tags(tiff, None, tiff_tags.block_entries(XMP_PACKET, None, None))
    image = Image.open(BytesIO(tagged))
    image.seek(1)
    assert np.asarray(image)[0, 0] == 2


@pytest.mark.parametrize("order", ["little", "big"])
def test_iptc_declared_as_numbers_is_read(order: str) -> None:
    padded = IPTC_RECORDS + bytes(-len(IPTC_RECORDS) % 4)
    numbers = np.frombuffer(padded, "<u4" if order == "little" else ">u4")
    stored = Entry(33723, 4, numbers.astype("<u4").tobytes())
    tiff = tiff_tags.with_tags(encoded(grey_picture(), "TIFF"), None, [stored])
    assert open_photo(tiff).metadata.iptc == padded
    assert first_directory(tiff) is not None


def test_resources_hold_iptc_and_are_not_trusted() -> None:
    block = resources_of_iptc(IPTC_RECORDS)
    thumbnail = b"8BIM\x04\x0c\3abc" + (5).to_bytes(4) + b"12345\0"
    assert iptc_of(thumbnail + block) == IPTC_RECORDS
    assert iptc_of(IPTC_RECORDS) == IPTC_RECORDS
    assert iptc_of(None) is None
    assert iptc_of(b"8BIM\x04\x04\0\0\xff\xff\xff\xff" + IPTC_RECORDS) is None
    assert iptc_of(b"8BIM\x04") is None
    assert [number for number, _ in resources_in(thumbnail + block)] == [0x040C, 0x0404]


def test_iptc_in_the_resources_of_a_tiff_is_read() -> None:
    entry = Entry(34377, 7, resources_of_iptc(IPTC_RECORDS))
    tiff = tiff_tags.with_tags(encoded(grey_picture(), "TIFF"), None, [entry])
    assert open_photo(tiff).metadata.iptc == IPTC_RECORDS
