"""Every file of the generated matrix: luma untouched, colour as meant, the original given back."""

from __future__ import annotations

from pathlib import Path

import jpeglib
import numpy as np
import pytest
from jpeg_changes import chroma
from jpeg_coloured import coloured_file, levels, ycbcr
from jpeg_matrix import MATRIX, grey_file

from photochrom.media.jpeg_restore import has_restore_record, restore

every_file = pytest.mark.parametrize("name", MATRIX)


def test_the_matrix_has_more_than_a_hundred_different_files() -> None:
    assert len(MATRIX) > 100
    assert len({grey_file(name) for name in MATRIX}) == len(MATRIX)


@every_file
def test_restore_gives_the_original_back_byte_for_byte(name: str) -> None:
    assert not has_restore_record(grey_file(name)) or "stale" in name
    assert has_restore_record(coloured_file(name))
    assert restore(coloured_file(name)) == grey_file(name)


@every_file
def test_pillow_decodes_the_same_luma(name: str) -> None:
    grey = levels(grey_file(name))
    assert grey.ndim == 2
    np.testing.assert_array_equal(ycbcr(coloured_file(name))[..., 0], grey)


@every_file
def test_pillow_decodes_the_colour_that_was_meant(name: str) -> None:
    shown = ycbcr(coloured_file(name)).astype(int)
    height, width = shown.shape[:2]
    meant = np.dstack([p.repeat(2, 0).repeat(2, 1)[:height, :width] for p in chroma(height, width)])
    assert np.abs(shown[..., 1:] - meant).mean() < 2


@every_file
def test_the_luma_coefficients_are_equal(name: str, tmp_path: Path) -> None:
    (tmp_path / "grey.jpg").write_bytes(grey_file(name))
    (tmp_path / "colour.jpg").write_bytes(coloured_file(name))
    grey = jpeglib.read_dct(str(tmp_path / "grey.jpg"))
    colour = jpeglib.read_dct(str(tmp_path / "colour.jpg"))
    np.testing.assert_array_equal(colour.Y, grey.Y)
    np.testing.assert_array_equal(colour.qt[colour.quant_tbl_no[0]], grey.qt[grey.quant_tbl_no[0]])
    assert colour.Cb is not None
