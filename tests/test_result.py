"""What is written: the splice where it can be, an ordinary file where not, and which is said."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom import Colorizer, InputError
from photochrom.color.difference import delta_e_2000
from photochrom.color.lab import rgb_to_lab
from photochrom.media.jpeg_restore import restore
from photochrom.media.provenance import read_provenance
from test_api import jpeg, landscape

TURNED_RIGHT = 6  # EXIF orientation: the stored rows are shown turned by 90°


@pytest.fixture(scope="module")
def colorizer() -> Colorizer:
    return Colorizer(threads=1)


def decoded(encoded: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(encoded)) as picture:
        return np.asarray(picture.convert("RGB"))


def luma(encoded: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(encoded)) as picture:
        picture.draft("YCbCr" if picture.mode == "RGB" else "L", picture.size)
        return np.asarray(picture)[..., 0] if picture.mode == "YCbCr" else np.asarray(picture)


def lab(rgb: np.ndarray) -> np.ndarray:
    return np.dstack(rgb_to_lab(rgb))


def turned(grey: np.ndarray) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = TURNED_RIGHT
    return jpeg(grey, exif=exif.tobytes())


def test_a_grey_jpeg_is_spliced_and_comes_back(colorizer: Colorizer) -> None:
    original = jpeg(landscape())
    encoded, saved = colorizer.colorize(original).encode()
    assert (saved.format, saved.way, saved.note) == ("JPEG", "splice", None)
    assert restore(encoded) == original
    assert np.array_equal(luma(encoded), luma(original))


def test_the_splice_and_the_lightness_way_agree(colorizer: Colorizer) -> None:
    photo = colorizer.colorize(jpeg(landscape(300, 400)))
    spliced = decoded(photo.encode()[0])
    assert delta_e_2000(lab(spliced), lab(photo.rgb)).mean() < 1.5


def test_a_turned_jpeg_is_painted_as_it_is_displayed(colorizer: Colorizer) -> None:
    stored = np.rot90(landscape()).copy()  # shown upright by its tag
    photo = colorizer.colorize(turned(stored))
    assert (photo.source.height, photo.source.width) == (90, 140)
    assert photo.rgb.shape == (90, 140, 3)
    spliced = photo.encode()[0]
    with Image.open(io.BytesIO(spliced)) as picture:
        assert picture.getexif()[0x0112] == TURNED_RIGHT
    shown = np.rot90(decoded(spliced), -1)
    assert delta_e_2000(lab(np.ascontiguousarray(shown)), lab(photo.rgb)).mean() < 1.5


@pytest.mark.parametrize("orientation", [1, TURNED_RIGHT])
def test_what_a_truncated_file_lacks_stays_grey(colorizer: Colorizer, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    whole = jpeg(landscape(320, 240), exif=exif.tobytes())
    photo = colorizer.colorize(whole[: len(whole) // 2], allow_truncated=True)
    shown = photo.rgb if orientation == 1 else np.rot90(photo.rgb)  # as stored
    spread = np.ptp(shown.astype(int), axis=2)
    assert spread[-40:].max() == 0
    assert spread[:80].mean() > 1
    saved = photo.encode()[1]
    assert saved.way == "ordinary"
    assert (saved.note or "").count("early") == 1


def test_real_colour_is_seen(colorizer: Colorizer) -> None:
    grey = landscape()
    rgb = np.dstack([grey, grey // 2, 255 - grey])
    rgb[:, 70:] = rgb[:, 70:, ::-1]
    assert colorizer.colorize(rgb).source_has_real_colour
    assert not colorizer.colorize(grey).source_has_real_colour
    assert not colorizer.colorize(np.dstack([grey] * 3)).source_has_real_colour


def test_a_thumbnail_is_coloured_too(colorizer: Colorizer) -> None:
    from photochrom.media.jpeg_exif import exif_thumbnail_of
    from photochrom.media.jpeg_metadata import jpeg_metadata
    from photochrom.media.jpeg_segments import parse_jpeg

    small = jpeg(landscape(45, 70))
    tiff = struct.pack(
        ">2sHL HL H HHLL HHLL L",
        *(b"MM", 42, 8),  # the header; an empty first directory, the second at 14
        *(0, 14, 2),
        *(0x0201, 4, 1, 44),  # where the thumbnail lies
        *(0x0202, 4, 1, len(small), 0),  # how long it is; no further directory
    )
    tiff += small
    original = jpeg(landscape(), exif=b"Exif\0\0" + tiff)
    encoded = colorizer.colorize(original).encode()[0]
    thumbnail = exif_thumbnail_of(jpeg_metadata(parse_jpeg(encoded)).exif or b"")
    assert thumbnail is not None
    assert np.ptp(decoded(thumbnail).astype(int), axis=2).mean() > 2
    assert restore(encoded) == original


def test_provenance_names_source_model_and_options(colorizer: Colorizer, tmp_path: Path) -> None:
    photo = colorizer.colorize(jpeg(landscape()), strength=0.7)
    for name in ("a.jpg", "a.png", "a.webp", "a.tif", "a.avif", "a.jp2"):
        photo.save(tmp_path / name, options="quality=80")
        assert read_provenance(tmp_path / name) == photo.provenance("quality=80")
    assert photo.provenance().strength == 0.7


def test_saving_replaces_what_is_there_but_never_the_source(
    colorizer: Colorizer, tmp_path: Path
) -> None:
    source = tmp_path / "photo.jpg"
    source.write_bytes(jpeg(landscape()))
    photo = colorizer.colorize(source)
    (tmp_path / "result.jpg").write_bytes(b"old")
    saved = photo.save(tmp_path / "result.jpg")
    assert saved.path == tmp_path / "result.jpg"
    assert restore(saved.path.read_bytes()) == source.read_bytes()
    assert saved.path.stat().st_mtime_ns == source.stat().st_mtime_ns
    with pytest.raises(InputError, match="original itself"):
        photo.save(source)
    assert source.read_bytes() == jpeg(landscape())


def test_a_source_given_opened_is_not_written_over_either(
    colorizer: Colorizer, tmp_path: Path
) -> None:
    path = tmp_path / "photo.png"
    Image.fromarray(landscape()).save(path)
    before = path.read_bytes()
    with Image.open(path) as opened, path.open("rb") as file:
        for source in (opened, file):
            with pytest.raises(InputError, match="original itself"):
                colorizer.colorize(source).save(path)
    assert path.read_bytes() == before


def test_a_wish_that_cannot_be_is_refused(colorizer: Colorizer, tmp_path: Path) -> None:
    photo = colorizer.colorize(landscape())
    with pytest.raises(InputError, match="splice, ordinary"):
        photo.encode(jpeg="magic")
    with pytest.raises(InputError, match="1 to 100"):
        photo.encode(format="JPEG", quality=0)
    with pytest.raises(InputError, match="bmp"):
        photo.save(tmp_path / "a.bmp")


def test_what_a_format_cannot_hold_is_said(colorizer: Colorizer) -> None:
    alpha = np.full((90, 140), 128, np.uint8)
    saved = colorizer.colorize(np.dstack([landscape(), alpha])).encode(format="JPEG")[1]
    assert saved.way == "pixels"
    assert "transparency" in (saved.note or "")
