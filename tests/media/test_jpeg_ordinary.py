"""Ordinary colour JPEGs: one interleaved baseline scan, with the source's tables and metadata."""

from __future__ import annotations

import io

import numpy as np
import pytest
from jpeg_changes import ADOBE, COMMENT, behind_app0, chain, grey_jpeg, scene, two_pictures
from jpeg_coloured import PACKET, small_colour
from jpeg_matrix import (
    EXIF,
    EXTENDED_XMP,
    PHOTOSHOP,
    STALE_RECORD,
    XMP,
    exif_with_thumbnail_inside,
    grey_profile,
    jfif_thumbnail,
    photoshop_resources,
    sixteen_bit_table,
    srgb_profile,
    without_app0,
)
from PIL import Image

from photochrom.errors import InputError
from photochrom.media.jpeg_exif import exif_thumbnail_of
from photochrom.media.jpeg_metadata import exif_segment, icc_segments, jpeg_metadata
from photochrom.media.jpeg_ordinary import ordinary
from photochrom.media.jpeg_restore import has_restore_record
from photochrom.media.jpeg_segments import JpegFacts, parse_jpeg
from photochrom.media.jpeg_tables import (
    STANDARD_CHROMA,
    STANDARD_LUMA,
    at_quality,
    quality_of,
    quantization_tables,
)

