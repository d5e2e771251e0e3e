"""Which scans are read, by what they are; which are refused, and in which words."""

from __future__ import annotations

import os

import numpy as np
import pytest
from PIL import Image

from photochrom import Colorizer, InputError

pytest.importorskip("tifffile")
pytest.importorskip("pyvips")
import tifffile

from photochrom.scan import colour_scan


@pytest.fixture(scope="module")
def colorizer():
    return Colorizer(threads=1)


def grey_page(seed=3, height=60, width=90):
    coarse = np.random.default_rng(seed).integers(40, 220, (4, 6)).astype(np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))


def colour_page():
    blocks = np.random.default_rng(2).integers(0, 256, (8, 12, 3)).astype(np.uint8)
    return np.kron(blocks, np.ones((16, 16, 1), np.uint8))


def sepia_page():
    return (grey_page()[..., None] * np.array([1.0, 0.86, 0.66])).astype(np.uint8)


def write_pages(path, pages, **options):
    with tifffile.TiffWriter(path, **options) as tiff:
        for page in pages:
            tiff.write(page, photometric="rgb" if page.ndim == 3 else "minisblack")
    return path


@pytest.mark.parametrize("bigtiff", [False, True])
@pytest.mark.parametrize("name", ["in.btf", "in.tf8", "in.scan", "in"])
def test_every_page_is_read_whatever_the_file_is_called(colorizer, tmp_path, name, bigtiff):
    pages = [grey_page(seed) for seed in range(3)]
    source = write_pages(tmp_path / name, pages, bigtiff=bigtiff)
    target = tmp_path / "out.tif"
    assert colour_scan(source, target, colorizer, threads=1).pages == 3
    for number, page in enumerate(pages):
        made = tifffile.imread(target, key=number).astype(float)
        assert np.abs(made @ [0.299, 0.587, 0.114] - page).mean() < 12
        others = [other for other in pages if other is not page]
        assert all(np.abs(made.mean(axis=2) - other).mean() > 20 for other in others)


def test_pictures_that_no_tiff_holds_are_not_lost_in_silence(colorizer, tmp_path):
    frames = [Image.fromarray(grey_page(seed)) for seed in range(2)]
    frames[0].save(tmp_path / "in.webp", save_all=True, append_images=frames[1:])
    with pytest.raises(InputError, match="holds 2 pictures"):
        colour_scan(tmp_path / "in.webp", tmp_path / "out.tif", colorizer)


def test_real_colour_is_painted_over_only_where_that_is_wished(colorizer, tmp_path):
    source = write_pages(tmp_path / "in.tif", [grey_page(), colour_page()])
    target = tmp_path / "out.tif"
    with pytest.raises(InputError, match=r"page 2 is left out: .*--recolor"):
        colour_scan(source, target, colorizer)
    assert not target.exists()
    assert colour_scan(source, target, colorizer, recolor=True).pages == 2


def test_toned_scans_hold_no_real_colour(colorizer, tmp_path):
    source = write_pages(tmp_path / "in.tif", [sepia_page()])
    assert colour_scan(source, tmp_path / "out.tif", colorizer).pages == 1


@pytest.mark.parametrize("recolor", [False, True])
def test_our_own_results_are_never_scans(colorizer, tmp_path, recolor):
    source = write_pages(tmp_path / "in.tif", [grey_page()])
    colour_scan(source, tmp_path / "out.tif", colorizer)
    with pytest.raises(InputError, match="coloured by Photochrom"):
        colour_scan(tmp_path / "out.tif", tmp_path / "again.tif", colorizer, recolor=recolor)


def test_twelve_bits_and_lab_are_refused_in_words(colorizer, tmp_path):
    deep = write_pages(tmp_path / "deep.tif", [grey_page().astype(np.uint16)])
    with tifffile.TiffFile(deep, mode="r+b") as tiff:
        tiff.pages[0].tags["BitsPerSample"].overwrite(12)
    tifffile.imwrite(tmp_path / "lab.tif", sepia_page(), photometric="cielab")
    for name, words in (
        ("deep.tif", r"page 1, holds 12 bits a channel.*TIFF of 16 bits"),
        ("lab.tif", r"page 1, is in CIELAB.*TIFF of grey or RGB"),
    ):
        with pytest.raises(InputError, match=words):
            colour_scan(tmp_path / name, tmp_path / "out.tif", colorizer)
    assert not (tmp_path / "out.tif").exists()


def test_a_scan_that_changes_while_it_is_read_leaves_no_result(colorizer, tmp_path):
    source = write_pages(tmp_path / "in.tif", [grey_page(height=600)])

    def touch(done, rows):
        os.utime(source, ns=(1, done))

    with pytest.raises(InputError, match="changed while it was read"):
        colour_scan(source, tmp_path / "out.tif", colorizer, on_rows=touch)
    assert [path.name for path in tmp_path.iterdir()] == ["in.tif"]


def test_the_command_repaints_with_its_option(tmp_path, capsys):
    from photochrom.cli.main import main

    source, target = write_pages(tmp_path / "in.tif", [colour_page()]), tmp_path / "out.tif"
    assert main(["scan", str(source), str(target)]) == 2
    assert "--recolor" in capsys.readouterr().err
    assert main(["scan", str(source), str(target), "--recolor"]) == 0
