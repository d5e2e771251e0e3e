"""Results written in every format, with what their source said about itself."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from photo_files import (
    IPTC_RECORDS,
    OUTPUTS,
    XMP_PACKET,
    colour_picture,
    decoded,
    encoded,
    exif,
    grey_picture,
)
from PIL import Image

from photochrom.errors import InputError
from photochrom.media.exif import exif_orientation, exif_tags
from photochrom.media.icc import is_srgb
from photochrom.media.image_resources import resources_of_iptc
from photochrom.media.jpeg_exif import exif_thumbnail_of
from photochrom.media.photo import SourcePhoto, open_photo
from photochrom.media.pixels import upright
from photochrom.media.png_chunks import iptc_chunk, with_chunks
from photochrom.media.writing import (
    encode_photo,
    what_is_lost,
    write_encoded,
    write_photo,
)

MAKER = 271
EXIF_IFD, GPS_IFD = 34665, 34853
NO_IPTC = {"AVIF", "HEIF", "WEBP"}
NO_COMMENT = {"AVIF", "HEIF", "JPEG2000", "WEBP"}


def source_jpeg(orientation: int = 1) -> SourcePhoto:
    """A grey JPEG with every kind of metadata."""
    resources = b"Photoshop 3.0\0" + resources_of_iptc(IPTC_RECORDS)
    thumbnail = encoded(grey_picture(24, 32), "JPEG")
    return open_photo(
        encoded(
            grey_picture(),
            "JPEG",
            exif=exif(orientation, thumbnail=thumbnail),
            xmp=XMP_PACKET,
            comment=b"found in the attic",
            dpi=(240, 120),
            extra=b"\xff\xed" + (len(resources) + 2).to_bytes(2) + resources,
        )
    )


@pytest.mark.parametrize("with_alpha", [False, True])
@pytest.mark.parametrize("format_name", OUTPUTS)
def test_the_picture_comes_back(format_name: str, with_alpha: bool) -> None:
    alpha = np.full(grey_picture().shape, 128, np.uint8) if with_alpha else None
    rgb = colour_picture()
    content = encode_photo(rgb, alpha, source_jpeg(), format=format_name, quality=100)
    photo = open_photo(content)
    pixels = photo.pixels()
    assert photo.format == format_name
    assert pixels.rgb is not None
    if format_name in ("PNG", "TIFF", "JPEG2000"):
        np.testing.assert_array_equal(pixels.rgb, rgb)
    elif format_name != "JPEG" or not with_alpha:
        assert np.abs(pixels.rgb.astype(int) - rgb).mean() < 4
    if with_alpha and format_name != "JPEG":
        np.testing.assert_array_equal(pixels.alpha, alpha)


@pytest.mark.parametrize("format_name", OUTPUTS)
def test_metadata_of_a_jpeg_is_kept_as_far_as_the_format_holds_it(format_name: str) -> None:
    source = source_jpeg()
    kept = open_photo(encode_photo(colour_picture(), None, source, format=format_name)).metadata
    tags = exif_tags(kept.exif or b"")
    assert tags is not None
    assert b"Voigtlaender" in tags.main[MAKER].values
    assert tags.sub[EXIF_IFD][36867].values.startswith(b"1931:05:04")
    assert tags.sub[GPS_IFD].keys() == {1, 2, 3, 4}
    assert kept.xmp is not None
    assert b"Anna &amp; Otto" in kept.xmp
    assert kept.iptc == (None if format_name in NO_IPTC else IPTC_RECORDS)
    if format_name in ("JPEG", "PNG", "TIFF"):
        assert kept.dpi == pytest.approx((240, 120), abs=0.02)
    if format_name not in NO_COMMENT:
        assert b"found in the attic" in comments_of(kept)


def comments_of(metadata: Any) -> bytes:
    texts = [content for _, content in metadata.png_texts]
    tags = exif_tags(metadata.exif or b"")
    described = [tags.main[270].values] if tags and 270 in tags.main else []
    return b" ".join([*metadata.comments, *texts, *described])


@pytest.mark.parametrize("format_name", ["PNG", "TIFF", "WEBP", "AVIF", "HEIF", "JPEG2000"])
def test_metadata_goes_the_way_there_and_back_to_jpeg(format_name: str) -> None:
    there = open_photo(encode_photo(colour_picture(), None, source_jpeg(), format=format_name))
    back = open_photo(encode_photo(colour_picture(), None, there, format="JPEG")).metadata
    tags = exif_tags(back.exif or b"")
    assert tags is not None
    assert tags.sub[GPS_IFD][2].count == 3
    assert back.xmp is not None
    assert b"Anna &amp; Otto" in back.xmp
    assert back.iptc == (None if format_name in NO_IPTC else IPTC_RECORDS)


@pytest.mark.parametrize("format_name", OUTPUTS)
def test_the_profile_says_srgb(format_name: str) -> None:
    content = encode_photo(colour_picture(), None, source_jpeg(), format=format_name)
    profile = decoded(content).info.get("icc_profile")
    if format_name == "JPEG2000":  # which says so by a number
        assert b"colr\x01\0\0\0\0\0\x10" in content
    else:
        assert profile is not None
        assert is_srgb(profile)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format_name", OUTPUTS)
def test_a_turned_source_gives_an_upright_result(format_name: str, orientation: int) -> None:
    source = source_jpeg(orientation)
    rgb = upright(colour_picture(), orientation)
    photo = open_photo(encode_photo(rgb, None, source, format=format_name))
    assert photo.orientation == 1
    assert exif_orientation(photo.metadata.exif) == 1
    assert (photo.width, photo.height) == (rgb.shape[1], rgb.shape[0])
    tags = exif_tags(photo.metadata.exif or b"")
    assert tags is not None
    sizes = [tags.sub[EXIF_IFD][tag].number(tags.order) for tag in (40962, 40963)]
    assert sizes == [rgb.shape[1], rgb.shape[0]]


@pytest.mark.parametrize("format_name", ["AVIF", "HEIF", "JPEG", "PNG", "WEBP", "JPEG2000"])
def test_an_embedded_thumbnail_is_replaced_by_a_coloured_one(format_name: str) -> None:
    source = source_jpeg()
    content = encode_photo(colour_picture(), None, source, format=format_name)
    thumbnail = exif_thumbnail_of(open_photo(content).metadata.exif or b"")
    assert thumbnail is not None
    assert exif_thumbnail_of(source.metadata.exif or b"") not in content
    image = decoded(thumbnail)
    assert image.mode == "RGB"
    assert np.ptp(np.asarray(image).astype(int), axis=-1).max() > 50


def test_png_texts_are_kept_in_a_png() -> None:
    chunks = [
        (b"tEXt", b"Title\0Harbour"),
        (b"iTXt", b"Author\0\0\0de\0\0Otto M\xc3\xbcller"),
        iptc_chunk(IPTC_RECORDS),
    ]
    source = open_photo(with_chunks(encoded(grey_picture(), "PNG"), chunks))
    assert source.metadata.iptc == IPTC_RECORDS
    image = decoded(encode_photo(colour_picture(), None, source, format="PNG"))
    assert image.info["Title"] == "Harbour"
    assert image.info["Author"] == "Otto Müller"
    assert image.getexif() == {}


def test_what_a_format_cannot_hold_is_said() -> None:
    source = source_jpeg()
    assert what_is_lost(source, "PNG", has_alpha=True) == ()
    assert what_is_lost(source, "TIFF", has_alpha=True) == ()
    assert "transparency" in what_is_lost(source, "JPEG", has_alpha=True)[0]
    assert "IPTC" in " ".join(what_is_lost(source, "WEBP", has_alpha=False))
    assert "comments" in " ".join(what_is_lost(source, "JPEG2000", has_alpha=False))
    deep = open_photo(np.zeros((4, 4), np.uint16))
    assert "8 bits" in what_is_lost(deep, "JPEG", has_alpha=False)[0]


def test_metadata_that_has_no_room_in_a_jpeg_is_said() -> None:
    tags = Image.Exif()
    tags[MAKER] = "x" * 70_000
    png = encoded(grey_picture(), "PNG", exif=tags)
    lost = " ".join(what_is_lost(open_photo(png), "JPEG", has_alpha=False))
    assert "64 KB of EXIF" in lost
    assert what_is_lost(open_photo(png), "PNG", has_alpha=False) == ()


def test_sixteen_bits_become_eight_where_the_format_holds_no_more() -> None:
    deep = colour_picture().astype(np.uint16) * 257
    content = encode_photo(deep, None, open_photo(deep), format="WEBP", quality=100)
    assert np.abs(np.asarray(decoded(content)).astype(int) - colour_picture()).mean() < 4


def test_transparency_is_laid_on_white_in_a_jpeg() -> None:
    rgb, alpha = np.zeros((16, 16, 3), np.uint8), np.zeros((16, 16), np.uint8)
    alpha[8:] = 255
    shown = np.asarray(decoded(encode_photo(rgb, alpha, open_photo(rgb), format="JPEG")))
    assert shown[:6].min() > 250
    assert shown[10:].max() < 5


def test_a_lossless_webp_stays_lossless() -> None:
    lossless = open_photo(encoded(grey_picture(), "WEBP", lossless=True))
    content = encode_photo(colour_picture(), None, lossless, format="WEBP")
    np.testing.assert_array_equal(np.asarray(decoded(content)), colour_picture())
    lossy = open_photo(encoded(grey_picture(), "WEBP", lossless=False))
    assert len(encode_photo(colour_picture(), None, lossy, format="WEBP")) != len(content)
    chosen = encode_photo(colour_picture(), None, lossless, format="WEBP", quality=50)
    assert len(chosen) < len(content)


def test_quality_counts_for_lossy_formats() -> None:
    for format_name in ("AVIF", "HEIF", "JPEG", "WEBP"):
        rough, fine = (
            encode_photo(colour_picture(), None, source_jpeg(), format=format_name, quality=quality)
            for quality in (20, 98)
        )
        assert len(rough) < len(fine)
    with pytest.raises(InputError, match="from 1 to 100"):
        encode_photo(colour_picture(), None, source_jpeg(), format="JPEG", quality=0)


def test_a_picture_too_large_for_a_format_is_refused_in_words() -> None:
    wide = np.zeros((2, 17000, 3), np.uint8)
    with pytest.raises(InputError, match="17000×2 cannot be written as WEBP"):
        encode_photo(wide, None, open_photo(wide), format="WEBP")


def test_exif_that_is_too_long_for_a_jpeg_loses_its_longest_tags_only() -> None:
    tags = Image.Exif()
    tags[271], tags[65000] = "Leitz", b"x" * 70_000
    source = open_photo(encoded(grey_picture(), "PNG", exif=tags.tobytes()))
    kept = exif_tags(
        open_photo(encode_photo(colour_picture(), None, source, format="JPEG")).metadata.exif or b""
    )
    assert kept is not None
    assert kept.main.keys() == {271}


def test_the_modification_time_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "old.png"
    path.write_bytes(encoded(grey_picture(), "PNG"))
    os.utime(path, ns=(10**18, 10**18 + 5_000_000))
    result = tmp_path / "new.tif"
    write_photo(result, colour_picture(), None, open_photo(path))
    assert result.stat().st_mtime_ns == 10**18 + 5_000_000
    np.testing.assert_array_equal(np.asarray(decoded(result.read_bytes())), colour_picture())


def test_the_source_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "only.png"
    path.write_bytes(encoded(grey_picture(), "PNG"))
    before, source = path.read_bytes(), open_photo(path)
    (tmp_path / "link.png").symlink_to(path)
    for target in (path, tmp_path / "link.png", tmp_path / "x" / ".." / "only.png"):
        (tmp_path / "x").mkdir(exist_ok=True)
        with pytest.raises(InputError, match="the original itself"):
            write_photo(target, colour_picture(), None, source)
        with pytest.raises(InputError, match="the original itself"):
            write_encoded(target, b"", source)
    assert path.read_bytes() == before


def test_a_dpi_without_exif_is_kept_in_formats_that_have_only_exif_for_it() -> None:
    source = open_photo(encoded(grey_picture(), "BMP", dpi=(300, 300)))
    assert source.metadata.dpi == pytest.approx((300, 300), abs=0.1)
    image = Image.open(BytesIO(encode_photo(colour_picture(), None, source, format="WEBP")))
    assert float(image.getexif()[282]) == pytest.approx(300, abs=0.1)