GREY = grey_jpeg(45, 59, quality=71)
RGB = np.dstack([scene(45, 59), scene(45, 59) // 2 + 60, 255 - scene(45, 59)])


def colour_jpeg(mode: str = "RGB", **options: object) -> bytes:
    written = io.BytesIO()
    Image.fromarray(RGB).convert(mode).save(written, "JPEG", **options)
    return written.getvalue()


def written(source: bytes | None, **options: object) -> JpegFacts:
    """The facts of the result, after its kind is checked."""
    facts = parse_jpeg(ordinary(RGB, source, **options))  # type: ignore[arg-type]
    assert (facts.frame.kind, facts.frame.precision, len(facts.scans)) == (0, 8, 1)
    assert len(facts.scans[0].components) == 3
    assert (facts.width, facts.height) == (59, 45)
    return facts


def luma_and_chroma_table(facts: JpegFacts) -> tuple[tuple[int, ...], tuple[int, ...]]:
    tables = quantization_tables(facts)
    return tables[facts.frame.components[0].table], tables[facts.frame.components[1].table]


def test_it_shows_the_picture() -> None:
    shown = np.asarray(Image.open(io.BytesIO(written(None, quality=95).jpeg)))
    assert np.abs(shown.astype(int) - RGB).mean() < 8  # 4:2:0 under pixel-sized noise
    smooth = np.broadcast_to(np.uint8([200, 90, 40]), (45, 59, 3))
    shown = np.asarray(Image.open(io.BytesIO(ordinary(smooth, None, quality=95))))
    assert np.abs(shown.astype(int) - smooth).max() <= 3


def test_a_grey_sources_luma_table_is_kept_and_chroma_is_of_its_quality() -> None:
    luma, chroma = luma_and_chroma_table(written(GREY))
    assert luma == quantization_tables(parse_jpeg(GREY))[0]
    assert chroma == at_quality(STANDARD_CHROMA, 71)


def test_a_table_of_16_bits_is_held_in_8() -> None:
    luma, _ = luma_and_chroma_table(written(sixteen_bit_table(GREY)))
    assert max(luma) == 255


def test_a_colour_sources_tables_are_both_kept() -> None:
    tables = [[7 + n % 5 for n in range(64)], [20 + n % 9 for n in range(64)]]
    assert luma_and_chroma_table(written(colour_jpeg(qtables=tables))) == tuple(map(tuple, tables))


def test_quality_overrides_the_sources_tables() -> None:
    expected = (at_quality(STANDARD_LUMA, 40), at_quality(STANDARD_CHROMA, 40))
    assert luma_and_chroma_table(written(GREY, quality=40)) == expected
    assert luma_and_chroma_table(written(None))[0] == at_quality(STANDARD_LUMA, 90)


@pytest.mark.parametrize("quality", range(1, 101))
def test_the_quality_of_a_standard_table_is_found(quality: int) -> None:
    found = quality_of(at_quality(STANDARD_LUMA, quality))
    assert at_quality(STANDARD_LUMA, found) == at_quality(STANDARD_LUMA, quality)


@pytest.mark.parametrize("quality", [1, 25, 49, 50, 75, 100])
def test_standard_tables_are_those_of_libjpeg(quality: int) -> None:
    tables = quantization_tables(parse_jpeg(colour_jpeg(quality=quality)))
    assert tables[0] == at_quality(STANDARD_LUMA, quality)
    assert tables[1] == at_quality(STANDARD_CHROMA, quality)


@pytest.mark.parametrize(
    ("subsampling", "luma"), [("4:4:4", (1, 1)), ("4:2:2", (2, 1)), ("4:2:0", (2, 2))]
)
def test_the_sources_sampling_is_kept(subsampling: str, luma: tuple[int, int]) -> None:
    assert written(colour_jpeg(subsampling=subsampling)).sampling == (luma, (1, 1), (1, 1))


def test_a_grey_source_gets_half_size_chroma_and_an_odd_one_full() -> None:
    assert written(GREY).sampling[0] == (2, 2)
    odd = bytearray(colour_jpeg(subsampling="4:2:2"))
    odd[parse_jpeg(bytes(odd)).frame.segment.body + 7] = 0x41
    assert written(bytes(odd)).sampling[0] == (1, 1)


def test_a_cmyk_source_gives_its_luma_table_and_sampling() -> None:
    source = colour_jpeg("CMYK", quality=66)
    facts = written(source)
    assert luma_and_chroma_table(facts)[0] == quantization_tables(parse_jpeg(source))[0]
    assert jpeg_metadata(facts).adobe_transform is None


def test_the_sources_metadata_is_kept_byte_for_byte() -> None:
    source = behind_app0(EXIF, XMP, EXTENDED_XMP, PHOTOSHOP, COMMENT)(GREY)
    kept, before = jpeg_metadata(written(source)), jpeg_metadata(parse_jpeg(source))
    assert kept == before


def test_new_blocks_replace_the_old_ones() -> None:
    source = behind_app0(EXIF, XMP, icc_segments(grey_profile()), PHOTOSHOP)(jfif_free(GREY))
    tiff = exif_with_thumbnail_inside(tail=b"turned upright")
    facts = written(
        source, xmp=PACKET, icc=srgb_profile(), exif=tiff, exif_thumbnail=small_colour()
    )
    metadata = jpeg_metadata(facts)
    assert (metadata.xmp, metadata.icc) == (PACKET, srgb_profile())
    assert metadata.exif is not None
    assert b"turned upright" in metadata.exif
    assert exif_thumbnail_of(metadata.exif) == small_colour()
    assert metadata.photoshop == photoshop_resources(small_colour())


def jfif_free(jpeg: bytes) -> bytes:
    """A file with twenty bytes of comment in JFIF's place, so that `behind_app0` still fits."""
    return jpeg[:2] + b"\xff\xfe\0\x10" + bytes(14) + without_app0(jpeg)[2:]


def test_empty_blocks_are_left_out() -> None:
    metadata = jpeg_metadata(written(behind_app0(EXIF, XMP)(GREY), xmp=b"", exif=b""))
    assert (metadata.xmp, metadata.exif) == (None, None)


def test_without_a_profile_there_is_none() -> None:
    source = behind_app0(icc_segments(grey_profile()))(GREY)
    assert jpeg_metadata(written(source)).icc is None


def test_what_belongs_to_the_old_coding_is_left_out() -> None:
    source = chain(two_pictures(), behind_app0(ADOBE[0], STALE_RECORD))(GREY)
    facts = written(source)
    assert not has_restore_record(facts.jpeg)
    assert not list(facts.app(2, b"MPF\0"))
    assert (jpeg_metadata(facts).adobe_transform, facts.trailing) == (None, b"")


def test_exif_with_and_without_its_head_is_the_same() -> None:
    tiff = exif_with_thumbnail_inside()
    assert exif_segment(tiff) == exif_segment(b"Exif\0\0" + tiff) == EXIF
    assert jpeg_metadata(written(None, exif=tiff)).exif == tiff


def test_jfifs_density_is_kept_and_its_thumbnail_left_out() -> None:
    source = jfif_thumbnail(grey_jpeg(45, 59, dpi=(300, 300)))
    image = Image.open(io.BytesIO(written(source, exif_thumbnail=small_colour()).jpeg))
    assert image.info["dpi"] == (300, 300)
    assert image.info["jfif_version"] == (1, 1)


def test_sides_that_no_jpeg_has_are_refused() -> None:
    with pytest.raises(InputError, match=r"65500 px a side.*66000 × 1.*PNG"):
        ordinary(np.zeros((1, 66_000, 3), np.uint8), None)


def test_a_picture_that_hardly_compresses_is_written_too(rng: np.random.Generator) -> None:
    noise = rng.integers(0, 2, (400, 400, 3), dtype=np.uint8) * np.uint8(255)
    finest = io.BytesIO()
    Image.fromarray(noise).save(finest, "JPEG", qtables=[[1] * 64] * 2, subsampling=0)
    shown = np.asarray(Image.open(io.BytesIO(ordinary(noise, finest.getvalue()))))
    assert np.abs(shown.astype(int) - noise).mean() < 2


def test_an_exif_block_that_does_not_fit_is_refused() -> None:
    with pytest.raises(InputError, match=r"EXIF block has 70006 bytes; a JPEG holds 65533"):
        ordinary(RGB, GREY, exif=bytes(70_000))
