"""The index of a multi-picture file still finds its pictures after the splice."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jpeg_changes import behind_app0, chroma, grey_jpeg, mpf_index, two_pictures
from jpeg_coloured import PACKET
from jpeg_matrix import srgb_profile
from PIL import Image

from photochrom.media.jpeg_restore import restore
from photochrom.media.jpeg_segments import parse_jpeg
from photochrom.media.jpeg_splice import splice

GREY = grey_jpeg(45, 59)
OPTIONS = {"xmp": PACKET, "icc": srgb_profile()}


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_second_picture_is_found_and_the_first_one_has_its_size(order: str) -> None:
    coloured = splice(two_pictures(order)(GREY), *chroma(45, 59), **OPTIONS)  # type: ignore[arg-type]
    header = coloured.index(b"MPF\0") + 4
    _, size, offset, *_ = struct.unpack_from(order + "3I2H", coloured, header + 50)
    assert (size, offset) == (parse_jpeg(coloured).end_of_image + 2, 0)
    _, size, offset, *_ = struct.unpack_from(order + "3I2H", coloured, header + 66)
    assert coloured[header + offset :] == grey_jpeg(24, 32)
    assert size == len(grey_jpeg(24, 32))


@pytest.mark.parametrize("order", ["<", ">"])
def test_pillow_finds_both_pictures(order: str) -> None:
    coloured = splice(two_pictures(order)(GREY), *chroma(45, 59), **OPTIONS)  # type: ignore[arg-type]
    image = Image.open(io.BytesIO(coloured))
    assert (image.format, image.n_frames, image.size) == ("MPO", 2, (59, 45))
    image.seek(1)
    np.testing.assert_array_equal(image, Image.open(io.BytesIO(grey_jpeg(24, 32))))


@given(st.integers(4, 78), st.binary(min_size=1, max_size=8))
def test_a_damaged_index_is_kept_or_corrected_but_always_restored(at: int, junk: bytes) -> None:
    jpeg = two_pictures()(GREY)
    start = jpeg.index(b"MPF\0") + at
    damaged = jpeg[:start] + junk + jpeg[start + len(junk) :]
    assert restore(splice(damaged, *chroma(45, 59))) == damaged


def test_an_index_that_leads_out_of_the_file_is_left_alone() -> None:
    jpeg = bytearray(two_pictures()(GREY))
    header = jpeg.index(b"MPF\0") + 4
    jpeg[header + 54 : header + 58] = jpeg[header + 74 : header + 78] = b"\xff" * 4
    coloured = splice(bytes(jpeg), *chroma(45, 59))
    assert coloured[header + 54 : header + 58] == coloured[header + 74 : header + 78] == b"\xff" * 4
    assert restore(coloured) == jpeg


def test_an_index_of_nothing_is_left_alone() -> None:
    empty = behind_app0(mpf_index()[:40].ljust(len(mpf_index()), b"\0"))(GREY)
    assert restore(splice(empty, *chroma(45, 59))) == empty
