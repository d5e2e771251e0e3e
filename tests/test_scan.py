"""Scans of any size, depth and number of pages, strip by strip."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from photochrom import Colorizer, InputError
from photochrom.color.lab import grey_to_lightness, rgb_to_lab
from photochrom.media.provenance import read_provenance

pytest.importorskip("tifffile")
pytest.importorskip("pyvips")
import tifffile

from photochrom.media.scan import read_scan
from photochrom.media.scan_writing import TILE_PX, halved
from photochrom.scan import colour_scan


@pytest.fixture(scope="module")
def colorizer():
    return Colorizer(threads=1)


def grey_page(height=300, width=410, *, dtype=np.uint16, seed=3):
    """A smooth page with an edge and grain."""
    generator = np.random.default_rng(seed)
    coarse = Image.fromarray(generator.integers(40, 220, (6, 8)).astype(np.float32))
    grey = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC)).copy()
    grey[height // 3 : height // 2, width // 4 : width // 2] = 210
    grey += generator.normal(0, 1, grey.shape)
    levels = np.clip(grey, 0, 255) * (257 if dtype == np.uint16 else 1)
    return levels.astype(dtype)


def run(source, target, colorizer, **options):
    return colour_scan(source, target, colorizer, threads=1, **options)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("layout", [{}, {"tile": (128, 128)}, {"compression": "lzw"}])
def test_depth_and_lightness_are_kept(colorizer, tmp_path, dtype, layout):
    source, target = tmp_path / "in.tif", tmp_path / "out.tif"
    grey = grey_page(dtype=dtype)
    tifffile.imwrite(source, grey, photometric="minisblack", **layout)
    outcome = run(source, target, colorizer)
    assert outcome.pages == 1
    made = tifffile.imread(target)
    assert (made.dtype, made.shape) == (dtype, (*grey.shape, 3))
    lightness, ab = rgb_to_lab(made)
    assert np.abs(lightness - grey_to_lightness(grey)).max() < (0.02 if dtype == np.uint16 else 0.7)
    assert np.abs(ab).max() > 2


def test_it_is_what_a_photo_of_the_same_pixels_becomes(colorizer, tmp_path):
    source, target = tmp_path / "in.tif", tmp_path / "out.tif"
    grey = grey_page(dtype=np.uint8)
    tifffile.imwrite(source, grey)
    run(source, target, colorizer)
    own, photo = (
        rgb_to_lab(rgb)[1] for rgb in (tifffile.imread(target), colorizer.colorize(grey).rgb)
    )
    assert np.abs(own - photo).mean() < 1.5


def test_every_page_is_coloured_each_in_its_size_and_depth(colorizer, tmp_path):
    source, target = tmp_path / "in.tif", tmp_path / "out.tif"
    pages = [
        grey_page(260, 300, seed=1),
        grey_page(100, 90, dtype=np.uint8, seed=2),
        np.repeat(grey_page(80, 120, dtype=np.uint8, seed=4)[..., None], 3, axis=2),
    ]
    with tifffile.TiffWriter(source) as tiff:
        for page in pages:
            tiff.write(page, photometric="rgb" if page.ndim == 3 else "minisblack")
    assert run(source, target, colorizer).pages == 3
    with tifffile.TiffFile(target) as tiff:
        assert len(tiff.pages) == 3
        for own, page in zip(tiff.pages, pages, strict=True):
            assert own.shape == (*page.shape[:2], 3)
            assert own.dtype == page.dtype


def test_alpha_orientation_resolution_and_metadata_are_kept(colorizer, tmp_path):
    source, target = tmp_path / "in.tif", tmp_path / "out.tif"
    grey = grey_page(90, 120)
    alpha = np.linspace(0, 65535, grey.size).reshape(grey.shape).astype(np.uint16)
    tifffile.imwrite(
        source,
        np.dstack([grey, grey, grey, alpha]),
        photometric="rgb",
        extrasamples=["unassalpha"],
        resolution=(600, 600),
        resolutionunit="INCH",
        extratags=[(274, 3, 1, 6, True)],
    )
    run(source, target, colorizer)
    with tifffile.TiffFile(target) as tiff:
        page = tiff.pages[0]
        assert page.tags[274].value == 6
        assert round(page.tags["XResolution"].value[0] / page.tags["XResolution"].value[1]) == 600
        assert np.array_equal(page.asarray()[..., 3], alpha)
    assert read_provenance(target).model == "flagship"


def test_a_pyramid_holds_ever_smaller_copies_and_is_read_as_one_page(colorizer, tmp_path):
    source, target = tmp_path / "in.tif", tmp_path / "out.tif"
    tifffile.imwrite(source, grey_page(701, 1301, dtype=np.uint8))
    run(source, target, colorizer, pyramid=True)
    with tifffile.TiffFile(target) as tiff:
        levels = tiff.series[0].levels
        assert [level.shape for level in levels] == [(701, 1301, 3), (351, 651, 3), (176, 326, 3)]
        assert tiff.pages[0].is_tiled
        whole, half = levels[0].asarray(), levels[1].asarray()
    assert np.array_equal(half, halved(whole))
    assert len(read_scan(target)) == 1


def test_sixteen_bit_pngs_are_read_too(colorizer, tmp_path):
    source, target = tmp_path / "in.png", tmp_path / "out.tif"
    grey = grey_page(120, 150)
    Image.fromarray(grey).save(source)
    run(source, target, colorizer)
    made = tifffile.imread(target)
    assert made.dtype == np.uint16
    assert np.abs(rgb_to_lab(made)[0] - grey_to_lightness(grey)).max() < 0.02


def test_a_big_one_is_written_as_bigtiff(colorizer, tmp_path, monkeypatch):
    source, target = tmp_path / "in.tif", tmp_path / "out.tif"
    tifffile.imwrite(source, grey_page(), bigtiff=True)
    monkeypatch.setattr("photochrom.scan.LARGEST_CLASSIC_BYTES", 1000)
    run(source, target, colorizer)
    with tifffile.TiffFile(target) as tiff:
        assert tiff.is_bigtiff


def test_what_cannot_be_is_refused_and_nothing_is_left(colorizer, tmp_path):
    source = tmp_path / "in.tif"
    tifffile.imwrite(source, grey_page(TILE_PX + 40, 300))

    def refused(words, source=source, target="out.tif", **options):
        with pytest.raises(InputError, match=words):
            run(source, tmp_path / target, colorizer, **options)

    refused("does not exist", source=tmp_path / "none.tif")
    refused("written as .tif", target="out.jpg")
    refused("the scan itself", target="in.tif")
    refused("folder", target="none/out.tif")
    refused("one of zlib", compression="jpeg")
    (tmp_path / "letter.tif").write_text("Dear Sir")
    refused("cannot be read", source=tmp_path / "letter.tif")
    floats = tmp_path / "floats.tif"
    tifffile.imwrite(floats, np.ones((20, 20), np.float32))
    refused("float pixels", source=floats)
    whole = source.read_bytes()
    (tmp_path / "short.tif").write_bytes(whole[: len(whole) // 2])
    refused("short.tif ends early", source=tmp_path / "short.tif")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "floats.tif", "in.tif", "letter.tif", "short.tif",
    ]  # fmt: skip


TEXTS = {269: "Box 7, no. 12", 270: "Two sisters", 271: "Voigtländer", 306: "1931:05:02 10:00:00"}
DETAILS = {0x9003: "1931:05:02 10:00:00", 0x829A: 0.02, 0x8827: 100}  # when, how long, which film
PLACE = {1: "N", 2: (47.0, 22.0, 0.0)}
IPTC = b"\x1c\x02\x78\x00\x0bTwo sisters\x00\x00"


def said_of(path, page=0):
    """Texts, EXIF, place and IPTC of a page, as Pillow reads them."""
    with Image.open(path) as image:
        image.seek(page)
        exif = image.getexif()
        details, place = exif.get_ifd(0x8769), exif.get_ifd(0x8825)
        main = {tag: exif.get(tag) for tag in TEXTS}
        return main, dict(details), dict(place), image.tag_v2.get(33723)


def write_saying(path, page):
    """A classic TIFF by Pillow that says all of it."""
    tags = ImageFileDirectory_v2()
    for tag, value in {**TEXTS, 0x8769: DETAILS, 0x8825: PLACE, 33723: IPTC}.items():
        tags[tag] = value
    Image.fromarray(page).save(path, tiffinfo=tags)


@pytest.mark.parametrize("bigtiff", [False, True])
def test_what_a_scan_says_of_itself_is_kept(colorizer, tmp_path, monkeypatch, bigtiff):
    if bigtiff:
        monkeypatch.setattr("photochrom.scan.LARGEST_CLASSIC_BYTES", 0)
    source, target = tmp_path / "in.tif", tmp_path / "out.tif"
    write_saying(source, grey_page(dtype=np.uint8))
    said = said_of(source)
    assert said[1] and said[2] and said[3]  # that is what this test is about
    run(source, target, colorizer, pyramid=True)
    with tifffile.TiffFile(target) as tiff:
        assert tiff.is_bigtiff == bigtiff
        assert tiff.pages[0].tags[270].value == "Two sisters"
        assert tiff.pages[0].tags["ExifTag"].value["ISOSpeedRatings"] == 100
        assert tiff.pages[0].tags["GPSTag"].value["GPSLatitudeRef"] == "N"
        assert bytes(tiff.pages[0].tags[33723].value).startswith(IPTC)
        assert len(tiff.series[0].levels) > 1 or tiff.pages[0].subifds is None
    assert tifffile.imread(target).shape == (300, 410, 3)
    assert said_of(target) == said
    assert read_provenance(target) is not None


def test_a_bigtiff_and_pages_that_say_nothing(colorizer, tmp_path):
    source, target = tmp_path / "in.tif", tmp_path / "out.tif"
    with tifffile.TiffWriter(source, bigtiff=True) as tiff:
        for title in ("first", None, "third"):
            tiff.write(grey_page(100, 90), description=title, metadata=None)
    run(source, target, colorizer)
    with tifffile.TiffFile(target) as tiff:
        titles = [page.tags[270].value if 270 in page.tags else None for page in tiff.pages]
    assert titles == ["first", None, "third"]
