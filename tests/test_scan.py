"""Scans of any size, depth and number of pages, strip by strip."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from photochrom import Colorizer, InputError
from photochrom.color.lab import grey_to_lightness, rgb_to_lab
from photochrom.media.provenance import read_provenance

pytest.importorskip("tifffile")
pytest.importorskip("pyvips")
import tifffile

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
    again = tmp_path / "again.tif"
    assert run(target, again, colorizer).pages == 1


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
